import { describe, expect, it } from "vitest";
import { createState, readState, type StateWriter } from "../../src/action/state.ts";
import { batchOf } from "./batch.ts";

/** A state, what was written of it so far, and how the post step would read that. */
function openState() {
  const values: Record<string, string> = {};
  const names: string[] = [];
  const state = createState((name, value) => {
    names.push(name);
    values[name] = value;
  });
  return { state, names, values, read: () => readState((name) => values[name] ?? "") };
}

const creation = { key: "nightly", creationId: "creation-1", since: 1_767_225_600_000 };
const running = batchOf({ id: "batch_1", status: "in_progress" });

describe("the state between main and post", () => {
  it("reads as nothing having happened where nothing was written", () => {
    expect(openState().read()).toEqual({
      creation: undefined,
      unfinished: [],
      cancelled: [],
      handOver: undefined,
      held: [],
      cancelWanted: false,
      interrupted: false,
      ended: false,
    });
  });

  it("holds claimed batches, with what was written of them, until they are given back", () => {
    const { state, read } = openState();
    const claim = { commit: "c".repeat(40), claim: "1" };
    const counts = { total: 3, completed: 2, failed: 1 };
    const one = { ...claim, batchId: "batch_1", written: undefined };
    const two = { ...claim, batchId: "batch_2", written: { failed: true, counts, empty: false } };
    const gone = { failed: true, counts: undefined, empty: true };
    state.held(one);
    state.held({ ...two, written: undefined });
    state.held(two);
    expect(read().held).toEqual([one, two]);
    state.held({ ...one, written: gone });
    state.released("batch_2");
    expect(read().held).toEqual([{ ...one, written: gone }]);
  });

  it("holds a create until its batch is known", () => {
    const { state, read } = openState();
    state.creating(creation);
    expect(read()).toMatchObject({ creation, unfinished: [] });
    state.batches([batchOf({ id: "batch_0", status: "in_progress" })]);
    expect(read()).toMatchObject({ creation, unfinished: ["batch_0"] });
    state.batches([batchOf({ id: "batch_0", status: "completed" })]);
    state.created(running);
    expect(read()).toMatchObject({ creation: undefined, unfinished: ["batch_1"] });
  });

  it("never loses sight of a batch: its id is written before the create is struck out", () => {
    const { state, names } = openState();
    state.creating(creation);
    state.created(running);
    expect(names).toEqual(["creation", "unfinished", "creation"]);
  });

  it("names batches that are waited on before they were seen, and none that has ended", () => {
    const { state, read } = openState();
    state.following(["batch_1", "batch_2"]);
    expect(read().unfinished).toEqual(["batch_1", "batch_2"]);
    state.batches([batchOf({ id: "batch_1" }), batchOf({ id: "batch_2", status: "cancelling" })]);
    expect(read().unfinished).toEqual(["batch_2"]);
    state.batches([batchOf({ id: "batch_2", status: "cancelled" })]);
    expect(read().unfinished).toEqual([]);
    expect(state.known().map(({ status }) => status)).toEqual(["completed", "cancelled"]);
  });

  it("forgets an id that the server does not know: the post step has nothing to cancel there", () => {
    const { state, read } = openState();
    state.following(["batch_none", "batch_1"]);
    state.unknown("batch_none");
    expect([read().unfinished, state.unfinished()]).toEqual([["batch_1"], ["batch_1"]]);
  });

  it("forgets no status of a batch that is followed after it was created", () => {
    const { state } = openState();
    state.batches([batchOf({ id: "batch_1" })]);
    state.following(["batch_1"]);
    expect(state.unfinished()).toEqual([]);
  });

  it.each<[string, (state: StateWriter) => void, object]>([
    [
      "a cancel",
      (state) => {
        state.cancelled(["batch_1"]);
        state.cancelled(["batch_2"]);
      },
      { cancelled: ["batch_1", "batch_2"] },
    ],
    [
      "a signal",
      (state) => {
        state.interrupted();
      },
      { interrupted: true, ended: false },
    ],
    [
      "the end",
      (state) => {
        state.ended();
      },
      { ended: true, interrupted: false },
    ],
    [
      "the wish to cancel",
      (state) => {
        state.cancelWanted();
      },
      { cancelWanted: true },
    ],
  ])("tells of %s", (_, happen, expected) => {
    const { state, read } = openState();
    happen(state);
    expect(read()).toMatchObject(expected);
  });

  it("takes batches that are handed over off the list, from before GitHub is asked", () => {
    const { state, read } = openState();
    state.batches([running, batchOf({ id: "batch_2", status: "in_progress" })]);
    state.handingOver({ ids: ["batch_1"], since: 5, after: 0 });
    expect(state.unfinished()).toEqual(["batch_2"]);
    expect(read()).toMatchObject({
      unfinished: ["batch_1", "batch_2"],
      handOver: { ids: ["batch_1"], since: 5, done: false },
    });
    state.handedOver();
    expect(read().handOver).toMatchObject({ done: true });
    state.notHandedOver();
    expect(state.unfinished()).toEqual(["batch_1", "batch_2"]);
    expect(read().handOver).toBeUndefined();
  });

  it("is written only where it has changed: a day of polls must not fill a disk", () => {
    const { state, names } = openState();
    for (let poll = 0; poll < 1_000; poll += 1) state.batches([running]);
    expect(names).toEqual(["unfinished"]);
  });

  it.each<[string, string, object]>([
    ["a create without its parts", '{"key":"nightly"}', { creation: undefined }],
    ["a create of the wrong kind", '"nightly"', { creation: undefined }],
    ["null", "null", { creation: undefined }],
  ])("is read with care: %s", (_, text, expected) => {
    expect(readState((name) => (name === "creation" ? text : ""))).toMatchObject(expected);
  });
});
