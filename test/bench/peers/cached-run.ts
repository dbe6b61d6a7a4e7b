import { BatchClient, openCacheFile, runBatch } from "../../../src/index.ts";
import { startSimulator } from "../../../src/simulator/index.ts";

const [input = "", file = "", outputFile = "", port = ""] = process.argv.slice(2);
const phases = { validating: 0, inProgress: 0, finalizing: 0 };
await using simulator = await startSimulator({ port: Number(port), phases });
const client = new BatchClient({ apiKey: "sk-bench", baseURL: simulator.url });
const started = performance.now();
const cache = await openCacheFile(file);
const { cached, done } = await runBatch(client, { input, outputFile, cache, pollInterval: 10 });
if (!done || cached === 0) throw new Error(`The cache has answered ${cached} requests.`);
console.log(performance.now() - started);
