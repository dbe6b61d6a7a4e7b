import type { PartToCreate } from "../create/creator.ts";
import type { InputScan } from "../input.ts";
import { partsToCreate } from "../parts.ts";
import { shareOut } from "../rules.ts";
import type { RunBatchOptions } from "../run.ts";
import type { PartOfRun } from "../create/key.ts";
import { type InputPart, splitInput, wholePart } from "../split.ts";
import type { EarlierBatch, EarlierBatches } from "./earlier-batches.ts";
import { halving } from "./halving.ts";
import type { Halve } from "./part-list.ts";

/** The batches of one round: those that are there, and those that are to be made. */
export interface RoundPlan {
  readonly round: number;
  /** What a batch of each part holds, or would. */
  readonly parts: readonly InputPart[];
  /** What is sent of each where its batch is made anew. */
  readonly sent: readonly InputPart[];
  readonly toCreate: readonly PartToCreate[];
  /** Divides a part in two; the lists of parts grow with it. */
  readonly halve: Halve;
}

/**
 * Plans a round: what batches of earlier attempts hold stays with them, and the rest is divided anew.
 *
 * @param wanted the numbers of the requests that the round is for; `undefined` for all of them
 */
export function planRound(
  scan: InputScan,
  options: RunBatchOptions,
  { round, wanted, earlier }: PlanOptions,
): RoundPlan {
  const { limits } = options;
  const asked = new Set(wanted);
  const isWanted = (request: number) => wanted === undefined || asked.has(request);
  const shares = shareOut(
    earlier.batches.filter((one) => one.round === round),
    isWanted,
  ).toSorted((a, b) => firstOf(a.holder) - firstOf(b.holder));
  const taken = shares.map(({ holder }) => holder);
  // What a batch of a later round holds is taken with that round.
  const later = round === 0 ? [] : earlier.batches.filter((one) => one.round > round);
  const held = new Set([...taken, ...later].flatMap(({ requests }) => requests));
  const rest = held.size === 0 ? wanted : withoutHeld(scan, wanted, held);
  const old = taken.map(({ requests }) => wholePart(scan, requests));
  const left = shares.map((share) => wholePart(scan, share.left));
  const keyOf = ({ index }: PartOfRun) => taken[index]?.key ?? "";
  const made = splitInput(scan, limits, rest);
  const toCreate = [
    ...partsToCreate(scan, left, { round, idempotencyKey: keyOf }),
    ...partsToCreate(scan, made, { ...options, round, rest: rest !== undefined }),
  ];
  const parts = [...old, ...made].map((part, index) => ({ ...part, index }));
  const sent = [...left, ...made];
  const halve = halving(scan, { parts, sent, toCreate: [...toCreate] });
  return { round, parts, sent, toCreate, halve };
}

/** Batches stand in the order of the input, and not in that of the server's list. */
function firstOf({ requests }: EarlierBatch): number {
  return requests[0] ?? 0;
}

/**
 * The next round in which there is something to do for these requests. Of a round whose batch took no money
 * along an earlier attempt has left nothing, and the batch of the round behind it holds what was to be sent.
 */
export function nextRound(
  round: number,
  wanted: readonly number[],
  { batches }: EarlierBatches,
): number {
  const asked = new Set(wanted);
  const left = batches.filter(
    (one) => one.round >= round && one.requests.some((request) => asked.has(request)),
  );
  const held = new Set(left.flatMap(({ requests }) => requests));
  const all = wanted.every((request) => held.has(request));
  return all && left.length > 0 ? Math.min(...left.map((one) => one.round)) : round;
}

export interface PlanOptions {
  readonly round: number;
  readonly wanted: readonly number[] | undefined;
  readonly earlier: EarlierBatches;
}

function withoutHeld(
  scan: InputScan,
  wanted: readonly number[] | undefined,
  held: ReadonlySet<number>,
): readonly number[] {
  const all = wanted ?? Array.from({ length: scan.requests }, (_, request) => request);
  return all.filter((request) => !held.has(request));
}
