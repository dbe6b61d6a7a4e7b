import { describe, expect, it } from "vitest";
import { createState, readState, type StateWriter } from "../../src/action/state.ts";

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
const saved = { id: "batch_1", open: true, cancelled: false, left: false };

describe("the state between main and post", () => {
  it("reads as nothing having happened where nothing was written", () => {
    expect(openState().read()).toEqual({
      creations: [],
      batches: [],
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

  it("holds each create until it is settled, and the others beyond that", () => {
    const { state, read } = openState();
    const lost = { ...creation, creationId: "creation-2", inputFileId: "file-1" };
    state.creation(creation);
    state.creation(lost);
    expect(read().creations).toEqual([creation, lost]);
    state.settled(creation);
    expect(read().creations).toEqual([lost]);
    state.creation({ ...lost, sent: 2, keep: "batch_1" });
    expect(read().creations).toEqual([{ ...lost, sent: 2, keep: "batch_1" }]);
  });

  it("does not write of a create that was never sent", () => {
    const { state, names } = openState();
    state.settled(creation);
    expect(names).toEqual([]);
  });

  it("names batches that are followed before they were seen, and none that has ended", () => {
    const { state, read } = openState();
    state.batch("batch_1", {});
    state.batch("batch_2", {});
    expect(state.unfinished()).toEqual(["batch_1", "batch_2"]);
    state.batch("batch_1", { open: false });
    expect(read().batches).toEqual([
      { ...saved, open: false },
      { ...saved, id: "batch_2" },
    ]);
    expect(state.unfinished()).toEqual(["batch_2"]);
    state.batch("batch_2", { open: false });
    expect(state.unfinished()).toEqual([]);
  });

  it("forgets an id that the server does not know: the post step has nothing to cancel there", () => {
    const { state, read } = openState();
    state.batch("batch_none", {});
    state.batch("batch_1", {});
    state.unknown("batch_none");
    expect(read().batches).toEqual([saved]);
    expect(state.unfinished()).toEqual(["batch_1"]);
  });

  it("forgets nothing of a batch that is followed after it was created", () => {
    const { state, read } = openState();
    state.batch("batch_1", { open: false });
    state.batch("batch_1", {});
    expect(state.unfinished()).toEqual([]);
    state.batch("batch_1", { cancelled: true });
    state.batch("batch_1", { left: true });
    expect(read().batches).toEqual([{ id: "batch_1", open: false, cancelled: true, left: true }]);
  });

  it.each<[string, (state: StateWriter) => void, object]>([
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
    state.batch("batch_1", { open: true });
    state.batch("batch_2", { open: true });
    state.handingOver({ ids: ["batch_1"], since: 5, after: 0 });
    expect(state.unfinished()).toEqual(["batch_2"]);
    expect(read().batches.map(({ id }) => id)).toEqual(["batch_1", "batch_2"]);
    expect(read().handOver).toEqual({ ids: ["batch_1"], since: 5, after: 0, done: false });
    state.handedOver();
    expect(read().handOver).toMatchObject({ done: true });
    state.notHandedOver();
    expect(state.unfinished()).toEqual(["batch_1", "batch_2"]);
    expect(read().handOver).toBeUndefined();
  });

  it("is written only where it has changed: a day of polls must not fill a disk", () => {
    const { state, names } = openState();
    for (let poll = 0; poll < 1_000; poll += 1) state.batch("batch_1", { open: true });
    expect(names).toEqual(["batch_0"]);
  });

  it("grows with the number of batches and not with its square: the runner's file is only added to", () => {
    const { state, names, read } = openState();
    const count = 500;
    for (let at = 0; at < count; at += 1) {
      state.creation({ ...creation, creationId: `creation-${at}` });
      state.batch(`batch_${at}`, { open: true });
      state.settled({ creationId: `creation-${at}` });
    }
    expect(names).toHaveLength(3 * count);
    expect(read().batches).toHaveLength(count);
    expect(read().creations).toEqual([]);
  });

  it.each<[string, object | string | null, readonly object[]]>([
    ["whole", creation, [creation]],
    ["without a key", { ...creation, key: 1 }, []],
    ["without an id", { ...creation, creationId: undefined }, []],
    ["without a time", { ...creation, since: "today" }, []],
    ["that is none", null, []],
    ["with a file of the wrong kind", { ...creation, inputFileId: 1 }, [creation]],
    ["with a number of the wrong kind", { ...creation, sent: "2" }, [creation]],
    ["with a batch of the wrong kind", { ...creation, keep: null }, [creation]],
  ])("reads a create %s with care", (_, value, creations) => {
    const read = readState((name) => (name === "creation_0" ? JSON.stringify(value) : ""));
    expect(read.creations).toStrictEqual(creations);
  });

  it.each<[string, object, object | undefined]>([
    ["without a time", { ids: ["a"] }, undefined],
    ["with ids of the wrong kind", { ids: "a", since: 5 }, { ids: [], after: 0, done: false }],
    [
      "with some of the wrong kind",
      { ids: ["a", 1], since: 5, after: 7, done: true },
      { ids: ["a"], after: 7, done: true },
    ],
    ["with an order of the wrong kind", { ids: [], since: 5, after: "7" }, { after: 0 }],
  ])("reads a hand-over %s with care", (_, value, expected) => {
    const read = readState((name) => (name === "handOver" ? JSON.stringify(value) : ""));
    if (expected === undefined) expect(read.handOver).toBeUndefined();
    else expect(read.handOver).toMatchObject({ since: 5, ...expected });
  });

  it("knows of no hand-over that was answered without having been sent", () => {
    const { state, names } = openState();
    state.handedOver();
    expect(names).toEqual([]);
  });

  it.each<[string, string, string]>([
    ["a create without its parts", "creation_0", '{"key":"nightly"}'],
    ["a create of the wrong kind", "creation_0", '"nightly"'],
    ["a batch without an id", "batch_0", '{"open":true}'],
    ["null", "batch_0", "null"],
  ])("is read with care: %s", (_, written, text) => {
    expect(readState((name) => (name === written ? text : ""))).toMatchObject({
      creations: [],
      batches: [],
    });
  });
});
