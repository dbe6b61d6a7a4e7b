import { isFields } from "../api/json.ts";
import type { Creation } from "../batch/knowledge.ts";
import { type HeldBatch, heldBatchesOf } from "./github/held-batch.ts";

/** Batches that another run of the workflow is to wait for. */
export interface HandOver {
  readonly ids: readonly string[];
  /** Milliseconds since the epoch: the run cannot be older. */
  readonly since: number;
  /** The greatest id of a run that was there before; one that was started for these has a greater one. */
  readonly after: number;
  /** Whether GitHub has taken it; `false` while that is open. */
  readonly done: boolean;
}

/** What the post step knows of one batch of the step. */
export interface SavedBatch {
  readonly id: string;
  /** Whether it may still run: it had not ended when it was last seen. */
  readonly open: boolean;
  /** Whether the server has answered a cancel of it. */
  readonly cancelled: boolean;
  /** Whether the step's timeout left it running on purpose. */
  readonly left: boolean;
}

/** What the post step has to know of main, as it stood when main last wrote it. */
export interface StepState {
  /** Creates that may have made a batch of which no id is known, or more batches than one. */
  readonly creations: readonly Creation[];
  readonly batches: readonly SavedBatch[];
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
  /** A create that is on its way, or whose outcome is not known. */
  creation(creation: Creation): void;
  /** Nothing more is to be looked for of a create. */
  settled(creation: Pick<Creation, "creationId">): void;
  /** What is known of a batch beside what was known before. */
  batch(id: string, known: Partial<Omit<SavedBatch, "id">>): void;
  /** The server knows no such batch: there is nothing to answer for. */
  unknown(id: string): void;
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
  /** The ids of batches that have not ended, as far as is known, and that no other run may be waiting for. */
  unfinished(): readonly string[];
}

type SaveState = (name: string, value: string) => void;

/**
 * Each batch and each create is a value of its own, so that what is written grows with their number and
 * not with its square: the runner's file is only ever added to.
 */
export function createState(save: SaveState): StateWriter {
  const batches = new Map<string, SavedBatch>();
  const slots = createSlots(save);
  let handOver: HandOver | undefined;
  const setHandOver = (value: HandOver | undefined) => {
    handOver = value;
    slots.write("handOver", value ?? null);
  };
  return {
    creation(creation) {
      slots.put("creation", creation.creationId, creation);
    },
    settled({ creationId }) {
      slots.clear("creation", creationId);
    },
    batch(id, known) {
      const before = batches.get(id) ?? { id, open: true, cancelled: false, left: false };
      const now = { ...before, ...known };
      batches.set(id, now);
      slots.put("batch", id, now);
    },
    unknown(id) {
      batches.delete(id);
      slots.clear("batch", id);
    },
    handingOver(given) {
      setHandOver({ ...given, done: false });
    },
    handedOver() {
      if (handOver !== undefined) setHandOver({ ...handOver, done: true });
    },
    notHandedOver() {
      setHandOver(undefined);
    },
    held(batch) {
      slots.put("held", batch.batchId, batch);
    },
    released(batchId) {
      slots.clear("held", batchId);
    },
    cancelWanted() {
      slots.write("cancelWanted", true);
    },
    interrupted() {
      slots.write("interrupted", true);
    },
    ended() {
      slots.write("ended", true);
    },
    unfinished: () =>
      [...batches.values()]
        .filter(({ id, open }) => open && handOver?.ids.includes(id) !== true)
        .map(({ id }) => id),
  };
}

type Kind = "batch" | "creation" | "held";

/** Values by name; things of one kind are numbered in the order in which they come. */
function createSlots(save: SaveState) {
  const written = new Map<string, string>();
  const names: Record<Kind, Map<string, string>> = {
    batch: new Map(),
    creation: new Map(),
    held: new Map(),
  };
  const write = (name: string, value: unknown) => {
    const text = JSON.stringify(value);
    if (written.get(name) === text) return;
    written.set(name, text);
    save(name, text);
  };
  return {
    write,
    put(kind: Kind, id: string, value: unknown) {
      const name = names[kind].get(id) ?? `${kind}_${names[kind].size}`;
      names[kind].set(id, name);
      write(name, value);
    },
    /** Says of one thing that there is nothing to know of it. */
    clear(kind: Kind, id: string) {
      const name = names[kind].get(id);
      if (name !== undefined) write(name, {});
    },
  };
}

/** The post step's side; what was not written reads as not having happened. */
export function readState(getState: (name: string) => string): StepState {
  const read = (name: string): unknown => {
    const text = getState(name);
    return text === "" ? undefined : (JSON.parse(text) as unknown);
  };
  const all = <T>(kind: string, of: (value: unknown) => T | undefined): readonly T[] => {
    const values: T[] = [];
    for (let number = 0; ; number += 1) {
      const value = read(`${kind}_${number}`);
      if (value === undefined) return values;
      const known = of(value);
      if (known !== undefined) values.push(known);
    }
  };
  return {
    creations: all("creation", creationOf),
    batches: all("batch", batchOf),
    handOver: handOverOf(read("handOver")),
    held: all("held", (value) => heldBatchesOf([value])[0]),
    cancelWanted: read("cancelWanted") === true,
    interrupted: read("interrupted") === true,
    ended: read("ended") === true,
  };
}

function batchOf(value: unknown): SavedBatch | undefined {
  if (!isFields(value) || typeof value["id"] !== "string") return undefined;
  const { id, open, cancelled, left } = value;
  return { id, open: open !== false, cancelled: cancelled === true, left: left === true };
}

function creationOf(value: unknown): Creation | undefined {
  if (!isFields(value)) return undefined;
  const { key, creationId, since, inputFileId, sent, keep } = value;
  if (typeof key !== "string" || typeof creationId !== "string" || typeof since !== "number") {
    return undefined;
  }
  return {
    key,
    creationId,
    since,
    ...(typeof inputFileId === "string" ? { inputFileId } : {}),
    ...(typeof sent === "number" ? { sent } : {}),
    ...(typeof keep === "string" ? { keep } : {}),
  };
}

function handOverOf(value: unknown): HandOver | undefined {
  if (!isFields(value) || typeof value["since"] !== "number") return undefined;
  const { ids, since, after, done } = value;
  return {
    ids: Array.isArray(ids) ? ids.filter((id) => typeof id === "string") : [],
    since,
    after: typeof after === "number" ? after : 0,
    done: done === true,
  };
}
