import { BatchClient } from "../../src/api/client.ts";
import { fly } from "../../src/batch/flight.ts";
import { fractions } from "./fractions.ts";
import { virtualAccount } from "./virtual.ts";

/** A process of its own: 10,000,000 requests in 200 batches, to the end on virtual time. Prints what it took. */
const parts = 200;
const requestsEach = 50_000;
const hour = 3_600_000;

const random = fractions(1);
const runTimes = Array.from({ length: parts }, () => (1 + 23 * random()) * hour);
const account = virtualAccount((index) => runTimes[index] ?? hour, requestsEach);
const loads = runTimes.map((_, index) => ({
  key: `ten-million/${index + 1}of${parts}`,
  input: { fileId: `file-${index}` },
}));
const before = account.clock.now();
const started = performance.now();
const { batches, done } = await fly(new BatchClient(account.options), loads, {
  endpoint: "/v1/chat/completions",
  maxActive: Number(process.argv[2] ?? 0),
  random,
});
const requests = batches.reduce((sum, batch) => sum + (batch?.request_counts?.completed ?? 0), 0);
if (!done || requests !== parts * requestsEach) throw new Error(`Only ${requests} were done.`);
console.log(
  JSON.stringify({
    calls: account.calls(),
    hours: (account.clock.now() - before) / hour,
    seconds: (performance.now() - started) / 1_000,
    heap: process.memoryUsage().heapUsed / 1024 ** 2,
  }),
);
