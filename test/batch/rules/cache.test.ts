import { expect, test } from "vitest";

import { isOfOwnKey, ownKeyOf, workOf } from "../../../src/batch/create/key.ts";
import { decideBesideUnnamed, decideEarlier, decideKeep } from "../../../src/batch/rules.ts";
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
  expect(decideEarlier(batch, false).decision).toBe("take");
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
