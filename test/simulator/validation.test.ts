import { expect, test } from "vitest";
import { chat, chats, openAccount } from "./account.ts";
import type { Account } from "./account.ts";

async function errorsOf(account: Account, lines: readonly unknown[]): Promise<unknown> {
  const { id } = await account.submit(lines);
  account.clock.advance(100);
  const batch = await account.client.batches.retrieve(id);
  expect(batch.status).toBe("failed");
  return batch.errors?.data?.map(({ code, line, param }) => [code, line, param]);
}

test.each([
  ["text that is no JSON", [chat("a"), "{nope"], "invalid_json_line", 2, null],
  ["JSON that is no object", [chat("a"), chat("b"), "[1]"], "invalid_json_line", 3, null],
  ["a blank line", [chat("a"), "", chat("b")], "invalid_json_line", 2, null],
  ["a byte order mark", [`\uFEFF${JSON.stringify(chat("a"))}`], "invalid_json_line", 1, null],
  [
    "a custom_id used twice",
    [chat("a"), chat("b"), chat("a")],
    "duplicate_custom_id",
    3,
    "custom_id",
  ],
  ["another url", [chat("a"), { ...chat("b"), url: "/v1/responses" }], "url_mismatch", 2, "url"],
  ["another method", [{ ...chat("a"), method: "GET" }], "invalid_method", 1, "method"],
  [
    "another model",
    [chat("a"), { ...chat("b"), body: { model: "gpt-5" } }],
    "model_mismatch",
    2,
    "body.model",
  ],
  [
    "no custom_id",
    [{ ...chat("a"), custom_id: undefined }],
    "missing_required_parameter",
    1,
    "custom_id",
  ],
  ["no method", [{ ...chat("a"), method: undefined }], "missing_required_parameter", 1, "method"],
  ["no url", [chat("a"), { ...chat("b"), url: "" }], "missing_required_parameter", 2, "url"],
  ["no body", [{ ...chat("a"), body: undefined }], "missing_required_parameter", 1, "body"],
  ["an empty file", [], "empty_file", null, null],
])("%s fails the batch at validation", async (_, lines, code, line, param) => {
  await using account = await openAccount();
  expect(await errorsOf(account, lines)).toEqual([[code, line, param]]);
});

test("bytes that are no UTF-8 fail their line", async () => {
  await using account = await openAccount();
  const body = new FormData();
  body.append("purpose", "batch");
  body.append("file", new Blob([new Uint8Array([0x22, 0xff, 0x22, 0x0a])]), "a.jsonl");
  const headers = { authorization: "Bearer sk-test" };
  await fetch(`${account.simulator.url}/files`, { method: "POST", headers, body });
  const [file] = account.simulator.files;
  const { id } = await account.client.batches.create({
    input_file_id: file?.id ?? "",
    endpoint: "/v1/chat/completions",
    completion_window: "24h",
  });
  account.clock.advance(100);
  const { errors } = await account.client.batches.retrieve(id);
  expect(errors?.data?.[0]).toMatchObject({ code: "invalid_json_line", line: 1 });
});

test("every wrong line is reported, up to a hundred", async () => {
  await using account = await openAccount();
  expect(await errorsOf(account, ["x", chat("a"), "y"])).toEqual([
    ["invalid_json_line", 1, null],
    ["invalid_json_line", 3, null],
  ]);
  const { id } = await account.submit(Array.from({ length: 150 }, () => "x"));
  account.clock.advance(100);
  expect((await account.client.batches.retrieve(id)).errors?.data).toHaveLength(100);
});

test("50,000 requests are taken, one more is too many", async () => {
  await using account = await openAccount();
  expect(await errorsOf(account, chats(50_001))).toEqual([["too_many_tasks", null, null]]);
  const { id } = await account.submit(chats(50_000));
  account.clock.advance(100);
  expect((await account.client.batches.retrieve(id)).status).toBe("in_progress");
});

test("the limit on requests can be lowered", async () => {
  await using account = await openAccount({ limits: { requests: 2 } });
  expect(await errorsOf(account, chats(3))).toEqual([["too_many_tasks", null, null]]);
});

test("a malformed line uploads without complaint and shows only at validation", async () => {
  await using account = await openAccount();
  const { id, status } = await account.submit(["nope"]);
  expect(status).toBe("validating");
  account.clock.advance(99);
  expect((await account.client.batches.retrieve(id)).errors).toBeNull();
});

test("a last line without its newline counts, and carriage returns do no harm", async () => {
  await using account = await openAccount();
  const { id } = await account.submit([`${JSON.stringify(chat("a"))}\r`, chat("b")]);
  account.clock.advance(100);
  expect((await account.client.batches.retrieve(id)).request_counts?.total).toBe(2);
});
