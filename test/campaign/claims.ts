import { existsSync, readFileSync } from "node:fs";

import type { BatchObject } from "../../src/simulator/types.ts";
import { namesInCache } from "./cache.ts";
import type { Process } from "./process.ts";
import type { World } from "./world.ts";

/** What can be said, and what has to be so when it is. */
interface Claim {
  readonly says: RegExp;
  /** Whether it is true, at the moment at which it is said. */
  readonly holds: (saying: Saying) => boolean;
}

interface Saying {
  readonly world: World;
  readonly process: Process;
  /** What the groups of the pattern caught. */
  readonly words: readonly string[];
  /** The batches that the sentence names. */
  readonly ids: readonly string[];
}

/** Milliseconds that what is known may be old: the longest pause between two looks, and calls that fail. */
const staleness = 15 * 60_000;

const ended = ["completed", "failed", "expired", "cancelled"];

/** Each sentence about what is or was done, and what it takes to be true. */
const claims: readonly Claim[] = [
  {
    // No sentence ends twice, as where a whole sentence has become a part of another.
    says: /[^.]\.\.(?!\.)/,
    holds: () => false,
  },
  {
    says: /^Created (batch_\d+)/,
    holds: ({ world, process, ids }) => ids.every((id) => isBy(world, process, id)),
  },
  {
    says: /^Found (batch_\d+).*, whose create had lost its answer/,
    holds: ({ world, process, ids }) => ids.every((id) => isBy(world, process, id)),
  },
  {
    says: /^Adopted batch_\d+, which is (\S+), instead of paying again/,
    holds: ({ world, process, ids: [id = ""], words: [, status = ""] }) =>
      !isBy(world, process, id) &&
      !wasEmptied(world, process, id) &&
      wasOnce(world.batch(id), status) &&
      isWorth(world, process, status),
  },
  {
    says: /^Uploaded .* as (file-\d+)\.|already uploaded as (file-\d+)\./,
    holds: ({ world, words }) =>
      words.slice(1).some((id) => world.server.core.files.some((file) => file.id === id)),
  },
  {
    says: /^(batch_\d+): (\w+)(?:,|$)/,
    holds: ({ world, words: [, id = "", status = ""] }) =>
      world.removed.has(id) || wasOnce(world.batch(id), status),
  },
  {
    says: /(?:batch_\d+(?:, )?)+ (?:was|were) cancelled, as `on-timeout` asks/,
    holds: ({ world, words: [text = ""] }) => idsIn(text).every((id) => world.cancelled.has(id)),
  },
  {
    says: /the step itself has cancelled/,
    holds: ({ world, ids }) => ids.every((id) => world.cancelled.has(id) || isOver(world, id)),
  },
  {
    says: /^Nothing to clean up: the step left no unfinished batch/,
    holds: ({ world, process }) =>
      world.created.every(({ id, process: by }) => !isMainOf(by, process) || isOver(world, id)),
  },
  {
    says: /(?:batch_\d+(?:, )?)+ (?:was|were) still running when last seen/,
    holds: ({ world, process, words: [text = ""] }) =>
      idsIn(text).every((id) => wasRunning(world, process, id)),
  },
  {
    says: /^Not cancelled, because/,
    // A call takes time: what is cancelled in the first moment of a process somebody else has cancelled.
    holds: ({ world, process, ids }) =>
      ids.every(
        (id) =>
          world.cancelledByOthers.has(id) || (world.cancelled.get(id) ?? 0) <= process.startedAt,
      ),
  },
  {
    says: /(\d+) requests? of the input (?:was|were) not sent/,
    // What was turned away for want of room waits to be sent again.
    holds: ({ world, process, words: [, count = ""] }) =>
      Number(count) <= unheld(world, process, (id) => mayHold(world, id)),
  },
  {
    says: /^Wrote (\d+) answers? to (.+)\.$/,
    holds: ({ words: [, count = "", path = ""] }) => linesOf(path).length === Number(count),
  },
  {
    says: /^Wrote (\d+) failed requests? to (.+)\.$/,
    holds: ({ words: [, count = "", path = ""] }) => linesOf(path).length === Number(count),
  },
  {
    says: /was started again on .*, to go on waiting for/,
    holds: ({ world, ids }) =>
      world.github.runs.some(({ batchIds }) => ids.every((id) => batchIds.includes(id))),
  },
  {
    says: /A batch with the idempotency key (\S+) may be there, .* Its requests were not sent again/,
    holds: ({ world, process, words: [, key = ""] }) =>
      world.created.every(
        (one) =>
          one.process !== process || world.batch(one.id)?.metadata?.["idempotency_key"] !== key,
      ),
  },
  {
    says: /^Recorded as collected, because/,
    holds: ({ world, process, ids }) =>
      ids.every(
        // What somebody has removed no later collect would bring either.
        (id) =>
          world.removed.has(id) || answersLacking(world, mainOf(world, process), id).length === 0,
      ),
  },
  {
    says: /^A create whose answer was lost had made (batch_\d+) as well/,
    holds: ({ world, process, ids }) => ids.every((id) => isBy(world, process, id)),
  },
  {
    says: /^The server gave (\d+) lines? from which no request of the input could be read/,
    holds: ({ world }) =>
      world.processes.some(({ plan }) => plan.faults.length > 0) ||
      ["nameless", "unreadable"].some((name) => hasFate(world, name)) ||
      world.schedule.rules.length > 0,
  },
  {
    says: /^The server gave (\d+) lines? for requests that had one already/,
    // Behind a list that lags two batches are made of the same requests, and later both are there.
    holds: ({ world, process }) => hasFate(world, "doubled") || sharesRequests(world, process),
  },
  {
    says: /^No batch had ended when last seen, so no results were written/,
    holds: ({ world, process }) =>
      idsIn(process.outputs["batch-id"] ?? "").every((id) => wasRunning(world, process, id)),
  },
];

/** The claims in a sentence that are not true. */
export function claimsAgainst(world: World, process: Process, text: string): readonly string[] {
  return claims.flatMap(({ says, holds }) => {
    const words = says.exec(text);
    if (words === null) return [];
    const saying = {
      world,
      process,
      // A group that caught nothing is undefined, whatever the type says.
      words: [...words].map((word: string | undefined) => word ?? ""),
      ids: idsIn(text),
    };
    return holds(saying) ? [] : [String(says)];
  });
}

export function idsIn(text: string): readonly string[] {
  return [...new Set(text.match(/batch_\d+/g) ?? [])];
}

export function linesOf(path: string): readonly string[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "");
}

/** The `custom_id`s of a file of results, line by line; of a line that cannot be read none. */
export function namesIn(path: string): readonly string[] {
  return linesOf(path).map((line) => {
    const whole = line.endsWith("}");
    return (whole && /"custom_id":\s*"(\w+)"/.exec(line)?.[1]) || "";
  });
}

/** Answers of a batch that are not in the files that a step has written. */
export function answersLacking(world: World, { outputs }: Process, id: string): readonly string[] {
  const paths = (outputs["output-file"] ?? "").split("\n");
  const written = new Set(paths.flatMap(namesIn));
  return [...(world.server.fates.get(id) ?? [])].flatMap(([request, fate]) =>
    (fate === "ok" || fate === "doubled") && !written.has(request) ? [`${request} of ${id}`] : [],
  );
}

/**
 * Whether a batch holds its requests; of one that was removed nobody can tell whether it had failed. One that
 * a lost create had made beside another holds none that anybody waits for: it is looked for and cancelled.
 */
function mayHold(world: World, id: string): boolean {
  const own = world.created.find((one) => one.id === id);
  const isExtra = world.created.some((one) => one.creationId === own?.creationId && one.id !== id);
  return !isExtra && (world.batch(id)?.status ?? "failed") !== "failed";
}

function isBy(world: World, process: Process, id: string): boolean {
  return world.created.some((one) => one.id === id && one.process === process);
}

/** Whether the results of a batch had been removed before a process began, and nothing kept it from seeing that. */
function wasEmptied(
  { removed, schedule }: World,
  { plan, startedAt }: Process,
  id: string,
): boolean {
  const sound = plan.faults.length === 0 && schedule.rules.every(({ on }) => on === "create");
  return sound && (removed.get(id) ?? Infinity) < startedAt;
}

/** What has ended early is of use only to who sends the rest again. */
function isWorth({ schedule }: World, { plan }: Process, status: string): boolean {
  const partial = Number(plan.inputs["retry-failed"] ?? 0) > 0;
  const { outcomes, enqueued } = schedule.server;
  if (status === "failed") return partial && (outcomes.includes("full") || enqueued !== undefined);
  return partial || !["expired", "cancelled", "cancelling"].includes(status);
}

/** Whether a process is the main step of a post step. */
function isMainOf(main: Process, post: Process): boolean {
  return post.plan.step === "post" && main.state === post.plan.state;
}

function mainOf(world: World, post: Process): Process {
  return world.processes.find((process) => isMainOf(process, post)) ?? post;
}

/** Whether a batch needs nobody any more. */
function isOver(world: World, id: string): boolean {
  const { status } = world.batch(id) ?? {};
  return status === undefined || status === "cancelling" || ended.includes(status);
}

/** Whether a batch ran when it was looked at. */
function wasRunning(world: World, { shown }: Process, id: string): boolean {
  return mayRun(world, id) || !ended.includes(shown.get(id) ?? "");
}

/** Whether a batch runs, or did until a moment ago. */
function mayRun(world: World, id: string): boolean {
  const batch = world.batch(id);
  // Whom the server makes wait for hours knows what it knew before.
  if (batch === undefined || hasHours(world)) return true;
  const { completed_at, failed_at, expired_at, cancelling_at, cancelled_at } = batch;
  const times = [completed_at, failed_at, expired_at, cancelling_at, cancelled_at];
  const first = Math.min(...times.flatMap((time) => (time === null ? [] : time * 1000)));
  return world.clock.now() - first <= staleness;
}

function hasHours({ schedule, processes }: World): boolean {
  const faults = [...processes.flatMap(({ plan }) => plan.faults), ...schedule.rules];
  return faults.some(
    (one) => one.fault === "429-hours" || one.fault === "404" || one.fault === "429-long",
  );
}

/** Whether a batch has, or once had, a status; other servers' words pass. */
function wasOnce(batch: BatchObject | undefined, status: string): boolean {
  if (batch === undefined || batch.status === status || status === "validating") return true;
  const reached: Readonly<Record<string, number | null>> = {
    in_progress: batch.in_progress_at,
    finalizing: batch.finalizing_at,
    completed: batch.completed_at,
    failed: batch.failed_at,
    expired: batch.expired_at,
    cancelling: batch.cancelling_at,
    cancelled: batch.cancelled_at,
  };
  return !(status in reached) || reached[status] !== null;
}

/** How many requests of the input the cache does not answer and no batch holds that this process has made or taken. */
export function unheld(
  world: World,
  process: Process,
  holds: (id: string) => boolean = () => true,
): number {
  const taken = idsIn(process.outputs["batch-id"] ?? "");
  const held = world.created.filter(
    (one) => (one.process === process || taken.includes(one.id)) && holds(one.id),
  );
  // What the cache has answered a batch that was taken may hold as well.
  const path = process.plan.inputs["cache-file"] ?? "";
  // What another job has added since may have been there when the cache was read.
  const added = world.schedule.beside === undefined ? [] : namesInCache(path);
  const isCached = Number(process.outputs["request-cached"] ?? 0) > 0;
  const cached = isCached ? [...process.cached, ...added] : [];
  return 5 - new Set([...cached, ...held.flatMap(({ requests }) => requests)]).size;
}

function sharesRequests({ created }: World, { outputs }: Process): boolean {
  const ids = idsIn(outputs["batch-id"] ?? "");
  const held = created.filter(({ id }) => ids.includes(id)).flatMap(({ requests }) => requests);
  return new Set(held).size < held.length;
}

function hasFate(world: World, name: string): boolean {
  return [...world.server.fates.values()].some((fates) =>
    [...fates.values()].some((fate) => fate === name),
  );
}
