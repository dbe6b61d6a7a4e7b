import { expect, test } from "vitest";

import { normalizeBatch, normalizeFile, normalizePage } from "../../src/api/normalize.ts";

/** 1 January 2026 in Unix seconds. */
const day = 1_767_225_600;

const plain = {
  id: "batch_1",
  object: "batch",
  endpoint: "/v1/chat/completions",
  input_file_id: "file-1",
  completion_window: "24h",
  status: "in_progress",
  created_at: day,
};

/** One answer in the shape of each server of the table of dialects, and what it has to become. */
const dialects: readonly [server: string, answer: unknown, batch: object][] = [
  [
    "OpenAI: every field, null where there is nothing yet",
    {
      ...plain,
      model: "gpt-5-nano-2025-08-07",
      errors: null,
      status: "completed",
      output_file_id: "file-out",
      error_file_id: null,
      in_progress_at: day + 1,
      expires_at: day + 86_400,
      finalizing_at: day + 2,
      completed_at: day + 3,
      failed_at: null,
      expired_at: null,
      cancelling_at: null,
      cancelled_at: null,
      request_counts: { total: 3, completed: 2, failed: 1 },
      usage: {
        input_tokens: 5,
        input_tokens_details: { cached_tokens: 1 },
        output_tokens: 6,
        output_tokens_details: { reasoning_tokens: 2 },
        total_tokens: 11,
      },
      metadata: { run: "7" },
    },
    {
      ...plain,
      model: "gpt-5-nano-2025-08-07",
      status: "completed",
      output_file_id: "file-out",
      in_progress_at: day + 1,
      expires_at: day + 86_400,
      finalizing_at: day + 2,
      completed_at: day + 3,
      request_counts: { total: 3, completed: 2, failed: 1 },
      usage: {
        input_tokens: 5,
        input_tokens_details: { cached_tokens: 1 },
        output_tokens: 6,
        output_tokens_details: { reasoning_tokens: 2 },
        total_tokens: 11,
      },
      metadata: { run: "7" },
    },
  ],
  [
    "Azure: endpoint null, counts null, an error file that is always named",
    {
      ...plain,
      endpoint: null,
      status: "completed",
      error_file_id: "file-err",
      error_blob: "",
      request_counts: { total: null, completed: null, failed: null },
      usage: null,
      metadata: null,
    },
    {
      ...plain,
      endpoint: "",
      status: "completed",
      error_file_id: "file-err",
      request_counts: { total: 0, completed: 0, failed: 0 },
    },
  ],
  [
    "Groq: a window of days",
    { ...plain, id: "batch_01jh6x", completion_window: "7d", metadata: null },
    { ...plain, id: "batch_01jh6x", completion_window: "7d" },
  ],
  [
    "Together: {job}, capitals, CANCELING, ISO times, neither object nor counts",
    {
      job: {
        id: "6b3f-uuid",
        user_id: "u1",
        input_file_id: "file-1",
        file_size_bytes: 12,
        status: "CANCELING",
        job_deadline: "2026-01-02T00:00:00.000Z",
        created_at: "2026-01-01T00:00:00.900Z",
        endpoint: "/v1/chat/completions",
        progress: 12.5,
      },
      warning: "one line was odd",
    },
    {
      id: "6b3f-uuid",
      object: "batch",
      user_id: "u1",
      input_file_id: "file-1",
      file_size_bytes: 12,
      status: "cancelling",
      job_deadline: "2026-01-02T00:00:00.000Z",
      created_at: day,
      endpoint: "/v1/chat/completions",
      completion_window: "",
      progress: 12.5,
    },
  ],
  [
    "Together: retrieved, completed with an ISO time",
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
    "Novita: PROGRESS and times that are texts",
    { ...plain, status: "PROGRESS", created_at: String(day), in_progress_at: "" },
    plain,
  ],
  [
    "Gemini: ids with a slash",
    {
      ...plain,
      id: "batches/abc-1",
      input_file_id: "files/in-1",
      output_file_id: "files/batch-out",
    },
    {
      ...plain,
      id: "batches/abc-1",
      input_file_id: "files/in-1",
      output_file_id: "files/batch-out",
    },
  ],
  [
    "DashScope: ids and windows of its own",
    {
      ...plain,
      id: "batch_5c5a",
      input_file_id: "file-batch-1",
      completion_window: "14d",
      errors: {},
    },
    { ...plain, id: "batch_5c5a", input_file_id: "file-batch-1", completion_window: "14d" },
  ],
  [
    "LiteLLM: a long base64 id, hidden parameters kept",
    {
      ...plain,
      id: "bGl0ZWxsbV9wcm94eTs=".repeat(20),
      _hidden_params: { model_id: "x" },
      status: "validating",
    },
    {
      ...plain,
      id: "bGl0ZWxsbV9wcm94eTs=".repeat(20),
      _hidden_params: { model_id: "x" },
      status: "validating",
    },
  ],
  [
    'LiteLLM and kaibo: error_file_id "" is none (kaibo#93)',
    { ...plain, status: "completed", output_file_id: "", error_file_id: "" },
    { ...plain, status: "completed" },
  ],
  [
    "llama-stack: errors of one line",
    {
      ...plain,
      status: "failed",
      failed_at: day + 1,
      errors: {
        object: "list",
        data: [{ code: "invalid_request", line: 1, message: "Wrong.", param: null }],
      },
      request_counts: { completed: 0, failed: 0, total: 0 },
    },
    {
      ...plain,
      status: "failed",
      failed_at: day + 1,
      errors: { object: "list", data: [{ code: "invalid_request", line: 1, message: "Wrong." }] },
      request_counts: { completed: 0, failed: 0, total: 0 },
    },
  ],
  [
    "doubleword: a UUID, nulls left out, expired_at on a live batch",
    {
      ...plain,
      id: "0f9d1e1c-3a55-4c5b-9d0e-000000000000",
      expired_at: day + 9,
      output_file_id: "o",
    },
    {
      ...plain,
      id: "0f9d1e1c-3a55-4c5b-9d0e-000000000000",
      expired_at: day + 9,
      output_file_id: "o",
    },
  ],
  [
    "aibrix: errors as a bare list, some empty",
    {
      ...plain,
      status: "failed",
      errors: [{ code: "x", message: "y", line: null }, "not an error", null],
    },
    {
      ...plain,
      status: "failed",
      errors: { object: "list", data: [{ code: "x", message: "y" }] },
    },
  ],
  [
    "Portkey: the window immediate",
    { ...plain, completion_window: "immediate" },
    { ...plain, completion_window: "immediate" },
  ],
  [
    "a gateway: {batch: {…}} with a status in its own spelling",
    { batch: { ...plain, status: "IN-PROGRESS" } },
    plain,
  ],
  [
    "a status that nobody knows passes",
    { ...plain, status: "Queued" },
    { ...plain, status: "queued" },
  ],
  ["American spelling", { ...plain, status: "canceled" }, { ...plain, status: "cancelled" }],
  ["no status is not yet validated", { id: "b" }, { id: "b", status: "validating", created_at: 0 }],
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
  ["times that are no times are none", { ...plain, completed_at: "soon", failed_at: {} }, plain],
];

test.each(dialects)("%s", (_server, answer, batch) => {
  const normalized = normalizeBatch(answer);
  expect(normalized).toMatchObject(batch);
  if ("endpoint" in batch) expect(normalized).toEqual(batch);
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
  { id: 7 },
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
  for (const [, answer] of dialects) {
    const once = normalizeBatch(answer);
    expect(normalizeBatch(once)).toEqual(once);
  }
});

test.each([
  ["a list", { object: "list", data: [1], has_more: true, last_id: "x" }, [1], true, "x"],
  ["value (older Azure)", { value: [1] }, [1], false, undefined],
  ["a bare array (Together)", [1, 2], [1, 2], false, undefined],
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
  for (const none of [null, [], {}, { id: 1 }]) expect(normalizeFile(none)).toBeUndefined();
});
