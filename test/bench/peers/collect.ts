import { BatchClient, collectResults, scanInput } from "../../../src/index.ts";

/** What `run` does once a batch has ended; prints the milliseconds without the scan before. */
const [baseURL, id = "", input = "", outputFile = "", errorFile = ""] = process.argv.slice(2);
const scan = await scanInput(input);
const started = performance.now();
const client = new BatchClient({ apiKey: "sk-bench", baseURL });
const batch = await client.batches.retrieve(id);
const { counts } = await collectResults(client, [batch], { input: scan, outputFile, errorFile });
if (counts.completed !== scan.requests) throw new Error(`Only ${counts.completed} were collected.`);
console.log(performance.now() - started);
