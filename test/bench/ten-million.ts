import { BatchClient } from "../../src/api/client.ts";
import { runRound } from "../../src/batch/run/round.ts";
import { fractions } from "./fractions.ts";
import { virtualAccount } from "./virtual.ts";

/** A process of its own: 10,000,000 requests in 200 batches, to the end on virtual time. Prints what it took. */
const count = 200;
const requestsEach = 50_000;
const hour = 3_600_000;

const random = fractions(1);
const runTimes = Array.from({ length: count }, () => (1 + 23 * random()) * hour);
const account = virtualAccount((index) => runTimes[index] ?? hour, requestsEach);
const parts = runTimes.map((_, index) => ({
  key: `ten-million/${index + 1}of${count}`,
  input: { fileId: `file-${index}` },
  requests: requestsEach,
}));
const before = account.clock.now();
const started = performance.now();
const { known, end } = await runRound(new BatchClient(account.options), parts, {
  endpoint: "/v1/chat/completions",
  maxActive: Number(process.argv[2] ?? 0),
  before: [],
  random,
});
const requests = known.reduce((sum, one) => sum + (one?.batch.request_counts?.completed ?? 0), 0);
if (end !== "ended" || requests !== count * requestsEach)
  throw new Error(`Only ${requests} were done.`);
console.log(
  JSON.stringify({
    calls: account.calls(),
    hours: (account.clock.now() - before) / hour,
    seconds: (performance.now() - started) / 1_000,
    heap: process.memoryUsage().heapUsed / 1024 ** 2,
  }),
);
