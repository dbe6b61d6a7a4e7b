import { expect, test } from "vitest";

import { normalizeBatch, normalizeFile, normalizePage } from "../../src/api/normalize.ts";
import { day, plain } from "./dialects/dialect.ts";

/** Shapes that are no single server's, beside those of the table in `dialects`; and what they have to become. */
const shapes: readonly [what: string, answer: unknown, batch: object][] = [
  [
    "few fields, capitals, ISO times (Together)",
    {
      id: "6b3f-uuid",
      status: "COMPLETED",
      created_at: "2026-01-01T00:00:00Z",
      completed_at: "2026-01-01T01:00:00Z",
    },
    {
      id: "6b3f-uuid",
      object: "batch",
      status: "completed",
      created_at: day,
      completed_at: day + 3_600,
      endpoint: "",
      input_file_id: "",
      completion_window: "",
    },
  ],
  [
    "a status that nobody knows passes",
    { ...plain, status: "On-Hold" },
    { ...plain, status: "on_hold" },
  ],
  ["American spelling", { ...plain, status: "canceled" }, { ...plain, status: "cancelled" }],
  [
    "a state in the place of a status",
    { ...plain, status: null, state: "SUCCEEDED" },
    { ...plain, status: "completed", state: "SUCCEEDED" },
  ],
  ["no status is an unknown one", { id: "b" }, { id: "b", status: "unknown", created_at: 0 }],
  ["an id that is a number", { ...plain, id: 4001 }, { ...plain, id: "4001" }],
  [
    "metadata that holds no texts",
    { ...plain, metadata: { n: 1, yes: true, deep: { a: [] }, none: null } },
    { ...plain, metadata: { n: "1", yes: "true", deep: '{"a":[]}', none: "null" } },
  ],
  [
    "usage without details",
    { ...plain, usage: { input_tokens: 1, output_tokens: 2, total_tokens: 3 } },
    {
      ...plain,
      usage: {
        input_tokens: 1,
        input_tokens_details: { cached_tokens: 0 },
        output_tokens: 2,
        output_tokens_details: { reasoning_tokens: 0 },
        total_tokens: 3,
      },
    },
  ],
  ["an empty usage is none", { ...plain, usage: {}, errors: { data: [] } }, plain],
  [
    "times in milliseconds, microseconds and milliseconds as a text",
    {
      ...plain,
      created_at: day * 1_000 + 12,
      completed_at: (day + 60) * 1_000_000,
      expires_at: String((day + 90) * 1_000),
    },
    { ...plain, completed_at: day + 60, expires_at: day + 90 },
  ],
  [
    "times that are no times are none",
    { ...plain, completed_at: "soon", failed_at: {}, expires_at: Infinity },
    plain,
  ],
];

test.each(shapes)("%s", (_what, answer, batch) => {
  const normalized = normalizeBatch(answer);
  expect(normalized).toMatchObject(batch);
  if ("endpoint" in batch) expect(normalized).toEqual(batch);
});

test.each([
  ["completed", ["succeeded", "SUCCESS", "done", "finished", "complete", "Partially Succeeded"]],
  ["completed", ["PartiallyCompleted", "partial_success", "partially-failed", "partialFailure"]],
  ["completed", ["CompletedWithErrors", "completed_with_warnings", "Ended with failures"]],
  ["failed", ["error", "errored", "failure", "FAILED", "ValidationFailed", "validation_error"]],
  ["expired", ["timeout", "timed_out", "TimedOut"]],
  ["cancelled", ["canceled", "aborted", "stopped", "Terminated", "user_cancelled"]],
  ["cancelling", ["CANCELING", "cancelling", "CancelRequested", "pending_cancellation"]],
  ["in_progress", ["running", "processing", "PROGRESS", "in-progress", "inProgress"]],
  ["validating", ["queued", "pending", "created", "scheduling", "submitted", "in_queue"]],
])("%s has other names", (status, words) => {
  const forms = words.flatMap((word) => [
    word,
    `BATCH_STATE_${word.toUpperCase()}`,
    `job_state_${word}`,
    `BATCH_${word}`,
  ]);
  for (const word of forms) {
    expect([word, normalizeBatch({ ...plain, status: word })?.status]).toEqual([word, status]);
  }
});

test.each<readonly [what: string, fields: object, data: object[]]>([
  ["a list of texts", { errors: ["line 2: no"] }, [{ message: "line 2: no" }]],
  ["a text", { errors: "no" }, [{ message: "no" }]],
  ["one object", { errors: { code: "x", message: "no" } }, [{ code: "x", message: "no" }]],
  ["an object of data", { errors: { data: ["no"] } }, [{ message: "no" }]],
  ["an object of lines", { errors: { "line 3": "no" } }, [{ param: "line 3", message: "no" }]],
  ["lines as texts", { errors: [{ message: "no", line: "3" }] }, [{ message: "no", line: 3 }]],
  ["numbers for codes", { errors: [{ code: 400, msg: "no" }] }, [{ code: "400", message: "no" }]],
  ["a single error", { errors: null, error: { message: "no" } }, [{ message: "no" }]],
  ["a single text", { error: "no" }, [{ message: "no" }]],
  ["an empty list beside an error", { errors: [], error: "no" }, [{ message: "no" }]],
  ["the reason of a failure", { failure_reason: "no" }, [{ message: "no" }]],
])("what is wrong with a batch may be %s", (_what, fields, data) => {
  const batch = normalizeBatch({ ...plain, status: "failed", ...fields });
  expect(batch?.errors).toEqual({ object: "list", data });
  expect(normalizeBatch(batch)).toEqual(batch);
});

test("words of a server that are shown do nothing to a terminal", () => {
  const status = "on\u001b[31m hold\n::error::x";
  const errors = [{ code: "a\u0007", message: "no\u001b[2J\n\u202ebatch", param: "x\ny" }];
  const batch = normalizeBatch({ ...plain, status, errors });
  expect(batch?.status).toBe("on_hold_::error::x");
  expect(batch?.errors?.data).toEqual([{ code: "a", message: "no batch", param: "x y" }]);
});

test("a message of a batch that has not failed is no error", () => {
  expect(normalizeBatch({ ...plain, status_message: "Fine." })).not.toHaveProperty("errors");
});

test("ids that say that there is none are left out, numbers become texts", () => {
  const given = { ...plain, output_file_id: 12, error_file_id: "None", input_file_id: "undefined" };
  const batch = normalizeBatch(given);
  expect(batch).toMatchObject({ output_file_id: "12", input_file_id: "" });
  expect(batch).not.toHaveProperty("error_file_id");
});

test("counts may be texts", () => {
  const request_counts = { total: "3", completed: "2", failed: "1" };
  expect(normalizeBatch({ ...plain, request_counts })?.request_counts).toEqual({
    total: 3,
    completed: 2,
    failed: 1,
  });
});

test("what stands in a wrapper, with names in camel case, is read", () => {
  const { created_at, ...others } = plain;
  const data = { ...others, createdAt: created_at, outputFileId: "file-2" };
  const wrapped = { code: 20_000, message: "Ok", status: true, data };
  expect(normalizeBatch(wrapped)).toEqual({ ...plain, output_file_id: "file-2" });
  const file = { id: "file-1", bytes: "12", createdAt: day };
  expect(normalizeFile({ data: file })).toMatchObject({ id: "file-1", bytes: 12, created_at: day });
});

test.each(["constructor", "toString", "__proto__"])(
  "a status that every object has (%s) is a text like any other",
  (status) => {
    expect(normalizeBatch({ ...plain, status })?.status).toBe(status.toLowerCase());
  },
);

test.each([
  null,
  undefined,
  "batch_1",
  7,
  [],
  [plain],
  {},
  { id: {} },
  { id: "None" },
  { id: "" },
  { id: null },
  { job: null },
  { error: "x" },
])("%j holds no batch", (answer) => {
  expect(normalizeBatch(answer)).toBeUndefined();
});

test("an answer is not changed by being read", () => {
  const answer = Object.freeze({ ...plain, metadata: Object.freeze({ a: "b" }) });
  expect(normalizeBatch(answer)).not.toBe(answer);
});

test("what is normalized stays so", () => {
  for (const [, answer] of shapes) {
    const once = normalizeBatch(answer);
    expect(normalizeBatch(once)).toEqual(once);
  }
});

test.each([
  ["a list", { object: "list", data: [1], has_more: true, last_id: "x" }, [1], true, "x"],
  ["value (older Azure)", { value: [1] }, [1], undefined, undefined],
  ["a bare array (Together)", [1, 2], [1, 2], undefined, undefined],
  ["wrapped", { code: 0, data: { data: [1], has_more: true } }, [1], true, undefined],
  ["in camel case", { data: [1], hasMore: "True", lastId: 7 }, [1], true, "7"],
  ["null for none", { object: "list", data: null }, [], false, undefined],
  ["an empty cursor", { data: [], has_more: false, last_id: "" }, [], false, undefined],
])("a page may be %s", (_name, answer, items, hasMore, lastId) => {
  const page = normalizePage(answer);
  expect(page).toMatchObject({ items, hasMore });
  expect(page?.lastId).toBe(lastId);
});

test.each([null, "x", 7, {}, { data: {} }, { data: "x" }, { error: { message: "x" } }])(
  "%j is no page",
  (answer) => {
    expect(normalizePage(answer)).toBeUndefined();
  },
);

test("a file of few fields, ISO times and nulls is a file", () => {
  expect(normalizeFile({ id: "file-1" })).toEqual({
    id: "file-1",
    object: "file",
    bytes: 0,
    created_at: 0,
    filename: "",
    purpose: "batch",
  });
  expect(
    normalizeFile({
      id: "files/1",
      bytes: 5,
      created_at: "2026-01-01T00:00:00Z",
      expires_at: String(day + 1),
      filename: "a.jsonl",
      purpose: "batch-api",
      status_details: null,
    }),
  ).toEqual({
    id: "files/1",
    object: "file",
    bytes: 5,
    created_at: day,
    expires_at: day + 1,
    filename: "a.jsonl",
    purpose: "batch-api",
  });
  expect(normalizeFile({ id: "f", expires_at: "never" })).not.toHaveProperty("expires_at");
  for (const none of [null, [], {}, { id: [] }, { id: "null" }])
    expect(normalizeFile(none)).toBeUndefined();
});
