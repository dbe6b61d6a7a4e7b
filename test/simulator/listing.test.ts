import { expect, test } from "vitest";
import { chats, ENDPOINT, failureOf, openAccount } from "./account.ts";

test("250 batches are listed newest first, page by page", async () => {
  await using account = await openAccount();
  const input_file_id = await account.upload(chats(1));
  const created: string[] = [];
  for (let count = 0; count < 250; count += 1) {
    const batch = await account.client.batches.create({
      input_file_id,
      endpoint: ENDPOINT,
      completion_window: "24h",
    });
    created.push(batch.id);
  }
  const calls = account.simulator.calls.length;
  const listed: string[] = [];
  for await (const batch of account.client.batches.list({ limit: 100 })) listed.push(batch.id);
  expect(listed).toEqual(created.toReversed());
  expect(
    account.simulator.calls.slice(calls).map(({ query }) => [query["limit"], query["after"]]),
  ).toEqual([
    ["100", undefined],
    ["100", created[150]],
    ["100", created[50]],
  ]);
});

test("a page has twenty batches by default and says how to go on", async () => {
  await using account = await openAccount();
  for (let count = 0; count < 21; count += 1) await account.submit(chats(1));
  const response = await account.client.batches.list().asResponse();
  const page: unknown = await response.json();
  const ids = account.simulator.batches.map((batch) => batch.id).toReversed();
  expect(page).toMatchObject({
    object: "list",
    has_more: true,
    first_id: ids[0],
    last_id: ids[19],
  });
  const last = await account.client.batches.list({ after: ids[19] ?? "" });
  expect(last.data.map((batch) => batch.id)).toEqual([ids[20]]);
  expect(last.has_more).toBe(false);
});

test("an empty list has null for its first and last id", async () => {
  await using account = await openAccount();
  const response = await account.client.batches.list().asResponse();
  expect(await response.json()).toEqual({
    object: "list",
    data: [],
    first_id: null,
    last_id: null,
    has_more: false,
  });
});

test.each([0, 101, 2.5])("a limit of %d is refused", async (limit) => {
  await using account = await openAccount();
  const error = await failureOf(account.client.batches.list({ limit }));
  expect([error.status, error.param]).toEqual([400, "limit"]);
});

test("an unknown cursor is refused", async () => {
  await using account = await openAccount();
  expect((await failureOf(account.client.batches.list({ after: "batch_x" }))).status).toBe(404);
});

test("with a lag, a new batch is missing from the list at first and can be retrieved all the same", async () => {
  await using account = await openAccount({ listLag: 5000 });
  const { id } = await account.submit(chats(1));
  expect((await account.client.batches.list()).data).toEqual([]);
  expect((await account.client.batches.retrieve(id)).id).toBe(id);
  account.clock.advance(4999);
  expect((await account.client.batches.list()).data).toEqual([]);
  account.clock.advance(1);
  expect((await account.client.batches.list()).data).toHaveLength(1);
});

test("with a lag, a new file is not found by a create at first (curator#116)", async () => {
  await using account = await openAccount({ fileLag: 2000 });
  const input_file_id = await account.upload(chats(1));
  const create = () =>
    account.client.batches.create({ input_file_id, endpoint: ENDPOINT, completion_window: "24h" });
  const error = await failureOf(create());
  expect(error.status).toBe(404);
  expect(error.error).toMatchObject({ message: `No such File object: ${input_file_id}` });
  expect((await account.client.files.retrieve(input_file_id)).id).toBe(input_file_id);
  account.clock.advance(2000);
  expect((await create()).status).toBe("validating");
});

test("files are listed by purpose, in either order, page by page", async () => {
  await using account = await openAccount();
  const inputs = [await account.upload(chats(1)), await account.upload(chats(2))];
  const batch = await account.submit(chats(3));
  account.clock.advance(1000);
  const { files } = account.client;
  const batchFiles = await files.list({ purpose: "batch" });
  expect(batchFiles.data.map((file) => file.id)).toEqual([
    batch.input_file_id,
    ...inputs.toReversed(),
  ]);
  const [result] = (await files.list({ purpose: "batch_output" })).data;
  expect(result?.filename).toBe(`${batch.id}_output.jsonl`);
  const ids: string[] = [];
  for await (const file of files.list({ order: "asc", limit: 1 })) ids.push(file.id);
  expect(ids).toEqual([...inputs, batch.input_file_id, result?.id]);
  expect((await failureOf(files.list({ after: "file-x" }))).status).toBe(404);
  const sideways = await failureOf(files.list({ query: { order: "sideways" } } as object));
  expect(sideways.status).toBe(400);
});

test.each([
  ["oldest", ["b", "c", "a"]],
  ["id", ["a", "b", "c"]],
  ["newest", ["a", "c", "b"]],
] as const)("batches can be listed %s first, page by page", async (order, expected) => {
  const names = ["b", "c", "a"];
  await using account = await openAccount({
    list: { order },
    newId: (kind, ordinal) => (kind === "batch" ? (names[ordinal - 1] ?? "") : `file-${ordinal}`),
  });
  for (let count = 0; count < 3; count += 1) await account.submit(chats(1));
  const ids: string[] = [];
  for await (const { id } of account.client.batches.list({ limit: 2 })) ids.push(id);
  expect(ids).toEqual(expected);
});

test("a stale list never moves a batch on, a retrieve does (aimock)", async () => {
  await using account = await openAccount({ list: { stale: true } });
  const listed = async () => (await account.client.batches.list()).data.map(({ status }) => status);
  const first = await account.submit(chats(1));
  await account.submit(chats(1));
  account.clock.advance(1000);
  expect(await listed()).toEqual(["validating", "validating"]);
  expect((await account.client.batches.retrieve(first.id)).status).toBe("completed");
  expect(await listed()).toEqual(["validating", "completed"]);
});

test("a cursor can lead to the first page again, in lists of batches and of files", async () => {
  await using account = await openAccount({ list: { after: "ignored" } });
  for (let count = 0; count < 3; count += 1) await account.submit(chats(1));
  const { batches, files } = account.client;
  const first = await batches.list({ limit: 2 });
  const second = await batches.list({ limit: 2, after: first.data[1]?.id ?? "" });
  expect(second.data).toEqual(first.data);
  expect(second.has_more).toBe(true);
  const [file] = (await files.list({ limit: 1 })).data;
  expect((await files.list({ limit: 1, after: file?.id ?? "" })).data).toEqual([file]);
});

test("a cursor can be refused although the page before named it (llm-d)", async () => {
  await using account = await openAccount({ list: { after: "refused" } });
  for (let count = 0; count < 3; count += 1) await account.submit(chats(1));
  const { batches, files } = account.client;
  const page = await batches.list({ limit: 2 });
  expect(page.has_more).toBe(true);
  const after = page.data[1]?.id ?? "";
  expect((await failureOf(batches.list({ limit: 2, after }))).status).toBe(400);
  expect((await failureOf(files.list({ after }))).status).toBe(400);
});

test("a batch may never be listed", async () => {
  await using account = await openAccount({ listLag: Infinity });
  const { id } = await account.submit(chats(1));
  account.clock.advance(86_400_000);
  expect((await account.client.batches.list()).data).toEqual([]);
  expect((await account.client.batches.retrieve(id)).status).toBe("completed");
});
