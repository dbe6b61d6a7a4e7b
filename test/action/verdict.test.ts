import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { adviceForBatch } from "../../src/action/advice.ts";
import { reportOf } from "../../src/action/outputs.ts";
import { verdict } from "../../src/action/verdict.ts";
import type { Batch, BatchStatus } from "../../src/api/types.ts";
import { batchOf } from "./batch.ts";

const accepting = { failOn: [], maxRequestFailures: { percent: 100 } };
const strict = { ...accepting, failOn: ["failed", "expired", "cancelled"] };

const nothing = {
  counts: { total: 0, completed: 0, failed: 0 },
  failures: [],
  usage: undefined,
  usageByModel: [],
  cachedByModel: [],
  batches: [],
  unexpected: 0,
  duplicates: 0,
  unusable: [],
  answersFile: undefined,
  keysLeftOut: 0,
};

function endedWith(status: BatchStatus, failed = 0) {
  return reportWith(10, failed, status);
}

function reportWith(total: number, failed: number, status: BatchStatus = "completed") {
  return reportOf([
    batchOf({ status, request_counts: { total, completed: total - failed, failed } }),
  ]);
}

describe("a final status fails the step", () => {
  it.each<[BatchStatus, boolean]>([
    ["completed", false],
    ["failed", true],
    ["expired", true],
    ["cancelled", true],
  ])("%s: %s", (status, fails) => {
    expect(verdict(endedWith(status), strict) !== undefined).toBe(fails);
    expect(verdict(endedWith(status), accepting)).toBeUndefined();
  });

  it("and is told for every batch that has it, with the reason", () => {
    const report = reportOf([
      batchOf({ id: "batch_ok" }),
      batchOf({
        id: "batch_bad",
        status: "failed",
        errors: { data: [{ code: "empty_file", message: "No lines." }] },
      }),
      batchOf({ id: "batch_late", status: "expired" }),
    ]);
    const text = verdict(report, strict);
    expect(text).toContain("batch_bad is failed (empty_file: No lines.); batch_late is expired.");
    expect(text).not.toContain("batch_ok");
  });

  it("and is told without a reason where the server gives none", () => {
    const report = reportOf([batchOf({ status: "failed", errors: { data: [] } })]);
    expect(verdict(report, strict)).toContain("batch_1 is failed.");
  });
});

describe("what is said of the results of a batch that ended badly", () => {
  const failed = batchOf({ status: "expired", output_file_id: "file-out" });
  const results = {
    ...nothing,
    unknown: 0,
    files: new Map(),
    lines: { output: 1, error: 0, answers: 0 },
    problems: [],
    outputFile: undefined,
    errorFile: undefined,
  };

  it("is that they were written only where a file was written", () => {
    const written = { ...results, outputFile: "/answers.jsonl" };
    expect(verdict(reportOf([failed], { results: written }), strict)).toContain("was written");
    expect(verdict(reportOf([failed], { results }), strict)).not.toContain("written");
    expect(verdict(reportOf([failed]), strict)).not.toContain("written");
  });

  it("is nothing where what was written is another batch's", () => {
    const empty = batchOf({ id: "batch_2", status: "failed" });
    const written = { ...results, outputFile: "/answers.jsonl" };
    const told = verdict(reportOf([batchOf(), empty], { results: written }), strict);
    expect(told).toBe("batch_2 is failed. See `fail-on` to accept this status.");
    const both = verdict(reportOf([failed, empty], { results: written }), strict);
    expect(both).toContain("What could be read of their results was written");
  });
});

describe("results that are missing or unknown fail the step", () => {
  const results = {
    ...nothing,
    unknown: 1,
    files: new Map(),
    lines: { output: 0, error: 0, answers: 0 },
    problems: ["1 request has no answer.", "A file is gone."],
    outputFile: "/answers.jsonl",
    errorFile: undefined,
  };
  const told =
    "Not every result could be read; what could was written. 1 request has no answer. A file is gone.";

  it("whatever else is accepted", () => {
    expect(verdict(reportOf([batchOf()], { results }), accepting)).toBe(told);
    expect(verdict(reportOf([batchOf({ status: "expired" })], { results }), accepting)).toBe(told);
  });

  it("under a timeout that is no failure too", () => {
    const timedOut = {
      timeout: 1_000,
      onTimeout: "continue",
      cancelled: new Set<string>(),
    } as const;
    expect(verdict(reportOf([batchOf()], { results }), accepting, { timedOut })).toBe(told);
  });

  it("and none of them none", () => {
    const whole = { ...results, problems: [] };
    expect(verdict(reportOf([batchOf()], { results: whole }), accepting)).toBeUndefined();
  });
});

describe("a reason of a batch that ended badly", () => {
  const bad = (errors: NonNullable<Batch["errors"]>, id = "batch_1") =>
    batchOf({ id, status: "failed", errors });
  const error = (line: number | null | undefined) => ({
    code: "invalid_value",
    message: "Wrong.",
    ...(line !== undefined && { line }),
  });

  it("names the line of the input", () => {
    const told = (line: number | null | undefined) =>
      verdict(reportOf([bad({ data: [error(line)] })]), strict);
    expect(told(3)).toContain("batch_1 is failed (line 3: invalid_value: Wrong.).");
    expect(told(null)).toContain("batch_1 is failed (invalid_value: Wrong.).");
    expect(told(undefined)).toContain("batch_1 is failed (invalid_value: Wrong.).");
  });

  it("names the line of the user's own file where that is known", () => {
    const first = error(3);
    const origins = new Map([[first, { file: "requests.jsonl", line: 12, id: undefined }]]);
    const report = reportOf([bad({ data: [first] })]);
    expect(verdict(report, strict, { origins })).toContain(
      "(requests.jsonl:12: invalid_value: Wrong.)",
    );
  });

  it("comes with advice on the first error of each batch, each advice once and three at the most", () => {
    const of = (code: string, at: number) =>
      batchOf({ id: `b${at}`, status: "failed", errors: { data: [{ code, message: "No." }] } });
    const codes = ["token_limit_exceeded", "token_limit_exceeded", "invalid_json_line"];
    const text = verdict(reportOf(codes.map(of)), strict) ?? "";
    const advice = [...new Set(codes.map((code) => adviceForBatch(code)))];
    expect(advice).toHaveLength(2);
    expect(text).toBe(
      [
        "b0 is failed (token_limit_exceeded: No.); b1 is failed (token_limit_exceeded: No.); b2 is failed (invalid_json_line: No.).",
        ...advice,
        "See `fail-on` to accept this status.",
      ].join(" "),
    );
    const lists = [{}, { data: [] }].map((errors) => batchOf({ status: "failed", errors }));
    expect(verdict(reportOf(lists), strict)).toBe(
      "batch_1 is failed; batch_1 is failed. See `fail-on` to accept this status.",
    );
  });

  it("of more than five batches is given for five, with the number of the others", () => {
    const all = (count: number) =>
      reportOf(Array.from({ length: count }, (_, at) => bad({ data: [] }, `batch_${at + 1}`)));
    expect(verdict(all(5), strict)).not.toContain("likewise");
    expect(verdict(all(6), strict)).toContain("batch_5 is failed; 1 more batch likewise.");
    expect(verdict(all(7), strict)).toContain("batch_5 is failed; 2 more batches likewise.");
    expect(verdict(all(7), strict)).not.toContain("batch_6");
  });
});

describe("failed requests fail the step", () => {
  it.each([
    [{ count: 0 }, 0, false],
    [{ count: 0 }, 1, true],
    [{ count: 3 }, 3, false],
    [{ count: 3 }, 4, true],
    [{ percent: 0 }, 1, true],
    [{ percent: 30 }, 3, false],
    [{ percent: 30 }, 4, true],
    [{ percent: 29.9 }, 3, true],
    [{ percent: 100 }, 10, false],
  ])("over %j with %i of 10: %s", (maxRequestFailures, failed, fails) => {
    const text = verdict(endedWith("completed", failed), { ...accepting, maxRequestFailures });
    expect(text !== undefined).toBe(fails);
    if (fails) expect(text).toContain(`${failed} of 10 requests failed`);
  });

  it("over a percentage, which is exact", () => {
    const counts = fc.record({
      hundreds: fc.integer({ min: 1, max: 1_000 }),
      tenths: fc.integer({ min: 0, max: 1_000 }),
    });
    fc.assert(
      fc.property(counts, ({ hundreds, tenths }) => {
        // Of a multiple of 1,000 requests, every tenth of a percent is a whole number.
        const total = hundreds * 1_000;
        const allowed = hundreds * tenths;
        const limit = { ...accepting, maxRequestFailures: { percent: tenths / 10 } };
        const failing = (failed: number) => verdict(reportWith(total, failed), limit);
        expect(failing(allowed)).toBeUndefined();
        if (allowed < total) expect(failing(allowed + 1)).toBeDefined();
      }),
    );
  });

  it("not at 29 of 100 under 29%", () => {
    const limit = { ...accepting, maxRequestFailures: { percent: 29 } };
    expect(verdict(reportWith(100, 29), limit)).toBeUndefined();
    expect(verdict(reportWith(100, 30), limit)).toBeDefined();
  });

  it("with the percentage that was set", () => {
    const limit = { ...accepting, maxRequestFailures: { percent: 12.5 } };
    expect(verdict(reportWith(100, 13), limit)).toBe(
      "13 of 100 requests failed, more than `max-request-failures` (12.5%) allows.",
    );
  });

  it("with counts that can be read", () => {
    const limit = { ...accepting, maxRequestFailures: { count: 1_000 } };
    expect(verdict(reportWith(50_000, 2_500), limit)).toContain(
      "2,500 of 50,000 requests failed, more than `max-request-failures` (1,000) allows.",
    );
  });

  it("only when the batch has ended", () => {
    const limit = { ...accepting, maxRequestFailures: { count: 0 } };
    expect(verdict(endedWith("in_progress", 5), limit)).toBeUndefined();
  });
});

describe("a timeout", () => {
  const timeout = 7_200_000;
  const running = batchOf({ id: "batch_1", status: "in_progress" });
  const cancelled = batchOf({ id: "batch_2", status: "cancelled" });
  const cancelling = batchOf({ id: "batch_3", status: "cancelling" });
  const late = (batches: readonly Batch[], unsent = 0) =>
    reportOf(batches, { complete: false, unsent });

  const none = new Set<string>();
  const ours = new Set(["batch_2", "batch_3"]);

  it("under fail fails the step and says what keeps running", () => {
    const told = verdict(late([running]), strict, {
      timedOut: { timeout, onTimeout: "fail", cancelled: none },
    });
    expect(told).toMatch(/was up after 2 h .*batch_1 was still running/);
    expect(told).not.toMatch(/cancelled|not sent/);
  });

  it("under cancel names what was cancelled, apart from what was left running", () => {
    const told = verdict(late([running, cancelled, cancelling]), strict, {
      timedOut: { timeout, onTimeout: "cancel", cancelled: ours },
    });
    expect(told).toMatch(
      /was up after 2 h .*batch_2, batch_3 were cancelled.*batch_1 was still running/,
    );
    expect(told).not.toMatch(/batch_1 [^.]*cancelled/);
  });

  it.each(["fail", "cancel"] as const)(
    "under %s tells what somebody else has cancelled as what ended badly by itself",
    (onTimeout) => {
      const told = verdict(late([running, cancelled, cancelling]), strict, {
        timedOut: { timeout, onTimeout, cancelled: none },
      });
      expect(told).toMatch(
        /batch_2 is cancelled\..*batch_3 is being cancelled.*batch_1 was still running/,
      );
      expect(told).not.toContain("as `on-timeout` asks");
    },
  );

  it("claims no cancel that did not happen, and nothing that still runs where all has ended", () => {
    const told = verdict(late([batchOf()], 7), strict, {
      timedOut: { timeout, onTimeout: "cancel", cancelled: ours },
    });
    expect(told).not.toMatch(/cancelled|running/);
    expect(told).toMatch(/7 requests of the input were not sent; run the step again/);
  });

  it("of many batches counts them: GitHub cuts a long message", () => {
    const many = Array.from({ length: 50 }, (_, at) => ({ ...running, id: `batch_${at}` }));
    const told = verdict(late(many), strict, {
      timedOut: { timeout, onTimeout: "fail", cancelled: none },
    });
    expect(told).toContain("50 batches were still running");
  });

  it.each(["fail", "cancel"] as const)(
    "under %s is none for work that has come to its own end all the same",
    (onTimeout) => {
      const timedOut = { timeout, onTimeout, cancelled: none };
      expect(verdict(reportOf([batchOf()]), strict, { timedOut })).toBeUndefined();
    },
  );

  it("under cancel fails the step for what it has cancelled, also where that status is accepted", () => {
    const timedOut = { timeout, onTimeout: "cancel", cancelled: ours } as const;
    expect(verdict(reportOf([cancelled]), accepting, { timedOut })).toMatch(
      /was up after 2 h .*batch_2 was cancelled/,
    );
  });

  it("under cancel says nothing else of what it has cancelled, also where that status fails", () => {
    const timedOut = { timeout, onTimeout: "cancel", cancelled: ours } as const;
    expect(verdict(late([cancelled]), strict, { timedOut })).toBe(
      "The time was up after 2 h (`timeout`). batch_2 was cancelled, as `on-timeout` asks.",
    );
    expect(verdict(late([cancelled, cancelling]), strict, { timedOut })).toContain(
      "batch_2, batch_3 were cancelled, as `on-timeout` asks; `operation: retrieve` brings",
    );
    const ended = reportOf([batchOf(), cancelled]);
    expect(verdict(ended, accepting, { timedOut })).toContain("batch_2 was cancelled");
  });

  it("says one or several in good English, up to five by their ids", () => {
    const many = (count: number, status: BatchStatus) =>
      Array.from({ length: count }, (_, at) => batchOf({ id: `batch_${at + 1}`, status }));
    const told = (batches: readonly Batch[], unsent = 0, onTimeout: "fail" | "cancel" = "cancel") =>
      verdict(late(batches, unsent), accepting, {
        timedOut: {
          timeout,
          onTimeout,
          cancelled: new Set(onTimeout === "cancel" ? batches.map(({ id }) => id) : []),
        },
      });
    expect(told(many(5, "in_progress"))).toContain(
      "batch_4, batch_5 were still running when last seen: wait for",
    );
    expect(told(many(6, "in_progress"))).toContain("6 batches were still running");
    expect(told(many(1, "in_progress"))).toContain("batch_1 was still running");
    expect(told(many(1, "cancelled"))).toBe(
      "The time was up after 2 h (`timeout`). batch_1 was cancelled, as `on-timeout` asks.",
    );
    expect(told(many(2, "cancelling"))).toContain(
      "batch_1, batch_2 were cancelled, as `on-timeout` asks; `operation: retrieve` brings what was answered once the status is `cancelled`.",
    );
    expect(told(many(1, "cancelled"), 0, "fail")).toBe("The time was up after 2 h (`timeout`).");
    expect(told([], 1)).toContain(
      "1 request of the input was not sent; run the step again with the same input to send it.",
    );
    expect(told([], 2)).toContain(
      "2 requests of the input were not sent; run the step again with the same input to send them.",
    );
  });

  it("says beside it what ended badly by itself", () => {
    const failed = batchOf({ id: "batch_4", status: "failed" });
    const told = verdict(late([running, failed]), strict, {
      timedOut: { timeout, onTimeout: "fail", cancelled: none },
    });
    expect(told).toMatch(/batch_4 is failed.*batch_1 was still running/);
  });

  it("under continue is none", () => {
    const timedOut = { timeout: 1, onTimeout: "continue", cancelled: none } as const;
    expect(verdict(late([running]), strict, { timedOut })).toBeUndefined();
  });
});
