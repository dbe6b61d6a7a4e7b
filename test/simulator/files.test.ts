import { expect, test } from "vitest";
import { chat, chats, ENDPOINT, failureOf, openAccount } from "./account.ts";
import type { Account } from "./account.ts";

const TEXT = `${JSON.stringify(chat("a"))}\n`;
const KEY = { authorization: "Bearer sk-test" };

type Field = readonly [name: string, value: string | Blob, filename?: string];

async function post(account: Account, fields: readonly Field[]) {
  const body = new FormData();
  for (const [name, value, filename] of fields) {
    if (typeof value === "string") body.append(name, value);
    else body.append(name, value, filename);
  }
  const response = await fetch(`${account.simulator.url}/files`, {
    method: "POST",
    headers: KEY,
    body,
  });
  // The simulator answers with a file or an error; the tests look at what is in it.
  const answer = (await response.json()) as {
    id?: string;
    expires_at?: number;
    error?: { message: string; param: string | null };
  };
  return { status: response.status, answer };
}

const FILE: Field = ["file", new Blob([TEXT]), "in.jsonl"];
const PURPOSE: Field = ["purpose", "batch"];
const EXPIRY: readonly Field[] = [
  ["expires_after[anchor]", "created_at"],
  ["expires_after[seconds]", "7200"],
];

test("an upload keeps its bytes, name, purpose and expiry", async () => {
  await using account = await openAccount();
  const { status, answer } = await post(account, [PURPOSE, ...EXPIRY, FILE]);
  expect(status).toBe(200);
  expect(answer).toEqual({
    id: expect.stringMatching(/^file-[0-9A-Za-z]{22}$/) as unknown,
    object: "file",
    bytes: TEXT.length,
    created_at: Date.UTC(2026, 0, 1) / 1000,
    expires_at: Date.UTC(2026, 0, 1) / 1000 + 7200,
    filename: "in.jsonl",
    purpose: "batch",
    status: "processed",
    status_details: null,
  });
  const content = await account.client.files.content(answer.id ?? "");
  expect(content.headers.get("content-length")).toBe(String(TEXT.length));
  expect(await content.text()).toBe(TEXT);
});

test("the fields may come before or behind the file", async () => {
  await using account = await openAccount();
  const expiry = Date.UTC(2026, 0, 1) / 1000 + 7200;
  for (const fields of [
    [PURPOSE, ...EXPIRY, FILE],
    [FILE, PURPOSE, ...EXPIRY],
    [PURPOSE, FILE, ...EXPIRY],
  ]) {
    const { status, answer } = await post(account, fields);
    expect([status, answer.expires_at]).toEqual([200, expiry]);
  }
});

test("a file's name may lack an extension, as curator's uploads do", async () => {
  await using account = await openAccount();
  const { status } = await post(account, [PURPOSE, ["file", new Blob([TEXT]), "upload"]]);
  expect(status).toBe(200);
});

test.each<[string, readonly Field[], string | null]>([
  ["no file", [PURPOSE], "file"],
  ["a file without a name", [PURPOSE, ["file", "text"]], "file"],
  ["an unknown purpose", [["purpose", "fun"], FILE], "purpose"],
  [
    "a name that ends otherwise than in .jsonl",
    [PURPOSE, ["file", new Blob([TEXT]), "in.json"]],
    null,
  ],
  [
    "an expiry without anchor",
    [PURPOSE, ["expires_after[seconds]", "7200"], FILE],
    "expires_after.anchor",
  ],
  [
    "an expiry without seconds",
    [PURPOSE, ["expires_after[anchor]", "created_at"], FILE],
    "expires_after.seconds",
  ],
])("%s is refused", async (_, fields, param) => {
  await using account = await openAccount();
  const { status, answer } = await post(account, fields);
  expect(status).toBe(400);
  expect(answer.error?.param).toBe(param);
  expect(account.simulator.files).toEqual([]);
});

test.each([
  ["created", 7200],
  ["created_at", 3599],
  ["created_at", 2_592_001],
  ["created_at", 3600.5],
])("an expiry of %s + %d seconds is refused", async (anchor, seconds) => {
  await using account = await openAccount();
  const { status } = await post(account, [
    PURPOSE,
    ["expires_after[anchor]", anchor],
    ["expires_after[seconds]", String(seconds)],
    FILE,
  ]);
  expect(status).toBe(400);
});

test("a file for another purpose needs no .jsonl and does not expire, but makes no batch", async () => {
  await using account = await openAccount();
  const { answer } = await post(account, [
    ["purpose", "user_data"],
    ["file", new Blob(["x"]), "notes.txt"],
  ]);
  expect(answer.expires_at).toBeNull();
  const error = await failureOf(
    account.client.batches.create({
      input_file_id: answer.id ?? "",
      endpoint: "/v1/responses",
      completion_window: "24h",
    }),
  );
  expect([error.status, error.param]).toEqual([400, "input_file_id"]);
});

test("a file over the limit is refused", async () => {
  await using account = await openAccount({ limits: { bytes: 100 } });
  expect((await failureOf(account.upload(chats(1)))).status).toBe(413);
});

test("a body that is no form, or half of one, is refused", async () => {
  await using account = await openAccount();
  const send = async (type: string, body: string): Promise<number> => {
    const headers = { ...KEY, "content-type": type };
    const url = `${account.simulator.url}/files`;
    return (await fetch(url, { method: "POST", headers, body })).status;
  };
  expect(await send("text/plain", "x")).toBe(400);
  expect(await send("multipart/form-data; boundary=b", "--b\r\n")).toBe(400);
});

test("a deleted file is gone", async () => {
  await using account = await openAccount();
  const id = await account.upload(chats(1));
  expect(await account.client.files.delete(id)).toEqual({ id, object: "file", deleted: true });
  const { files } = account.client;
  for (const call of [() => files.retrieve(id), () => files.content(id), () => files.delete(id)]) {
    const error = await failureOf(call());
    expect(error.status).toBe(404);
    expect(error.error).toMatchObject({ message: `No such File object: ${id}`, param: "id" });
  }
});

test("a file is gone when its time is over", async () => {
  await using account = await openAccount();
  const { answer } = await post(account, [PURPOSE, ...EXPIRY, FILE]);
  account.clock.advance(7_199_999);
  expect((await account.client.files.retrieve(answer.id ?? "")).id).toBe(answer.id);
  account.clock.advance(1);
  expect((await failureOf(account.client.files.retrieve(answer.id ?? ""))).status).toBe(404);
  expect(account.simulator.files).toEqual([]);
});

test.each([
  ["bytes=0-9", 206, 0, 10],
  ["bytes=10-", 206, 10, undefined],
  ["bytes=-5", 206, -5, undefined],
  ["bytes=-99999999", 206, 0, undefined],
  ["bytes=5-99999999", 206, 5, undefined],
  ["bytes=0-1,4-5", 200, 0, undefined],
  ["bytes=-", 200, 0, undefined],
  ["lines=1-2", 200, 0, undefined],
])("the range %s is answered with %d and the right bytes", async (range, status, start, end) => {
  await using account = await openAccount();
  const { answer } = await post(account, [PURPOSE, FILE]);
  const response = await account.client.files.content(answer.id ?? "", { headers: { range } });
  const text = await response.text();
  expect(response.status).toBe(status);
  expect(text).toBe(TEXT.slice(start, end));
  expect(response.headers.get("content-length")).toBe(String(text.length));
  const at = TEXT.indexOf(text);
  expect(response.headers.get("content-range")).toBe(
    status === 206 ? `bytes ${at}-${at + text.length - 1}/${TEXT.length}` : null,
  );
});

test("a range beyond the end cannot be satisfied", async () => {
  await using account = await openAccount();
  const id = await account.upload(chats(1));
  const range = "bytes=1000000-";
  const error = await failureOf(account.client.files.content(id, { headers: { range } }));
  expect(error.status).toBe(416);
  expect(error.headers?.get("content-range")).toMatch(/^bytes \*\/\d+$/);
});

test("without ranges, the whole content comes whatever is asked for", async () => {
  await using account = await openAccount({ ranges: false });
  const id = await account.upload([chat("a")]);
  const response = await account.client.files.content(id, { headers: { range: "bytes=0-1" } });
  expect([response.status, await response.text()]).toEqual([200, TEXT]);
});

test.each([
  [undefined, undefined, "pending", 400],
  ["uploaded", 404, "uploaded", 404],
  ["processing", 400, "processing", 400],
] as const)(
  "an upload that is processed first (%s, %s) shows it and makes no batch meanwhile",
  async (status, refusal, shown, refused) => {
    await using account = await openAccount({ processing: { ms: 5000, status, refusal } });
    const input_file_id = await account.upload(chats(1));
    const { files, batches } = account.client;
    const create = () =>
      batches.create({ input_file_id, endpoint: ENDPOINT, completion_window: "24h" });
    account.clock.advance(4999);
    expect(await files.retrieve(input_file_id)).toMatchObject({ status: shown });
    expect((await files.list()).data).toMatchObject([{ status: shown }]);
    expect((await failureOf(create())).status).toBe(refused);
    account.clock.advance(1);
    expect(await files.retrieve(input_file_id)).toMatchObject({ status: "processed" });
    expect((await create()).status).toBe("validating");
  },
);

test("a file that another user takes away is gone while its batch still names it", async () => {
  await using account = await openAccount();
  const { id } = await account.submit(chats(1));
  account.clock.advance(1000);
  const { output_file_id } = await account.client.batches.retrieve(id);
  account.simulator.remove(output_file_id ?? "");
  expect((await failureOf(account.client.files.content(output_file_id ?? ""))).status).toBe(404);
  expect((await account.client.batches.retrieve(id)).output_file_id).toBe(output_file_id);
  expect(() => {
    account.simulator.remove("file-x");
  }).toThrow("No such File object: file-x");
});
