import { resolve } from "node:path";
import { BatchClient, runBatch, terminalProgress } from "../src/index.ts";
import { startSimulator } from "../src/simulator/index.ts";

/** The library alone: what `npm start` does through the action, as a program of your own would. */
const root = resolve(import.meta.dirname, "..");
const simulator = await startSimulator({
  phases: { validating: 2_000, inProgress: 20_000, finalizing: 2_000, cancelling: 500 },
  outcome: { kind: "mixed", failedShare: 0.05 },
});
console.log(`A simulated Batch API listens on ${simulator.url}. Nothing leaves this machine.\n`);

const client = new BatchClient({ apiKey: "sk-simulated", baseURL: simulator.url });
const progress = terminalProgress({ stream: process.stdout });
try {
  const { results } = await runBatch(client, {
    input: resolve(root, "examples/requests.jsonl"),
    outputFile: resolve(root, ".demo/library-results.jsonl"),
    errorFile: resolve(root, ".demo/library-errors.jsonl"),
    pollInterval: 500,
    onEvent: progress.onEvent,
  });
  progress.end();
  console.log(`\n${results?.counts.completed ?? 0} answers: ${results?.outputFile ?? "none"}`);
  console.log(`${results?.counts.failed ?? 0} failed:   ${results?.errorFile ?? "none"}`);
} finally {
  progress.end();
  await simulator.close();
}
