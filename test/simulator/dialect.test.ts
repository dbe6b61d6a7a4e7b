import { expect, test } from "vitest";
import { type JsonObject, startSimulator } from "../../src/simulator/index.ts";
import { chats, openAccount } from "./account.ts";

const KEY = { authorization: "Bearer sk-test" };

/** The JSON of an answer, as it came over the wire. */
async function read(url: string): Promise<JsonObject> {
  const response = await fetch(url, { headers: KEY });
  // Every answer of these tests is an object.
  return (await response.json()) as JsonObject;
}

test("batches are written in the server's own words, alone and in lists, and stay what they are", async () => {
  await using account = await openAccount({
    dialect: {
      batch: ({ status, ...batch }) => ({
        ...batch,
        request_counts: undefined,
        status: status === "completed" ? "succeeded" : status.toUpperCase(),
      }),
    },
  });
  const created = await account.submit(chats(1));
  expect(created.status).toBe("VALIDATING");
  account.clock.advance(1000);
  const { url, batches } = account.simulator;
  const one = await read(`${url}/batches/${created.id}`);
  expect(one).toMatchObject({ status: "succeeded" });
  expect(one).not.toHaveProperty("request_counts");
  expect(await read(`${url}/batches`)).toMatchObject({ data: [{ status: "succeeded" }] });
  expect(batches).toMatchObject([{ status: "completed", request_counts: { total: 1 } }]);
});

test("the reason of a failed batch can have any shape", async () => {
  await using account = await openAccount({
    outcome: "failed",
    dialect: {
      batch: (batch) => (batch.errors === null ? batch : { ...batch, errors: ["line 2: no"] }),
    },
  });
  const { id } = await account.submit(chats(1));
  account.clock.advance(1000);
  expect(await account.client.batches.retrieve(id)).toMatchObject({ errors: ["line 2: no"] });
});

test("file ids may appear so many looks after the end, whichever call looks", async () => {
  await using account = await openAccount({
    dialect: {
      batch: (batch, { looks }) =>
        batch.status === "completed" && looks < 2 ? { ...batch, output_file_id: null } : batch,
    },
  });
  const { id } = await account.submit(chats(1));
  await account.client.batches.retrieve(id);
  account.clock.advance(1000);
  const ids = [
    (await account.client.batches.retrieve(id)).output_file_id,
    (await account.client.batches.list()).data[0]?.output_file_id,
    (await account.client.batches.retrieve(id)).output_file_id,
  ];
  expect(ids).toEqual([null, null, expect.stringMatching(/^file-/)]);
});

test("a look tells on which call the batch is shown", async () => {
  const seen: string[] = [];
  await using account = await openAccount({
    dialect: {
      batch(batch, { call, looks }) {
        seen.push(`${call} ${batch.status} ${looks}`);
        return batch;
      },
    },
  });
  const { id } = await account.submit(chats(1));
  await account.client.batches.list();
  await account.client.batches.retrieve(id);
  await account.client.batches.cancel(id);
  expect(seen).toEqual([
    "create validating 0",
    "list validating 1",
    "retrieve validating 2",
    "cancel cancelling 0",
  ]);
});

test("files are written in the server's own way: a size that is not the content's", async () => {
  await using account = await openAccount({ dialect: { file: (file) => ({ ...file, bytes: 7 }) } });
  const id = await account.upload(chats(1));
  expect((await account.client.files.retrieve(id)).bytes).toBe(7);
  expect((await account.client.files.list()).data).toMatchObject([{ bytes: 7 }]);
  expect(account.simulator.files[0]?.bytes).toBeGreaterThan(7);
});

test("every answer can be wrapped; errors and content stay as they are", async () => {
  await using account = await openAccount({
    dialect: { answer: (data, { method, path }) => ({ code: 0, from: `${method} ${path}`, data }) },
  });
  const [file] = account.simulator.files;
  expect(file).toBeUndefined();
  const { url } = account.simulator;
  expect(await read(`${url}/batches`)).toEqual({
    code: 0,
    from: "GET /batches",
    data: { object: "list", data: [], first_id: null, last_id: null, has_more: false },
  });
  expect(await read(`${url}/batches/x`)).toMatchObject({ error: { param: null } });
});

test.each<[string, (page: JsonObject) => unknown, unknown]>([
  ["no has_more", (page) => ({ ...page, has_more: undefined }), { object: "list" }],
  [
    "has_more without a cursor",
    (page) => ({ ...page, has_more: true, data: [], last_id: null }),
    {},
  ],
  ["a broken entry", (page) => ({ ...page, data: [null, "batch_1"] }), { data: [null, "batch_1"] }],
  ["an entry twice", (page) => ({ ...page, data: [{}, {}] }), { data: [{}, {}] }],
  ["a bare array", ({ data }) => data, []],
])("a page can have %s", async (_, write, expected) => {
  await using simulator = await startSimulator({
    // Pages are objects before they are rewritten.
    dialect: { answer: (answer) => write(answer as JsonObject) },
  });
  const page = await read(`${simulator.url}/batches`);
  expect(page).toMatchObject(expected as object);
  expect(page).toEqual(
    write({ object: "list", data: [], first_id: null, last_id: null, has_more: false }),
  );
});

test("ids may be numbers, or hold a slash that comes encoded or not", async () => {
  await using account = await openAccount({
    newId: (kind, ordinal) => (kind === "batch" ? String(4000 + ordinal) : `files/${ordinal}`),
    dialect: { batch: (batch) => ({ ...batch, id: Number(batch.id) }) },
  });
  const batch = await account.submit(chats(1));
  expect([batch.id, batch.input_file_id]).toEqual([4001, "files/1"]);
  const { url } = account.simulator;
  expect(await read(`${url}/batches/4001`)).toMatchObject({ id: 4001 });
  expect(await read(`${url}/files/files/1`)).toMatchObject({ id: "files/1" });
  expect(await read(`${url}/files/files%2F1`)).toMatchObject({ id: "files/1" });
  const content = await fetch(`${url}/files/files/1/content`, { headers: KEY });
  expect(await content.text()).toContain('"custom_id":"r1"');
});
