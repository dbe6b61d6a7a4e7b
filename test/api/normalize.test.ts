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

test.each(shapes)("%s", (_what, answer, batch) => {
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
  for (const [, answer] of shapes) {
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
