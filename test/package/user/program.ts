import { readFile, writeFile } from "node:fs/promises";

import {
  BatchClient,
  collectResults,
  createBatch,
  fileSource,
  openCacheFile,
  readRows,
  renderRequests,
  runBatch,
  scanInput,
  waitForBatches,
} from "openai-batch-action";
import { startSimulator } from "openai-batch-action/simulator";

/**
 * What a user's program does, on whatever runtime it is started: `npm run check:runtimes`. It calls
 * the server that it is given, or a simulator on its own runtime.
 */
const [, , url] = process.argv;
const phases = { validating: 20, inProgress: 50, finalizing: 20 };
const simulator = url === undefined ? await startSimulator({ phases }) : undefined;
const client = new BatchClient({ apiKey: "sk-simulated", baseURL: url ?? simulator?.url });

const body = { model: "gpt-5-nano", messages: [{ role: "user", content: "Hello" }] };
const requests = Array.from({ length: 50 }, (_, index) =>
  JSON.stringify({ custom_id: `r${index}`, method: "POST", url: "/v1/chat/completions", body }),
);
await writeFile("requests.jsonl", requests.join("\n"));

const input = await scanInput("requests.jsonl");
const { batch } = await createBatch(client, {
  input: await fileSource("requests.jsonl"),
  endpoint: "/v1/chat/completions",
  idempotencyKey: crypto.randomUUID(),
});
const { batches, done } = await waitForBatches(client, [batch.id], { pollInterval: 10 });
const { counts } = await collectResults(client, batches, { outputFile: "answers.jsonl", input });
const answers = (await readFile("answers.jsonl", "utf8")).trimEnd().split("\n");

// A table and a prompt, asked twice: the second time the cache has all answers.
const rows = Array.from({ length: 20 }, (_, index) => `r${index},"Text, ${index}"`);
await writeFile("rows.csv", ["id,text", ...rows].join("\n"));
const content = `${crypto.randomUUID()}: {{text}}`;
const template = {
  url: "/v1/chat/completions",
  body: { model: "gpt-5-nano", messages: [{ role: "user", content }] },
};
const cached: number[] = [];
for (const answersFile of ["first.csv", "second.csv"]) {
  const result = await runBatch(client, {
    input: renderRequests(readRows("rows.csv"), template),
    cache: await openCacheFile("cache.jsonl"),
    answersFile,
    pollInterval: 10,
  });
  cached.push(result.cached);
}

process.stdout.write(JSON.stringify({ done, ...counts, answers: answers.length, cached }));
await simulator?.close();
