import { describe, expect, it, test } from "vitest";

import type { Batch } from "../../../src/api/types.ts";
import { isOfOwnKey, ownKeyOf, workOf } from "../../../src/batch/create/key.ts";
import {
  decideBesideUnnamed,
  decideEarlier,
  decideKeep,
  overlap,
  shareOut,
} from "../../../src/batch/rules.ts";
import { batchOf } from "../../action/batch.ts";

const batch = batchOf({ id: "batch_7", status: "in_progress" });

test.each([
  ["created", undefined, "keep"],
  ["created", "other", "keep"],
  ["adopted", "same", "keep"],
  ["adopted", "other", "leave"],
  ["adopted", undefined, "leave"],
  ["given", undefined, "leave"],
] as const)("answers of a batch that was %s and says %s: %s", (provenance, theirs, decision) => {
  const known = { batch, provenance, takenAs: "in_progress", requests: 1, round: 0 };
  const decided = decideKeep(known, theirs, "same");
  expect(decided.decision).toBe(decision);
  expect(decided.why).toContain("batch_7");
});

test("an earlier batch is taken with what it holds, and what could not be read stops", () => {
  expect(decideEarlier(batch, false)).toEqual({
    decision: "take",
    why: "batch_7 is in_progress and holds some of these requests",
  });
  expect(decideEarlier(batch, true)).toMatchObject({
    decision: "stop",
    why: expect.stringContaining("batch_7 is in_progress") as string,
  });
});

test.each([
  [0, "create"],
  [1, "stop"],
  [undefined, "stop"],
])("beside a batch without metadata that holds %s of the requests: %s", (ours, decision) => {
  expect(decideBesideUnnamed(batch, ours).decision).toBe(decision);
});

test.each([
  [0, "batch_7 holds none of these requests"],
  [1, "it holds some of these"],
  [undefined, "its requests could not be read"],
])("why, beside one that holds %s", (ours, why) => {
  expect(decideBesideUnnamed(batch, ours).why).toContain(why);
});

test("the key of what a cache has left tells its content, and whose work it is of", () => {
  const part = { index: 0, hash: "0123456789abcdef0123", count: 1, round: 0 };
  const key = ownKeyOf("nightly", { ...part, rest: true });
  expect(key).toBe("nightly/rest/0123456789abcdef");
  expect([isOfOwnKey(key, "nightly"), isOfOwnKey(key, "night")]).toEqual([true, false]);
  expect(ownKeyOf("nightly", { ...part, rest: true, round: 1 })).not.toContain("rest");
  expect(ownKeyOf("nightly", { ...part, rest: false })).toBe("nightly");
});

test.each([
  ["o/r:42:0123456789abcdef0123456789abcdef", "o/r:42"],
  ["o/r:42/retry2:0123456789abcdef0123456789abcdef", "o/r:42"],
  ["o/r:1234567890123456:0123456789abcdef0123456789abcdef", "o/r:1234567890123456"],
  ["of my own", "of my own"],
])("%s is of the work %s", (key, work) => {
  expect(workOf(key)).toBe(work);
});

/** A batch of an earlier attempt, with what it holds. */
function holding(id: string, status: Batch["status"], requests: readonly number[], round = 0) {
  return { id, batch: batchOf({ id, status }), round, requests };
}

describe("batches of earlier attempts that hold the same requests", () => {
  it.each<[string, boolean, readonly ReturnType<typeof holding>[]]>([
    ["none", false, []],
    ["apart", false, [holding("a", "completed", [0, 1]), holding("b", "completed", [2])]],
    ["one in both", true, [holding("a", "completed", [0, 1]), holding("b", "completed", [1])]],
    ["in two rounds", false, [holding("a", "expired", [0, 1]), holding("b", "completed", [1], 1)]],
  ])("are seen: %s", (_, seen, holders) => {
    expect(overlap(holders)).toBe(seen);
  });

  const shares = (holders: readonly ReturnType<typeof holding>[], wanted = [0, 1, 2, 3]) =>
    shareOut(holders, (request) => wanted.includes(request)).map(({ holder, left }) => [
      holder.id,
      left,
    ]);

  it("stand for each request once, the worthiest first", () => {
    const part = holding("part", "expired", [0, 1, 2]);
    const whole = holding("whole", "in_progress", [1, 3]);
    const expected = [
      ["whole", [1, 3]],
      ["part", [0, 2]],
    ];
    expect(shares([part, whole])).toEqual(expected);
    expect(shares([whole, part])).toEqual(expected);
  });

  it("are left where others stand for all that is wanted of them", () => {
    const whole = holding("whole", "completed", [0, 1]);
    const again = holding("again", "completed", [1]);
    expect(shares([whole, again])).toEqual([["whole", [0, 1]]]);
    expect(shares([whole, again], [2, 3])).toEqual([]);
  });
});
