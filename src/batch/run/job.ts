import type { BatchClient } from "../../api/client.ts";
import { APIError } from "../../api/errors.ts";
import type { Batch } from "../../api/types.ts";
import { keyName } from "../create/key.ts";
import { openBudget } from "../cost/budget.ts";
import type { InputScan } from "../input.ts";
import type { KnownBatch } from "../knowledge.ts";
import { ownKeyOptions } from "../parts.ts";
import { isOfSystem } from "../results/disk-error.ts";
import { type Collection, openCollection } from "../results.ts";
import {
  decideDone,
  decideRetryRound,
  isTakenInPart,
  isTurnedAway,
  wasCancelledMeanwhile,
  worthOf,
} from "../rules.ts";
import type { RunBatchOptions, RunBatchResult } from "../run.ts";
import { type InputPart, splitInput } from "../split.ts";
import { isTerminal } from "../status.ts";
import { type CachedInput, openCachedInput } from "./cached-input.ts";
import { cancelAtTimeout } from "./cancel-at-timeout.ts";
import { type EarlierBatches, findEarlierBatches, noEarlierBatches } from "./earlier-batches.ts";
import { sizesOf } from "./part-sizes.ts";
import { nextRound, type PlanOptions, planRound, type RoundPlan } from "./plan.ts";
import { type RoundResult, runRound } from "./round.ts";

/** A run on its way: its rounds, and what has come of them so far. */
export interface Job {
  run(): Promise<void>;
  /** Writes what there is, once. */
  result(): Promise<RunBatchResult>;
  close(): Promise<void>;
}

/** What a job knows, growing with every round. */
interface JobLedger {
  readonly known: KnownBatch[];
  readonly parts: Map<string, InputPart>;
  readonly superseded: Set<string>;
  readonly cancelled: Set<string>;
  readonly failures: Error[];
  cached: number;
  unsent: number;
  unknown: number;
  timedOut: boolean;
  complete: boolean;
}

/** Milliseconds that results may take beyond the timeout: they were paid for. */
const timeToCollect = 10 * 60_000;

export function openJob(client: BatchClient, scan: InputScan, options: RunBatchOptions): Job {
  const { retryFailed = 0, timeout } = options;
  const cached = openCachedInput(client, scan, options);
  const deadline = timeout === undefined ? undefined : client.clock.now() + timeout;
  const { signal, temporaryFolder, onEvent, answersFile, rejectAnswers, prices } = options;
  const collection = openCollection(client, {
    input: scan,
    deadline: deadline === undefined ? undefined : deadline + timeToCollect,
    ...{ signal, temporaryFolder, onEvent, answersFile, rejectAnswers, prices },
    keeperOf: (batch) => cached?.keeperOf(ledger.known.find((one) => one.batch.id === batch.id)),
  });
  const ledger = newLedger();
  const run = {
    client,
    scan,
    options,
    deadline,
    collection,
    cached,
    ledger,
    collects: asksForLines(options) || cached !== undefined || retryFailed > 0,
  };
  return {
    run: async () => runRounds(run),
    async result() {
      const batches = ledger.known.map(({ batch }) => batch);
      const unread = run.collects ? collection.nothingRead() : undefined;
      if (unread !== undefined) ledger.failures.push(unread);
      const { parts, superseded, cancelled, timedOut, unsent, unknown, failures } = ledger;
      return {
        batches,
        parts,
        superseded,
        done:
          decideDone({ ...ledger, batches, complete: ledger.complete && unsent + unknown === 0 })
            .decision === "done",
        timedOut,
        reused: ledger.known.some(({ provenance }) => provenance === "adopted"),
        results:
          run.collects && unread === undefined && (batches.some(isTerminal) || ledger.cached > 0)
            ? await collection.write(options)
            : undefined,
        cached: ledger.cached,
        unsent,
        unknown,
        cancelled,
        failures,
      };
    },
    close: async () => collection.close(),
  };
}

function newLedger(): JobLedger {
  return {
    known: [],
    parts: new Map(),
    superseded: new Set(),
    cancelled: new Set(),
    failures: [],
    cached: 0,
    unsent: 0,
    unknown: 0,
    timedOut: false,
    complete: false,
  };
}

/** Whether anything is asked for that only the result lines have. */
function asksForLines({ outputFile, errorFile, answersFile, rejectAnswers }: RunBatchOptions) {
  const files = [outputFile, errorFile, answersFile];
  return files.some((file) => file !== undefined) || (rejectAnswers ?? []).length > 0;
}

interface Run {
  readonly client: BatchClient;
  readonly scan: InputScan;
  readonly options: RunBatchOptions;
  readonly deadline: number | undefined;
  readonly collection: Collection;
  /** `undefined` without a cache. */
  readonly cached: CachedInput | undefined;
  readonly ledger: JobLedger;
  readonly collects: boolean;
}

async function runRounds(run: Run): Promise<void> {
  const { client, scan, options, collection, ledger } = run;
  const { retryFailed = 0, onEvent } = options;
  const only = await takeCached(run);
  // What the cache has costs nothing.
  const budget = await openBudget(client, scan, options, only);
  const earlier = await findEarlier(run, only).catch((error: unknown) => {
    if (ledger.cached === 0 || !(error instanceof APIError)) throw error;
    sendNothing(run, only, error);
    return undefined;
  });
  if (earlier === undefined) return;
  let result = await oneRound(run, { round: 0, wanted: only, earlier });
  let rounds = retryFailed;
  for (let round = 1; retryFailed > 0 && isComplete(result); round += 1) {
    const known = result.known.filter((one) => one !== undefined);
    // A round of an earlier run that ended early is taken for its answers, and is none of this run's.
    if (known.some(isTakenInPart)) rounds += 1;
    const again = collection.resendable();
    // Rounds of an earlier run are none of this one's either.
    const ahead = nextRound(round, again, earlier);
    rounds += ahead - round;
    round = ahead;
    const cancelled = known.find(wasCancelledMeanwhile)?.batch;
    const next = decideRetryRound({ round, rounds, resendable: again.length, cancelled });
    if (next.decision === "end") {
      if (again.length > 0) {
        onEvent?.({ type: "no-retry-round", requests: again.length, why: next.why });
      }
      return;
    }
    const cost = await budget?.allows(again, collection.spent());
    if (cost?.decision === "end") {
      onEvent?.({ type: "over-budget", requests: again.length, why: cost.why });
      return;
    }
    onEvent?.({ type: "retry-round", round, requests: again.length });
    try {
      result = await oneRound(run, { round, wanted: again, earlier });
    } catch (error) {
      // The answers that there are were paid for, also where the input cannot be read any more.
      if (!(error instanceof APIError) && !isOfSystem(error)) throw error;
      ledger.failures.push(error);
      ledger.complete = false;
      return;
    }
  }
}

/** The numbers of the requests that are to be sent; `undefined` for all of them. */
async function takeCached(run: Run): Promise<readonly number[] | undefined> {
  const { cached, collection, ledger } = run;
  if (cached === undefined) return undefined;
  ledger.cached = await cached.take(collection);
  return ledger.cached === 0 ? undefined : collection.uncached();
}

/** The round of an input that the cache has answered as a whole. */
const nothingToSend: RoundResult = {
  order: [],
  known: [],
  unknown: new Set(),
  due: new Set(),
  end: "ended",
  lost: new Map(),
  failure: undefined,
};

function isComplete({ end, failure, lost }: RoundResult): boolean {
  return end === "ended" && failure === undefined && lost.size === 0;
}

/** It is not known what is there already: what the cache has not answered is not sent. */
function sendNothing(
  { scan, options, collection, ledger }: Run,
  only: readonly number[] | undefined,
  error: APIError,
): void {
  ledger.failures.push(error);
  const parts = splitInput(scan, options.limits, only);
  ledger.unsent = requestsIn(parts);
  for (const part of parts) collection.unsent(part, error.message);
}

/** With a cache the same work may have been divided in another way before. */
async function findEarlier(
  { client, scan, options, cached, deadline }: Run,
  only: readonly number[] | undefined,
): Promise<EarlierBatches> {
  if (cached === undefined || only?.length === 0) return noEarlierBatches;
  const { signal, maxRetries } = options;
  const missing = only ?? Array.from({ length: scan.requests }, (_, request) => request);
  return findEarlierBatches(client, scan, { options, missing, signal, deadline, maxRetries });
}

async function oneRound(run: Run, planned: PlanOptions): Promise<RoundResult> {
  const { client, scan, options, deadline, ledger } = run;
  const { round, earlier } = planned;
  const plan = planRound(scan, options, planned);
  const { parts: all, toCreate, halve } = plan;
  const endpoint = options.endpoint ?? scan.endpoint ?? "";
  const result =
    all.length === 0
      ? nothingToSend
      : await runRound(client, toCreate, {
          ...options,
          ...ownKeyOptions(scan.hash, endpoint, options),
          endpoint,
          deadline,
          partial: (options.retryFailed ?? 0) > 0,
          round,
          listed: round === 0 ? earlier.listed : undefined,
          settled: new Set([...earlier.settled, ...ledger.known.map(({ batch }) => batch.id)]),
          taken: keysOf(ledger.known),
          sizes: sizesOf(scan, all, { endpoint, signal: options.signal }),
          halve,
          maxActive: options.maxActive ?? 0,
          before: ledger.known.map(({ batch }) => batch),
        });
  const parts = result.order.flatMap((part) => all[part] ?? []);
  const sent = result.order.flatMap((part) => plan.sent[part] ?? []);
  const { failure } = result;
  const nothing = result.known.every((one) => one === undefined);
  const after = await afterTimeout(run, result, { sent, round });
  // What the cache has answered is written in any case.
  if (round === 0 && nothing && failure !== undefined && ledger.cached === 0) throw failure;
  await absorb(run, after, { parts, sent, round });
  return result;
}

function keysOf(known: readonly KnownBatch[]): ReadonlySet<string> {
  return new Set(known.flatMap(({ batch: { metadata } }) => metadata?.[keyName] ?? []));
}

/** A round's parts, in the order of its batches: what each holds, and what is sent of it. */
type Round = Pick<RoundPlan, "parts" | "sent" | "round">;

/** What the timeout asks for, and the batches as they are after it. */
async function afterTimeout(
  { client, options, deadline, ledger, collects }: Run,
  result: RoundResult,
  { sent, round }: Omit<Round, "parts">,
): Promise<RoundResult> {
  // A create whose outcome was looked for until the time was up may have made a batch that still runs.
  const late = deadline !== undefined && client.clock.now() >= deadline;
  if (result.end !== "timed out" && !(late && result.unknown.size > 0)) return result;
  const { signal, metadata, onEvent } = options;
  ledger.timedOut = true;
  const known = result.known.filter((one) => one !== undefined);
  const unfinished = known.filter(({ batch }) => !isTerminal(batch)).map(({ batch }) => batch.id);
  const cancels = options.onTimeout === "cancel";
  const unsent = requestsIn(unsentParts(result, sent));
  // What a later round did not send again was sent before.
  onEvent?.({ type: "timed-out", unfinished, unsent: round === 0 ? unsent : 0, cancels });
  if (round > 0 && unsent > 0) {
    onEvent?.({ type: "no-retry-round", requests: unsent, why: "the time was up" });
  }
  if (!cancels) return result;
  const cancel = { signal, metadata, onEvent, settle: collects };
  const { batches, cancelled, failures } = await cancelAtTimeout(client, known, cancel);
  for (const id of cancelled) ledger.cancelled.add(id);
  ledger.failures.push(...failures.values());
  const latest = new Map(batches.map((batch) => [batch.id, batch]));
  const due = new Set(result.due);
  const now = result.known.map((one, place) => {
    const batch = one && latest.get(one.batch.id);
    if (one === undefined || batch === undefined) return one;
    // Only the look before the cancel has shown that there was no room for it.
    if (isTurnedAway(batch)) due.add(place);
    return { ...one, batch };
  });
  return { ...result, known: now, due };
}

/** Adds a round to what the job knows, and reads what its batches have. */
async function absorb(
  { collection, ledger, collects }: Run,
  result: RoundResult,
  { parts, sent, round }: Round,
): Promise<void> {
  const earlier = [...ledger.known];
  const batches: Batch[] = [];
  for (const [index, part] of parts.entries()) {
    const known = result.known[index];
    if (known === undefined) continue;
    ledger.known.push(known);
    ledger.parts.set(known.batch.id, part);
    batches.push(known.batch);
  }
  const unsent = unsentParts(result, sent);
  const unknown = sent.filter((_, index) => result.unknown.has(index));
  const { failure, lost } = result;
  if (failure !== undefined) ledger.failures.push(failure);
  ledger.failures.push(...lost.values());
  ledger.complete = isComplete(result) || (ledger.timedOut && batches.every(isTerminal));
  // Of a later round's requests an earlier batch holds an answer, if not a good one; what may run is
  // unknown in every round.
  ledger.unknown = requestsIn(unknown);
  if (round === 0) {
    ledger.unsent = requestsIn(unsent);
  } else if (unsent.length + unknown.length === 0) {
    for (const { batch } of earlier) {
      if (worthOf(batch) === "part") ledger.superseded.add(batch.id);
    }
  } else ledger.complete = false;
  if (collects) await collection.add(batches, ledger.parts);
  // What a later round has not sent again was sent, so that what came of it then stands.
  for (const part of round === 0 ? unsent : []) {
    collection.unsent(part, failure?.message ?? "The time was up before it was sent.");
  }
  for (const part of unknown) collection.unknown(part, failure?.message ?? "");
}

/** Parts that no batch holds: none was made, or the server has turned it away and the time was up. */
function unsentParts(
  { known, unknown, due }: RoundResult,
  parts: readonly InputPart[],
): readonly InputPart[] {
  return parts.filter(
    (_, index) => (known[index] === undefined || due.has(index)) && !unknown.has(index),
  );
}

function requestsIn(parts: readonly InputPart[]): number {
  return parts.reduce((sum, { requests }) => sum + requests, 0);
}
