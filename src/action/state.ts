import type { Batch } from "../api/types.ts";
import { isFields } from "../api/normalize.ts";
import type { Creation } from "../batch/create.ts";
import { isTerminal } from "../batch/status.ts";
import { type HeldBatch, heldBatchesOf } from "./github/held-batch.ts";

/** Batches that another run of the workflow is to wait on. */
export interface HandOver {
  readonly ids: readonly string[];
  /** Milliseconds since the epoch: the run cannot be older. */
  readonly since: number;
  /** The greatest id of a run that was there before; one that was started for these has a greater one. */
  readonly after: number;
  /** Whether GitHub has taken it; `false` while that is open. */
  readonly done: boolean;
}

/** What the post step has to know of main, as it stood when main last wrote it. */
export interface StepState {
  /** A create that was sent and of which no batch is known yet. */
  readonly creation: Creation | undefined;
  /** Batches that this step created, adopted or waited on, and that had not ended. */
  readonly unfinished: readonly string[];
  /** Those of them that main has cancelled, with the server's answer seen. */
  readonly cancelled: readonly string[];
  readonly handOver: HandOver | undefined;
  /** Batches that this step has claimed, which are recorded as collected once the job has succeeded. */
  readonly held: readonly HeldBatch[];
  /** Whether main meant to cancel what has not ended. */
  readonly cancelWanted: boolean;
  /** Whether the runner asked main to end. */
  readonly interrupted: boolean;
  /** Whether main came to its own end. */
  readonly ended: boolean;
}

/** Main's side: everything is written the moment it is known, since a kill leaves no later one. */
export interface StateWriter {
  creating(creation: Creation): void;
  /** The create was refused: there is no batch of it to look for. */
  notCreated(): void;
  /** Batches that the step waits on, of which nothing more is known yet. */
  following(ids: readonly string[]): void;
  /** The server knows no such batch: there is nothing to answer for. */
  unknown(id: string): void;
  /** The batch that a create was answered with, or that was adopted in its place. */
  created(batch: Batch): void;
  /** Batches as they are now; those that have not ended are this step's to answer for. */
  batches(batches: readonly Batch[]): void;
  /** Batches whose cancel the server has answered. */
  cancelled(ids: readonly string[]): void;
  /** The start of a run that goes on with these is sent: from here on it may be there. */
  handingOver(handOver: Omit<HandOver, "done">): void;
  /** The run has started: what was handed over is no longer this job's to cancel. */
  handedOver(): void;
  /** No run was started. */
  notHandedOver(): void;
  /** A batch is claimed from here on, or its results have been written. */
  readonly held: (batch: HeldBatch) => void;
  /** The claim has been given back. */
  readonly released: (batchId: string) => void;
  /** From here on whatever has not ended is to be cancelled. */
  cancelWanted(): void;
  interrupted(): void;
  ended(): void;
  /** The ids of batches that have not ended, as far as is known, and that no other run may be waiting on. */
  unfinished(): readonly string[];
  known(): readonly Batch[];
}

type SaveState = (name: string, value: string) => void;

export function createState(save: SaveState): StateWriter {
  const batches = new Map<string, Batch | undefined>();
  const cancelled = new Set<string>();
  const held = new Map<string, HeldBatch>();
  let handOver: HandOver | undefined;
  const written = new Map<string, string>();
  const write = (name: keyof StepState, value: unknown) => {
    const text = JSON.stringify(value);
    if (written.get(name) === text) return;
    written.set(name, text);
    save(name, text);
  };
  const unfinished = () =>
    [...batches].filter(([, batch]) => batch === undefined || !isTerminal(batch)).map(([id]) => id);
  const see = (seen: readonly Batch[]) => {
    for (const batch of seen) batches.set(batch.id, batch);
    write("unfinished", unfinished());
  };
  return {
    creating(creation) {
      write("creation", creation);
    },
    notCreated() {
      write("creation", null);
    },
    following(ids) {
      for (const id of ids) batches.set(id, batches.get(id));
      write("unfinished", unfinished());
    },
    unknown(id) {
      batches.delete(id);
      write("unfinished", unfinished());
    },
    created(batch) {
      see([batch]);
      // Only once the id is written is the create no longer needed to find it.
      if (written.has("creation")) write("creation", null);
    },
    batches: see,
    cancelled(ids) {
      for (const id of ids) cancelled.add(id);
      write("cancelled", [...cancelled]);
    },
    handingOver(given) {
      handOver = { ...given, done: false };
      write("handOver", handOver);
    },
    handedOver() {
      if (handOver === undefined) return;
      handOver = { ...handOver, done: true };
      write("handOver", handOver);
    },
    notHandedOver() {
      handOver = undefined;
      write("handOver", null);
    },
    held(batch) {
      held.set(batch.batchId, batch);
      write("held", [...held.values()]);
    },
    released(batchId) {
      held.delete(batchId);
      write("held", [...held.values()]);
    },
    cancelWanted() {
      write("cancelWanted", true);
    },
    interrupted() {
      write("interrupted", true);
    },
    ended() {
      write("ended", true);
    },
    unfinished: () => unfinished().filter((id) => handOver?.ids.includes(id) !== true),
    known: () => [...batches.values()].filter((batch) => batch !== undefined),
  };
}

/** The post step's side; what was not written reads as not having happened. */
export function readState(getState: (name: string) => string): StepState {
  const read = (name: keyof StepState): unknown => {
    const text = getState(name);
    return text === "" ? undefined : (JSON.parse(text) as unknown);
  };
  return {
    creation: creationOf(read("creation")),
    unfinished: textsOf(read("unfinished")),
    cancelled: textsOf(read("cancelled")),
    handOver: handOverOf(read("handOver")),
    held: heldBatchesOf(read("held")),
    cancelWanted: read("cancelWanted") === true,
    interrupted: read("interrupted") === true,
    ended: read("ended") === true,
  };
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function creationOf(value: unknown): Creation | undefined {
  if (!isFields(value)) return undefined;
  const { key, creationId, since, inputFileId } = value;
  if (typeof key !== "string" || typeof creationId !== "string" || typeof since !== "number") {
    return undefined;
  }
  const file = typeof inputFileId === "string" ? { inputFileId } : {};
  return { key, creationId, since, ...file };
}

function handOverOf(value: unknown): HandOver | undefined {
  if (!isFields(value) || typeof value["since"] !== "number") return undefined;
  const { ids, since, after, done } = value;
  return {
    ids: textsOf(ids),
    since,
    after: typeof after === "number" ? after : 0,
    done: done === true,
  };
}
