import { describe, expect, it, test } from "vitest";

import type { Batch } from "../../../src/api/types.ts";
import type { RequestState, ResultFile } from "../../../src/batch/knowledge.ts";
import { answerProblems } from "../../../src/batch/answers/problem.ts";
import {
  decideAnswer,
  decideAskAgain,
  decideGone,
  decideInputOrder,
  decideRecord,
  decideResend,
  decideStanding,
  endOf,
  expectsFile,
  type FileSight,
  isOpen,
  judgeFiles,
  readableAfter,
  stateOfUnnamed,
} from "../../../src/batch/rules.ts";
import { batchOf } from "../../action/batch.ts";

const counts = (total: number, completed: number, failed: number) => ({
  request_counts: { total, completed, failed },
});

type Content = Extract<FileSight, { readonly seen: "content" }>;

const content = (fields: Partial<Content> = {}): Content => ({
  kind: "output",
  seen: "content",
  lines: 3,
  unreadable: 0,
  strange: 0,
  length: "unknown",
  ...fields,
});

describe("a request is sent again", () => {
  const cases: readonly [RequestState, "resend" | "keep", string][] = [
    [{ state: "failed", code: "http_503", transient: true }, "resend", "http_503"],
    [{ state: "failed", code: "invalid_value", transient: false }, "keep", "no retry changes"],
    [{ state: "never-ran", code: "batch_expired", transient: true }, "resend", "never ran"],
    [{ state: "never-ran", code: "invalid_model", transient: false }, "keep", "refused"],
    [{ state: "missing" }, "resend", "do not name it"],
    [{ state: "answered" }, "keep", "is answered"],
    [{ state: "answered", problem: "empty" }, "keep", "is answered"],
    [{ state: "rejected", code: "truncated" }, "keep", "was paid for and is truncated"],
    [{ state: "unsent", message: "No time." }, "keep", "No time."],
    [{ state: "pending", message: "It runs." }, "keep", "It runs."],
    [
      { state: "unknown", code: "result_unknown", message: "Cut." },
      "keep",
      "may be answered: Cut.",
    ],
  ];

  it.each(cases)("only when it is known to be unanswered: %j → %s", (state, decision, why) => {
    const decided = decideResend(state);
    expect(decided.decision).toBe(decision);
    expect(decided.why).toContain(why);
  });

  it("or it is kept in the very words of what it waits for", () => {
    for (const state of ["unsent", "pending"] as const) {
      expect(decideResend({ state, message: "It runs." }).why).toBe("It runs.");
    }
  });
});

describe("an answer with a problem", () => {
  it.each(answerProblems)("is a failure only where it is rejected: %s", (problem) => {
    const others = answerProblems.filter((other) => other !== problem);
    expect(decideAnswer(problem, new Set(others)).decision).toBe("accept");
    expect(decideAnswer(problem, new Set([problem])).decision).toBe("reject");
  });
});

describe("of two things that are said of one request", () => {
  const answered: RequestState = { state: "answered" };
  const rejected: RequestState = { state: "rejected", code: "refused" };
  const failed: RequestState = { state: "failed", code: "http_500", transient: true };
  const missing: RequestState = { state: "missing" };
  const neverRan: RequestState = { state: "never-ran", code: "batch_expired", transient: true };
  const unknown: RequestState = { state: "unknown", code: "result_unknown", message: "It is cut." };
  const pending: RequestState = { state: "pending", message: "It runs." };
  const unsent: RequestState = { state: "unsent", message: "It was not sent." };
  it.each<[RequestState, RequestState, "replace" | "keep"]>([
    [answered, answered, "keep"],
    [answered, rejected, "keep"],
    [answered, failed, "keep"],
    [rejected, answered, "replace"],
    [rejected, rejected, "keep"],
    // It might be sent again for the failure, and has been paid for.
    [rejected, failed, "keep"],
    [failed, answered, "replace"],
    [failed, rejected, "replace"],
    [failed, failed, "replace"],
    [answered, unknown, "keep"],
    [rejected, missing, "keep"],
    // Another batch may have answered it, and what this one says is of its own requests.
    [unknown, failed, "keep"],
    [unknown, neverRan, "keep"],
    [unknown, missing, "keep"],
    [unknown, pending, "keep"],
    [unknown, unsent, "keep"],
    [unknown, answered, "replace"],
    [unknown, rejected, "replace"],
    [failed, unknown, "replace"],
    [failed, pending, "replace"],
    [failed, missing, "keep"],
    [failed, neverRan, "keep"],
    [failed, unsent, "keep"],
    [pending, failed, "replace"],
    [pending, neverRan, "replace"],
    [neverRan, missing, "replace"],
    // Its batch was turned away, and had not gone again when the time was up.
    [neverRan, unsent, "replace"],
  ])("%j and then %j: %s", (before, now, decision) => {
    expect(decideStanding(before, now).decision).toBe(decision);
  });
});

describe("a batch is recorded as collected", () => {
  const whole: ResultFile = { state: "complete", why: "length", lines: 1 };
  const gone: ResultFile = { state: "gone", why: "deleted" };
  const cut: ResultFile = { state: "incomplete", why: "it is cut", lines: 1 };
  const late: ResultFile = { state: "not yet there", why: "it is late" };

  it.each<[readonly ResultFile[], "record" | "leave", string]>([
    [[whole, whole], "record", "read whole"],
    [[{ state: "none" }], "record", "read whole"],
    [[whole, gone], "record", "gone for good"],
    [[], "record", "read whole"],
    [[whole, cut], "leave", "it is cut"],
    [[late, whole], "leave", "it is late"],
    [[gone, late], "leave", "it is late"],
  ])("only when no file of it is open: %j → %s", (files, decision, why) => {
    const decided = decideRecord(files);
    expect(decided.decision).toBe(decision);
    expect(decided.why).toContain(why);
  });

  it.each<[ResultFile, boolean]>([
    [whole, false],
    [gone, false],
    [{ state: "none" }, false],
    [cut, true],
    [late, true],
  ])("%j is open: %s", (file, open) => {
    expect(isOpen(file)).toBe(open);
  });
});

describe("a file that is not named is expected", () => {
  it.each<[string, Partial<Batch>, boolean]>([
    ["of a failed batch", { status: "failed" }, false],
    ["of a failed batch that counts answers", { status: "failed", ...counts(3, 1, 0) }, false],
    ["beside an output file", { output_file_id: "o", ...counts(3, 2, 1) }, false],
    ["where answers are counted", counts(3, 1, 2), true],
    [
      "where answers are counted, beside an error file",
      { error_file_id: "e", ...counts(3, 1, 2) },
      true,
    ],
    ["where all failed, beside an error file", { error_file_id: "e", ...counts(3, 0, 3) }, false],
    ["where nothing is counted, beside an error file", { error_file_id: "e" }, false],
    ["of a completed batch without counts", {}, true],
    ["of an expired batch without counts", { status: "expired" }, true],
    ["of a cancelled batch without counts", { status: "cancelled" }, true],
    ["where failures are counted", { status: "expired", ...counts(3, 0, 3) }, true],
    ["of a completed batch that counts nothing", counts(3, 0, 0), true],
    ["of a completed batch of no request", counts(0, 0, 0), true],
    ["of an expired batch of which nothing ran", { status: "expired", ...counts(3, 0, 0) }, false],
    [
      "of a cancelled batch of which nothing ran",
      { status: "cancelled", ...counts(3, 0, 0) },
      false,
    ],
    ["of a batch cancelled before it began", { status: "cancelled", ...counts(0, 0, 0) }, false],
    [
      "of a batch that ran and shows zeros",
      { status: "cancelled", in_progress_at: 5, ...counts(0, 0, 0) },
      true,
    ],
    [
      "of a batch that ran and counts none of its requests",
      { status: "cancelled", in_progress_at: 5, ...counts(3, 0, 0) },
      false,
    ],
  ])("%s", (_name, fields, expected) => {
    expect(expectsFile(batchOf(fields))).toBe(expected);
  });
});

describe("a result file", () => {
  const named = { output_file_id: "o" };
  const both = { output_file_id: "o", error_file_id: "e" };
  const error = (fields: Partial<Content> = {}) => content({ kind: "error", ...fields });

  it.each<[string, Partial<Batch>, readonly FileSight[], string]>([
    ["of named length", named, [content({ length: "whole" })], "length"],
    ["that its batch's counts are met by", { ...named, ...counts(3, 3, 0) }, [content()], "counts"],
    [
      "of named length that meets the counts",
      { ...named, ...counts(3, 3, 0) },
      [content({ length: "whole" })],
      "length and counts",
    ],
    ["that holds the failures too", { ...named, ...counts(3, 2, 1) }, [content()], "counts"],
    [
      "of an expired batch that has counted what ran",
      { ...named, status: "expired", ...counts(9, 3, 0) },
      [content()],
      "counts",
    ],
    ["that came twice the same", named, [content({ length: "twice the same" })], "twice the same"],
    [
      "that came twice the same and meets the counts",
      { ...named, ...counts(3, 3, 0) },
      [content({ length: "twice the same" })],
      "counts",
    ],
    [
      "of named length of a batch that counts nothing",
      { ...named, ...counts(0, 0, 0) },
      [content({ length: "whole" })],
      "length",
    ],
    [
      "with a strange line, and no input to tell",
      named,
      [content({ strange: 1, length: "whole" })],
      "length",
    ],
  ])("%s is complete", (_name, fields, sights, why) => {
    const lines = 3;
    expect(judgeFiles(batchOf(fields), sights, undefined)).toEqual([
      { state: "complete", why, lines },
    ]);
  });

  it.each<[string, Partial<Batch>, Partial<Content>, number | undefined, string]>([
    ["that nothing measures", {}, {}, undefined, "nothing tells how long"],
    [
      "that came twice the same and lacks requests",
      {},
      { length: "twice the same" },
      1,
      "nothing tells how long",
    ],
    [
      "that came twice with nothing in it",
      { status: "expired", ...counts(0, 0, 0) },
      { length: "twice the same", lines: 0 },
      undefined,
      "nothing tells how long",
    ],
    ["that nothing measures but zeros", counts(0, 0, 0), {}, undefined, "nothing tells how long"],
    [
      "whose batch has completed and counted only a part",
      counts(5, 3, 0),
      {},
      undefined,
      "nothing tells how long",
    ],
    [
      "with fewer lines than answers",
      counts(4, 4, 0),
      { length: "whole" },
      undefined,
      "3 lines, and the batch counts 4 answers",
    ],
    [
      "with fewer lines than results",
      counts(4, 3, 1),
      { length: "whole" },
      1,
      "3 lines came, and the batch counts 4 results",
    ],
    [
      "that is shorter than it should be",
      counts(3, 3, 0),
      { length: "short" },
      undefined,
      "shorter",
    ],
    [
      "of which no line is a result",
      {},
      { lines: 0, unreadable: 2, length: "whole" },
      3,
      "not a result file",
    ],
    [
      "with a line that cannot be read",
      counts(3, 3, 0),
      { unreadable: 1, length: "whole" },
      undefined,
      "1 of its lines could not be read",
    ],
    [
      "with a line for nobody while a request lacks one",
      {},
      { strange: 2, length: "whole" },
      1,
      "2 of its lines name no request of the input, and 1 request has no line",
    ],
    [
      "with a line for nobody while several requests lack one",
      {},
      { strange: 1, length: "whole" },
      2,
      "1 of its lines names no request of the input, and 2 requests have no line",
    ],
  ])("%s is incomplete", (_name, fields, seen, lacking, why) => {
    const sight = content(seen);
    const [file, ...others] = judgeFiles(batchOf({ ...named, ...fields }), [sight], lacking);
    expect(file).toMatchObject({ state: "incomplete", lines: sight.lines });
    expect(file).toHaveProperty("why", expect.stringContaining(why));
    expect(others).toEqual([]);
  });

  it.each<[string, Partial<Content>]>([
    ["that nothing measures", {}],
    ["that is short", { length: "short" }],
    ["with lines that are none", { unreadable: 4, strange: 1 }],
  ])("%s is complete when every request has its line", (_name, seen) => {
    const batch = batchOf({ ...named, ...counts(9, 9, 0) });
    expect(judgeFiles(batch, [content(seen)], 0)).toEqual([
      { state: "complete", why: "counts", lines: 3 },
    ]);
    expect(judgeFiles(batch, [content({ length: "whole" })], 0)).toEqual([
      { state: "complete", why: "length and counts", lines: 3 },
    ]);
  });

  test("the lines of both files are counted together", () => {
    const sights = [content({ length: "whole" }), error({ lines: 2, length: "whole" })];
    const states = (more: object) =>
      judgeFiles(batchOf({ ...both, ...more }), sights, undefined).map(({ state }) => state);
    expect(states(counts(5, 3, 2))).toEqual(["complete", "complete"]);
    expect(states(counts(6, 3, 3))).toEqual(["incomplete", "incomplete"]);
    // Lines of the error file do not stand for answers.
    expect(states(counts(5, 4, 0))).toEqual(["incomplete", "incomplete"]);
  });

  test("a file that has not come is not held against the other", () => {
    const late = { kind: "error", seen: "refused", why: "425" } as const;
    const sights = [content({ length: "whole" }), late];
    expect(judgeFiles(batchOf({ ...both, ...counts(5, 3, 2) }), sights, 2)).toEqual([
      { state: "complete", why: "length and counts", lines: 3 },
      { state: "not yet there", why: "425" },
    ]);
  });

  test("answers that are counted are not looked for in the error file", () => {
    const late = { kind: "output", seen: "refused", why: "425" } as const;
    const sights = [late, error({ lines: 1, length: "whole" })];
    expect(judgeFiles(batchOf({ ...both, ...counts(4, 3, 1) }), sights, 3)).toEqual([
      { state: "not yet there", why: "425" },
      { state: "complete", why: "length and counts", lines: 1 },
    ]);
  });

  test("files without a line are believed only of a batch that was ended and says so", () => {
    const sights = [content({ lines: 0, length: "whole" }), error({ lines: 0, length: "whole" })];
    const states = (more: Partial<Batch>) =>
      judgeFiles(batchOf({ ...both, ...more }), sights, 3).map(({ state }) => state);
    const empty = ["incomplete", "incomplete"];
    const whole = ["complete", "complete"];
    expect(states({})).toEqual(empty);
    expect(states(counts(3, 0, 0))).toEqual(empty);
    expect(states({ status: "expired" })).toEqual(empty);
    expect(states({ status: "expired", ...counts(3, 0, 0) })).toEqual(whole);
    expect(states({ status: "cancelled", ...counts(3, 0, 0) })).toEqual(whole);
    expect(judgeFiles(batchOf(named), [content({ lines: 0, length: "whole" })], 3)).toEqual([
      { state: "incomplete", why: "there is not one line in it", lines: 0 },
    ]);
    // One file with lines speaks for the other.
    const one = [content({ lines: 0, length: "whole" }), error({ lines: 1, length: "whole" })];
    expect(judgeFiles(batchOf(both), one, 2).map(({ state }) => state)).toEqual(whole);
  });

  test("an error file alone is held against what the batch counts", () => {
    const batch = (failed: number) => batchOf({ error_file_id: "e", ...counts(failed, 0, failed) });
    expect(judgeFiles(batch(3), [error()], undefined)).toMatchObject([{ state: "complete" }]);
    expect(judgeFiles(batch(4), [error()], undefined)).toMatchObject([{ state: "incomplete" }]);
  });

  test("one that is gone is not one that is late", () => {
    const sight = { kind: "output", seen: "gone", why: "404" } as const;
    expect(judgeFiles(batchOf(named), [sight], 3)).toEqual([{ state: "gone", why: "404" }]);
  });

  test("one that is expected and not named is not there yet", () => {
    expect(judgeFiles(batchOf(counts(4, 2, 0)), [], 4)).toEqual([
      { state: "not yet there", why: "it counts 2 answers and names no file that holds them" },
    ]);
    expect(judgeFiles(batchOf(counts(4, 0, 0)), [], 4)).toEqual([
      { state: "not yet there", why: "it has ended and names no file of results" },
    ]);
    expect(judgeFiles(batchOf(), [], undefined)).toEqual([
      { state: "not yet there", why: "it has ended and names no file of results" },
    ]);
  });

  test("one that is expected is not missed when every request has its line", () => {
    const batch = batchOf({ error_file_id: "e", ...counts(3, 3, 0) });
    expect(judgeFiles(batch, [error()], 0)).toMatchObject([{ state: "complete" }]);
    expect(judgeFiles(batch, [error()], 1).map(({ state }) => state)).toContain("not yet there");
  });

  test("there is none where the server says that nothing ran", () => {
    const batch = batchOf({ status: "expired", ...counts(4, 0, 0) });
    expect(judgeFiles(batch, [], 4)).toEqual([{ state: "none" }]);
    expect(judgeFiles(batchOf({ status: "failed" }), [], 4)).toEqual([{ state: "none" }]);
  });
});

describe("a request that no line names", () => {
  const whole: ResultFile = { state: "complete", why: "length", lines: 3 };
  const gone: ResultFile = { state: "gone", why: "deleted" };
  const cut: ResultFile = { state: "incomplete", why: "it is cut", lines: 1 };
  const late: ResultFile = { state: "not yet there", why: "425" };
  const none: ResultFile = { state: "none" };
  const failedWith = (code: string): Partial<Batch> => ({
    status: "failed",
    errors: { data: [{ code, message: "x" }, { code: "other" }] },
  });

  it.each<[string, Partial<Batch>, readonly ResultFile[], object]>([
    ["is missing in complete files", {}, [whole], { state: "missing" }],
    [
      "is missing in those of an expired batch",
      { status: "expired" },
      [whole],
      { state: "missing" },
    ],
    [
      "is unknown in a file that is cut",
      {},
      [whole, cut],
      { state: "unknown", code: "result_unknown" },
    ],
    [
      "is unknown in a file that is late",
      {},
      [late],
      { state: "unknown", code: "result_unavailable" },
    ],
    [
      "is unknown in a file that is gone",
      {},
      [gone, cut],
      { state: "unknown", code: "result_unavailable" },
    ],
    [
      "is unknown in the cut file of a failed batch",
      { status: "failed" },
      [cut],
      { state: "unknown" },
    ],
    [
      "never ran in an expired batch without files",
      { status: "expired" },
      [none],
      { state: "never-ran", code: "batch_expired", transient: true },
    ],
    [
      "never ran in a cancelled batch without files",
      { status: "cancelled" },
      [none],
      { state: "never-ran", code: "batch_cancelled", transient: true },
    ],
    [
      "is unknown in a completed batch without files",
      {},
      [none],
      { state: "unknown", code: "result_unknown" },
    ],
    [
      "never ran in a failed batch, for the batch's reason",
      failedWith("model_not_found"),
      [none],
      { state: "never-ran", code: "model_not_found", transient: false },
    ],
    [
      "never ran in a batch that found no room, which passes",
      failedWith("token_limit_exceeded"),
      [none],
      { state: "never-ran", code: "token_limit_exceeded", transient: true },
    ],
    [
      "never ran in a failed batch that gives no reason",
      { status: "failed" },
      [none],
      { state: "never-ran", code: "batch_failed", transient: false },
    ],
    [
      "never ran in a failed batch whose error has no code",
      { status: "failed", errors: { data: [{ message: "x" }] } },
      [none],
      { state: "never-ran", code: "batch_failed", transient: false },
    ],
    [
      "never ran in a failed batch that lists no error",
      { status: "failed", errors: { data: [] } },
      [none],
      { state: "never-ran", code: "batch_failed", transient: false },
    ],
    [
      "never ran in a failed batch whose errors are no list",
      { status: "failed", errors: {} },
      [none],
      { state: "never-ran", code: "batch_failed", transient: false },
    ],
    [
      "never ran in an expired batch of which no file is known",
      { status: "expired" },
      [],
      { state: "never-ran", code: "batch_expired", transient: true },
    ],
    [
      "is not answered by a batch that broke off and has answers of others",
      { status: "failed", output_file_id: "file-out" },
      [whole],
      { state: "missing" },
    ],
    [
      "never ran in a batch that broke off without a readable answer",
      { status: "failed", output_file_id: "file-out" },
      [none],
      { state: "never-ran", code: "batch_failed", transient: false },
    ],
    [
      "never ran in a failed batch that has files for others",
      { status: "failed" },
      [whole],
      { state: "never-ran", code: "batch_failed", transient: false },
    ],
  ])("%s", (_name, fields, files, state) => {
    expect(stateOfUnnamed(batchOf(fields), files)).toMatchObject(state);
  });

  it.each<[ResultFile, string]>([
    [cut, "may not be whole: it is cut"],
    [late, "could not be read: 425"],
    [gone, "is gone from the server"],
    [none, "was never named"],
  ])("is told why it is unknown: %j", (file, why) => {
    expect(stateOfUnnamed(batchOf({ id: "batch_7" }), [file])).toHaveProperty(
      "message",
      `A result file of batch batch_7 ${why}. The request may have been answered and billed.`,
    );
  });
});

describe("content that is refused", () => {
  it.each([
    [425, undefined, "ask again"],
    [425, readableAfter, "ask again"],
    [404, undefined, "ask again"],
    [404, 0, "ask again"],
    [404, -5_000, "ask again"],
    [403, readableAfter - 1, "ask again"],
    [400, readableAfter - 1, "ask again"],
    [409, 0, "ask again"],
    [423, undefined, "ask again"],
    [409, readableAfter, "leave"],
    [404, readableAfter, "leave"],
    [403, readableAfter, "leave"],
    [400, readableAfter + 1, "leave"],
    [401, 0, "leave"],
    [410, 0, "leave"],
    [500, 0, "leave"],
    [undefined, undefined, "leave"],
  ] as const)("with %s, %s ms after the end: %s", (status, endedAgo, decision) => {
    expect(decideAskAgain(status, endedAgo).decision).toBe(decision);
  });

  it.each([
    [425, 0, "too early"],
    [404, 0, "only just ended"],
    [404, readableAfter, "long ago"],
    [500, 0, "not ready"],
  ])("is decided for a reason: %s after %s ms", (status, endedAgo, why) => {
    expect(decideAskAgain(status, endedAgo).why).toContain(why);
  });

  test("ten minutes after the end is long after it", () => {
    expect(readableAfter).toBe(600_000);
  });

  it.each<[Partial<Batch>, number | undefined]>([
    [{}, undefined],
    [{ completed_at: 7 }, 7_000],
    [{ expired_at: 7 }, 7_000],
    [{ cancelled_at: 7 }, 7_000],
    [{ failed_at: 7 }, 7_000],
    [{ cancelled_at: 9, completed_at: 7 }, 9_000],
  ])("the end of %j is %s", (fields, end) => {
    expect(endOf(batchOf(fields))).toBe(end);
  });
});

test.each([
  [1, "look again"],
  [2, "look again"],
  [3, "gone"],
  [4, "gone"],
] as const)("a file that %d looks in a row have not found: %s", (looks, decision) => {
  expect(decideGone(looks).decision).toBe(decision);
});

describe("the input as the server gives it", () => {
  const came = { length: "whole", requests: 3, unreadable: 0 } as const;
  const counted = counts(3, 3, 0);

  it.each([
    ["use", "it came whole", counted, came],
    ["use", "it came whole", {}, came],
    ["use", "it came whole", counts(0, 0, 0), came],
    ["use", "it came whole", counted, { ...came, length: "unknown" }],
    ["leave", "shorter than the server says", counted, { ...came, length: "short" }],
    ["leave", "no file of requests", counted, { ...came, unreadable: 1 }],
    ["leave", "no file of requests", {}, { ...came, requests: 0 }],
    ["leave", "2 requests came, and the batch counts 3", counted, { ...came, requests: 2 }],
    ["leave", "nothing tells", {}, { ...came, length: "unknown" }],
    ["leave", "nothing tells", counts(0, 0, 0), { ...came, length: "unknown" }],
    ["leave", "nothing tells", counts(2, 2, 0), { ...came, length: "unknown" }],
  ] as const)(
    "gives an order only when it is known to be whole: %s (%s)",
    (is, why, batch, sight) => {
      const decided = decideInputOrder(batch, sight);
      expect(decided.decision).toBe(is);
      expect(decided.why).toContain(why);
    },
  );
});
