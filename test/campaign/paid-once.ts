import { keyName } from "../../src/batch/create/key.ts";
import { idsIn } from "./claims.ts";
import type { Process } from "./process.ts";
import type { FateName } from "./schedule.ts";
import type { Created, World } from "./world.ts";

/** Fates after which a request may be sent again: it was not run, or failed for a transient reason. */
const resendable: ReadonlySet<FateName | undefined> = new Set([
  "limited",
  "broken",
  "status-0",
  "never-ran",
]);
/** Milliseconds that a look for a lost batch takes. */
const shortestLook = 30_000;
/** Creates of one batch whose outcomes nobody knows. */
const maxTries = 2;
/** Milliseconds between the reading of the list and the create that follows it. */
const slack = 1_000;

/** Whether the newest batch pays again for what was paid for; asked at its creation. */
export function checkPaidOnce(world: World, id: string): readonly string[] {
  const second = world.created.find((create) => create.id === id);
  if (second === undefined) return [];
  const tries = world.created.filter(({ creationId }) => creationId === second.creationId);
  if (tries.length > maxTries)
    return [`${id} is of the create number ${tries.length} of one batch`];
  return world.created.flatMap((first) => {
    if (first === second) return [];
    const again = second.requests.filter(
      (request) => first.requests.includes(request) && isPaid(world, first, second, request),
    );
    if (again.length === 0 || isExcused(world, first, second)) return [];
    const { status = "removed" } = world.batch(first.id) ?? {};
    return [`${second.id} pays again for ${again.join(", ")} of ${first.id} (${status})`];
  });
}

/** Whether a request of a batch is paid for, or may yet be, as far as anybody can know. */
function isPaid(world: World, first: Created, second: Created, request: string): boolean {
  const batch = world.batch(first.id);
  if (batch === undefined || world.removed.has(first.id)) return false;
  if (!isEnded(batch.status)) return true;
  if (batch.status === "failed") return false;
  const { server } = world.schedule;
  const partial = Number(second.process.plan.inputs["retry-failed"] ?? 0) > 0;
  // Who does not send the rest again has no use for a part of the answers.
  if (!partial && batch.status !== "completed") return false;
  const fate = world.server.fates.get(first.id)?.get(request);
  // Of a server that does not count, a whole file without a line says that there was no answer.
  if (fate === "left-out" && server.counts !== "shown") return false;
  return fate !== undefined && !resendable.has(fate);
}

function isEnded(status: string | undefined): boolean {
  return status !== undefined && ["completed", "failed", "expired", "cancelled"].includes(status);
}

/**
 * Whether a batch is over that its create had made beside another one: nobody waits for it, and what it had
 * answered by then is the price of the answer that was lost. Every run goes on with the one that was kept,
 * or with what was made of its part after it had been turned away.
 */
function isExtra(world: World, { id, creationId, process }: Created): boolean {
  const kept = world.created.some(
    (one) =>
      one.creationId === creationId &&
      one.id !== id &&
      (isNamedBy(process, one.id) || world.batch(one.id)?.status === "failed"),
  );
  const over = world.cancelled.has(id) || isEnded(world.batch(id)?.status);
  return kept && over && !isNamedBy(process, id);
}

function keyOf(world: World, { id }: Created): string | undefined {
  return world.batch(id)?.metadata?.[keyName];
}

function isNamedBy({ outputs }: Process, id: string): boolean {
  return idsIn(outputs["batch-id"] ?? "").includes(id);
}

/**
 * Whether a create that was lost made another batch as well, and that is the one that is gone on with:
 * nothing but its answers, once both have ended, tells which of the two is worth more.
 */
function isTwin(world: World, first: Created, second: Created): boolean {
  const chosen = world.lists.get(second.process)?.first ?? second.at;
  return world.created.some((kept) => {
    if (kept === first || kept.creationId !== first.creationId) return false;
    if (!isNamedBy(second.process, kept.id)) return false;
    const haveEnded = Math.max(endOf(world, first), endOf(world, kept)) <= chosen;
    return !haveEnded || countOf(world, first) <= countOf(world, kept);
  });
}

/** How many answers a batch says that it has; without counts nobody knows. */
function countOf(world: World, { id }: Created): number {
  if (world.schedule.server.counts !== "shown") return 0;
  return world.batch(id)?.request_counts.completed ?? 0;
}

/**
 * Whether a list that lags or tells nothing has made two batches of the same work, and the one with more
 * answers was taken, as far as they had any when it was chosen: what the other one has besides is the price of it.
 */
function isRival(world: World, first: Created, second: Created): boolean {
  const { counts } = world.schedule.server;
  return world.created.some((kept) => {
    if (kept.process === first.process || !isNamedBy(second.process, kept.id)) return false;
    if (kept.requests.join() !== first.requests.join()) return false;
    const [older, newer] = first.at < kept.at ? [first, kept] : [kept, first];
    const looked = world.lists.get(newer.process)?.first ?? newer.at;
    const hidden =
      older.at + world.schedule.server.listLag > looked || isToldNothing(world, newer.process);
    const chosen = world.lists.get(second.process)?.first ?? second.at;
    if (counts !== "shown" || endOf(world, first) > chosen) return hidden;
    // The server's counts are all that tells them apart, and some count what has failed.
    return hidden && countOf(world, kept) >= countOf(world, first);
  });
}

/** When a batch ended, in milliseconds since the epoch; never for one that has not. */
function endOf(world: World, { id }: Created): number {
  const { completed_at, expired_at, cancelled_at } = world.batch(id) ?? {};
  const times = [completed_at, expired_at, cancelled_at];
  return Math.min(...times.map((time) => (typeof time === "number" ? time * 1000 : Infinity)));
}

/** Of a server that takes no cursor and says nothing of further pages nobody knows that it has them. */
function isCutUnseen({ schedule, processes }: World): boolean {
  const { after, pageSize } = schedule.server;
  const faults = [...schedule.rules, ...processes.flatMap(({ plan }) => plan.faults)];
  return (
    after === "ignored" && pageSize < 100 && faults.some((one) => one.fault === "page-without-more")
  );
}

/** Whether a server has said for seconds that it has no list, which a first try believes. */
function hasMissedList({ log }: Process): boolean {
  return log.some((line) => line.includes("the server has no list of batches"));
}

/** A first attempt with a key of its run takes a server that tells nothing at its word. */
function isToldNothing({ schedule }: World, process: Process): boolean {
  const { noList, metadata } = schedule.server;
  const isFirst = process.plan.attempt === 1 && !schedule.ownKey;
  return isFirst && (noList || metadata !== undefined || hasMissedList(process));
}

/** Whether nobody could have known of the first batch, or it was not wanted. */
function isExcused(world: World, first: Created, second: Created): boolean {
  const { schedule, lists } = world;
  const same = first.process === second.process;
  // Jobs of two workflows have the cache in common and nothing else: each pays for what it did not find there.
  if (first.process.plan.runId !== second.process.plan.runId && schedule.beside !== undefined) {
    return true;
  }
  if (!same && !schedule.reuseExisting) return true;
  if (first.creationId !== second.creationId) {
    if (isExtra(world, first) || isTwin(world, first, second)) return true;
  }
  if (isRival(world, first, second) || (!same && isCutUnseen(world))) return true;
  // Without the batch of a round nobody knows which of its requests the next one has; by its key it is found.
  if (!same && world.removed.size > 0 && keyOf(world, first) !== keyOf(world, second)) return true;
  if (!same && isToldNothing(world, second.process)) return true;
  const listed = lists.get(second.process);
  if (listed === undefined) return false;
  // By its first look a process decides whose work it goes on with.
  const seen = first.at + schedule.server.listLag <= (same ? listed.last : listed.first);
  return !seen && (!same || second.at - first.at >= shortestLook - slack);
}
