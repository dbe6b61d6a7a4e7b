import { describe, expect, it } from "vitest";
import { formatBytes, formatDuration, plural } from "../../src/action/format.ts";
import { progressLog } from "../../src/action/progress.ts";
import { normalizeBatch } from "../../src/api/normalize.ts";
import type { Batch } from "../../src/api/types.ts";
import { batchOf } from "./batch.ts";
import { recordingToolkit } from "./toolkit.ts";

describe("a duration in words", () => {
  it.each([
    [0, "0 s"],
    [400, "0.4 s"],
    [9_960, "10 s"],
    [45_000, "45 s"],
    [59_999, "1 min"],
    [61_000, "1 min 1 s"],
    [3_600_000, "1 h"],
    [11_520_000, "3 h 12 min"],
    [19_800_000, "5 h 30 min"],
    [90_000_000, "1 d 1 h"],
    [86_400_000 + 59_000, "1 d 59 s"],
  ])("of %i ms is %s", (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text);
  });
});

describe("a number of bytes in words", () => {
  it.each([
    [0, "0 bytes"],
    [999, "999 bytes"],
    [1_000, "1 kB"],
    [1_250_000, "1.3 MB"],
    [200_000_000, "200 MB"],
    [1_500_000_000, "1.5 GB"],
  ])("of %i is %s", (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});

describe("a count in words", () => {
  it.each([
    [0, "0 requests"],
    [1, "1 request"],
    [50_000, "50,000 requests"],
  ])("of %i is %s", (count, text) => {
    expect(plural(count, "request")).toBe(text);
  });

  it("has a plural of its own where it needs one", () => {
    expect(plural(2, "batch", "batches")).toBe("2 batches");
  });
});

describe("the log of a wait", () => {
  function follow() {
    const recorded = recordingToolkit();
    let now = 0;
    const log = progressLog(recorded.toolkit, () => now);
    return {
      said: recorded.said,
      at: (ms: number, ...batches: readonly Batch[]) => {
        now = ms;
        log(batches);
      },
    };
  }

  it("has a line for each change, and none for the rest", () => {
    const { said, at } = follow();
    at(0, batchOf({ id: "batch_1", status: "validating" }));
    at(1_000, batchOf({ id: "batch_1", status: "validating" }));
    at(59_000, batchOf({ id: "batch_1", status: "completed" }));
    expect(said).toEqual([
      "info: batch_1: validating (after 0 s)",
      "info: batch_1: completed (after 59 s)",
    ]);
  });

  it("folds the list of many batches away, and says how many it leaves out", () => {
    const { said, at } = follow();
    at(0, ...Array.from({ length: 250 }, (_, index) => batchOf({ id: `batch_${index}` })));
    expect(said[0]).toBe("group: 250 batches");
    expect(said.at(-2)).toBe("info: … and 50 more");
    expect(said.at(-1)).toBe("info: 250 batches: 250 completed (after 0 s)");
    expect(said).toHaveLength(203);
  });

  it("warns once of a status that is not known (ZenRows/cli#15)", () => {
    const { said, at } = follow();
    const strange = normalizeBatch({ id: "batch_1", status: "dreaming" });
    if (strange === undefined) throw new Error("This is a batch.");
    at(0, strange);
    at(1, { ...strange, request_counts: { total: 2, completed: 1, failed: 0 } });
    expect(said.filter((line) => line.startsWith("warning: "))).toHaveLength(1);
  });

  it("calls a status that the server does not name by no name", () => {
    const { said, at } = follow();
    const none = normalizeBatch({ id: "batch_1" });
    if (none === undefined) throw new Error("This is a batch.");
    at(0, none);
    expect(said).toContain("warning: The server names no status of a batch. Still waiting.");
  });
});
