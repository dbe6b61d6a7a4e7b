import { describe, expect, it, test } from "vitest";

import type { Batch } from "../../../src/api/types.ts";
import {
  decideConclusion,
  decideDone,
  decideNothingToDo,
  decideStepEnd,
  isAllDone,
  type StepEnd,
  withoutResults,
} from "../../../src/batch/rules.ts";
import { batchOf } from "../../action/batch.ts";

const inStatus = (...statuses: readonly Batch["status"][]) =>
  statuses.map((status) => batchOf({ status }));
const whole = { complete: true, cached: 0 };
const counts = { total: 2, completed: 2, failed: 0 };

describe("a job is", () => {
  it.each<[string, Parameters<typeof decideDone>[0], "done" | "open", string]>([
    [
      "done when every batch has ended",
      { ...whole, batches: inStatus("completed", "failed") },
      "done",
      "every batch has ended",
    ],
    [
      "open while one runs",
      { ...whole, batches: inStatus("completed", "cancelling") },
      "open",
      "not every batch has ended",
    ],
    [
      "open where something is unsent or unknown",
      { ...whole, batches: inStatus("completed"), complete: false },
      "open",
      "not all of it is known to have been sent",
    ],
    ["open where it has no batch", { ...whole, batches: [] }, "open", "it has no batch"],
    [
      "done where the cache had all",
      { ...whole, batches: [], cached: 2 },
      "done",
      "every batch has ended",
    ],
    [
      "open where the cache had some, and the rest is unsent",
      { batches: [], complete: false, cached: 1 },
      "open",
      "not all of it is known to have been sent",
    ],
  ])("%s", (_, known, decision, why) => {
    expect(decideDone(known)).toEqual({ decision, why });
  });

  it("not said to be done as long as an answer that may be there could not be read", () => {
    expect([isAllDone(true, 0), isAllDone(true, 1), isAllDone(false, 0)]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe("the conclusion is", () => {
  const concluded = (batches: readonly Batch[], known: object = {}) =>
    decideConclusion({ ...whole, batches, standing: batches, counts, ...known });

  it("pending where anything is unsent or unknown, however the batches ended", () => {
    expect(concluded(inStatus("completed"), { complete: false })).toBe("pending");
    expect(concluded([], { complete: false, cached: 1 })).toBe("pending");
  });

  it("a success where the cache had all, and pending where there is nothing", () => {
    expect(concluded([], { cached: 2 })).toBe("success");
    expect(concluded([])).toBe("pending");
  });

  it("that of the batches which were not sent again", () => {
    const batches = inStatus("expired", "completed");
    expect(concluded(batches)).toBe("expired");
    expect(concluded(batches, { standing: batches.slice(1) })).toBe("success");
  });
});

test.each([
  ["success", "failure"],
  ["partial", "failure"],
  ["failure", "failure"],
  ["expired", "expired"],
  ["cancelled", "cancelled"],
  ["pending", "pending"],
] as const)("what would be %s is %s without its results", (conclusion, told) => {
  expect(withoutResults(conclusion)).toBe(told);
});

test("nothing to do is a success only where nothing can have been missed", () => {
  expect(decideNothingToDo(undefined).decision).toBe("success");
  expect(decideNothingToDo("a page could not be read")).toEqual({
    decision: "unknown",
    why: "a page could not be read",
  });
});

describe("a step", () => {
  const good: StepEnd = {
    bad: 0,
    late: false,
    unreadable: 0,
    done: true,
    counts: { total: 1_000, completed: 990, failed: 10 },
    limit: { percent: 1 },
  };

  it.each<[string, Partial<StepEnd>, ReturnType<typeof decideStepEnd>]>([
    ["succeeds at its limit of failed requests", {}, "success"],
    ["fails above it", { limit: { count: 9 } }, "too many failures"],
    ["fails above a percentage", { limit: { percent: 0.99 } }, "too many failures"],
    [
      "takes a percentage as it is meant",
      { counts: { total: 1_000, completed: 997, failed: 3 }, limit: { percent: 0.3 } },
      "success",
    ],
    [
      "does not count failures before all has ended",
      { done: false, limit: { count: 0 } },
      "success",
    ],
    [
      "fails for a file that could not be read",
      { unreadable: 1, limit: { count: 0 } },
      "unreadable",
    ],
    ["fails for being late before that", { late: true, unreadable: 1 }, "late"],
    ["fails for a bad end before all else", { bad: 1, late: true, unreadable: 1 }, "ended badly"],
  ])("%s", (_, known, end) => {
    expect(decideStepEnd({ ...good, ...known })).toBe(end);
  });
});
