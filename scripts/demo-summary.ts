import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { startSimulator } from "../src/simulator/index.ts";
import { startStep } from "../test/e2e/runner.ts";

const root = resolve(import.meta.dirname, "..");

/**
 * The summary of a run that shows everything: the example requests in three batches, one of which
 * the server finds fault with, and requests of the others that fail in several ways.
 */
export async function demoSummary(): Promise<string> {
  const simulator = await startSimulator({
    phases: { validating: 2_000, inProgress: 9_000, finalizing: 2_000, cancelling: 500 },
    outcome: { kind: "mixed", failedShare: 0.15 },
  });
  simulator.plan({
    kind: "failed",
    errors: [3, 17].map((line) => ({
      code: "model_not_found",
      message: "The model `gpt-5-mini` is not available in batches of this project.",
      param: "body.model",
      line,
    })),
  });
  const folder = mkdtempSync(join(tmpdir(), "demo-"));
  try {
    await using step = startStep({
      workspace: root,
      inputs: {
        operation: "run",
        "api-key": "sk-simulated",
        "base-url": simulator.url,
        "input-file": "examples/requests.jsonl",
        "max-requests-per-batch": "40",
        "output-file": join(folder, "answers.jsonl"),
        "error-file": join(folder, "errors.jsonl"),
        "poll-interval": "1s",
      },
    });
    const { summary } = await step.done;
    return summary.replaceAll(folder, "results");
  } finally {
    await simulator.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
