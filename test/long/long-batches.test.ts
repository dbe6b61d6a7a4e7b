import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { expect, it } from "vitest";
import { requestLines } from "../support/account.ts";
import { openFolder } from "../support/folder.ts";
import { deliver, eventBody, openRelay } from "../webhook/deliveries.ts";
import { batchTime, hour, minute, openRunners, type Runners } from "./runners.ts";

const page = readFileSync(resolve(import.meta.dirname, "../../docs/long-batches.md"), "utf8");
const requests = 25;

interface Journey {
  readonly runners: Runners;
  readonly input: string;
  readonly output: string;
}

/** A way from a request file to its results, over 24 hours. */
type Way = (journey: Journey) => Promise<void>;

const ways: Readonly<Record<string, { readonly go: Way; readonly holds: boolean }>> = {
  "Wait in job after job": { go: waitInJobs, holds: true },
  "Create, and collect on a schedule": { go: collectOnSchedule, holds: false },
  "Create, and wait behind a wait timer": { go: waitBehindTimer, holds: false },
  "Start again at the timeout": { go: startAgain, holds: true },
  Webhook: { go: collectWhenTold, holds: false },
};

async function waitInJobs({ runners, input, output }: Journey): Promise<void> {
  const waiting = { timeout: "5h30m", "on-timeout": "continue", "output-file": output };
  let outputs = await runners.job({ operation: "run", "input-file": input, ...waiting });
  while (outputs["done"] !== "true") {
    const id = outputs["batch-id"] ?? "";
    outputs = await runners.job({ operation: "wait", "batch-id": id, ...waiting });
  }
}

/** Every six hours, at a time of the day that has nothing to do with the batch. */
async function collectOnSchedule({ runners, input, output }: Journey): Promise<void> {
  const { clock, job } = runners;
  const { "batch-id": id = "" } = await job({ operation: "create", "input-file": input });
  const folder = dirname(output);
  const collect = async () => {
    const { "batch-id": collected } = await job({
      operation: "collect",
      "output-file": join(folder, "{batch-id}.jsonl"),
    });
    return collected === id;
  };
  let next = Math.ceil(clock.now() / (6 * hour)) * 6 * hour + 17 * minute;
  for (let done = false; !done; next += 6 * hour) {
    clock.advance(next - clock.now());
    done = await collect();
  }
  renameSync(join(folder, `${id}.jsonl`), output);
}

async function waitBehindTimer({ runners, input, output }: Journey): Promise<void> {
  const { clock, job } = runners;
  const { "batch-id": id = "" } = await job({ operation: "create", "input-file": input });
  clock.advance(24 * hour);
  await job({ operation: "wait", "batch-id": id, "output-file": output });
}

async function startAgain({ runners, input, output }: Journey): Promise<void> {
  const { github, job } = runners;
  const waiting = { "on-timeout": "dispatch", "output-file": output };
  let outputs = await job({ operation: "run", "input-file": input, ...waiting });
  while (outputs["done"] !== "true") {
    const id = github.dispatches.at(-1)?.inputs?.["batch-id"];
    if (typeof id !== "string") throw new Error("No run was started.");
    outputs = await job({ operation: "wait", "batch-id": id, ...waiting });
  }
  expect(github.dispatches).toHaveLength(4);
}

/** Deliveries come twice now and then. */
async function collectWhenTold({ runners, input, output }: Journey): Promise<void> {
  const { clock, job } = runners;
  await using relay = await openRelay({ clock });
  const { "batch-id": id = "" } = await job({ operation: "create", "input-file": input });
  clock.advance(batchTime);
  const timestamp = Math.floor(clock.now() / 1000);
  const sent = { id: "wh_1", timestamp, body: eventBody("batch.completed", { id }) };
  for (const answer of ["dispatched", "repeated"]) {
    expect(await (await relay.handle(deliver(sent))).text()).toBe(`${answer}\n`);
  }
  for (const { body } of relay.github.requests) {
    // As the handler sends it, which has tests of its own.
    const { client_payload: told } = JSON.parse(body) as { client_payload: { batch_id: string } };
    await job({ operation: "retrieve", "batch-id": told.batch_id, "output-file": output });
  }
}

/** What the page's table says of a way, in minutes. */
function rowOf(way: string): { readonly runner: number; readonly billed: number } | undefined {
  const row = page.split("\n").find((line) => line.startsWith(`| ${way} `));
  const [runner, billed] =
    row
      ?.split("|")
      .slice(2)
      .map((cell) => Number(cell.replace(",", ""))) ?? [];
  return runner === undefined || billed === undefined ? undefined : { runner, billed };
}

it.each(Object.entries(ways))(
  "%s: a batch of 24 hours comes to its end, paid once and written once, for the minutes that the page tells",
  async (name, { go, holds }) => {
    await using folder = await openFolder();
    await using runners = await openRunners();
    const input = folder.at("requests.jsonl");
    const output = folder.at("answers.jsonl");
    writeFileSync(input, requestLines(requests));
    await go({ runners, input, output });

    const { batches, calls } = runners.simulator;
    expect(batches).toMatchObject([{ status: "completed" }]);
    const [batch] = batches;
    expect((batch?.completed_at ?? 0) - (batch?.created_at ?? 0)).toBe(batchTime / 1000);
    expect(readFileSync(output, "utf8").trim().split("\n")).toHaveLength(requests);
    const times = (method: string, path: RegExp) =>
      calls.filter((call) => call.method === method && path.test(call.path)).length;
    expect(times("POST", /^\/v1\/batches$/)).toBe(1);
    expect(times("POST", /\/cancel$/)).toBe(0);
    expect(times("GET", new RegExp(`/files/${batch?.output_file_id}/content$`))).toBe(1);

    const held = runners.held() / minute;
    const told = rowOf(name);
    if (holds) {
      // When the end is seen depends on the interval's jitter.
      expect(Math.abs(held - (told?.runner ?? 0))).toBeLessThan(5);
      expect(Math.abs(runners.billed() - (told?.billed ?? 0))).toBeLessThan(5);
    } else {
      expect(held).toBeLessThanOrEqual(5);
      expect(told).toEqual({ runner: Math.ceil(held), billed: runners.billed() });
    }
  },
  // A held runner looks some 1,400 times.
  60_000,
);

it("a collector that goes on looking writes nothing a second time", async () => {
  await using folder = await openFolder();
  await using runners = await openRunners();
  const input = folder.at("requests.jsonl");
  writeFileSync(input, requestLines(requests));
  const { clock, job, simulator } = runners;
  const { "batch-id": id } = await job({ operation: "create", "input-file": input });
  const collected: (string | undefined)[] = [];
  for (let look = 0; look < 8; look += 1) {
    clock.advance(6 * hour);
    const outputs = await job({
      operation: "collect",
      "output-file": folder.at("{batch-id}.jsonl"),
    });
    collected.push(outputs["batch-id"]);
  }
  expect(collected.filter(Boolean)).toEqual([id]);
  const downloads = simulator.calls.filter(({ path }) => path.endsWith("/content"));
  expect(downloads).toHaveLength(1);
});

it("the page tells of no way that was not measured", () => {
  const rows = [...page.matchAll(/^\| (\w.*?) +\| +[\d,]+ \|/gm)];
  expect(rows.map(([, way]) => way)).toEqual(Object.keys(ways));
});
