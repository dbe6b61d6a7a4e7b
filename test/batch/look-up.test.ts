import { describe, expect, it } from "vitest";
import type { Batch } from "../../../src/api/types.ts";
import {
  findBatches,
  findInputFile,
  isAdoptable,
  isOwnCreation,
} from "../../../src/batch/create/lookup.ts";
import { batchOf } from "../../action/batch.ts";
import { type Account, clientFor, openAccount, textSource } from "../../support/account.ts";
import { batchJson, rawServer, reply } from "../../support/raw-server.ts";

const identity = { key: "nightly", creationId: "creation-1", inputFileId: "file-1" };

describe("a batch is this very create's", () => {
  it.each<[string, Partial<Batch>, boolean]>([
    ["by its creation_id", { metadata: { creation_id: "creation-1" } }, true],
    ["in whatever status", { metadata: { creation_id: "creation-1" }, status: "failed" }, true],
    ["not by its key alone", { metadata: { idempotency_key: "nightly" } }, false],
    ["not with another creation_id", { metadata: { creation_id: "creation-2" } }, false],
    ["by its file, where the server keeps no metadata", { input_file_id: "file-1" }, true],
    ["by its file, where the server empties them", { input_file_id: "file-1", metadata: {} }, true],
    ["not by its file where metadata are kept", { metadata: { team: "search" } }, false],
    ["not with another file", { input_file_id: "file-2" }, false],
  ])("%s", (_, fields, own) => {
    expect(isOwnCreation(batchOf(fields), identity)).toBe(own);
  });

  it("not by a file that others may use as well", () => {
    const { key, creationId } = identity;
    expect(isOwnCreation(batchOf(), { key, creationId })).toBe(false);
  });
});

describe("a batch is worth having", () => {
  it.each<[string, boolean]>([
    ["validating", true],
    ["in_progress", true],
    ["finalizing", true],
    ["completed", true],
    ["failed", false],
    ["expired", false],
    ["cancelling", false],
    ["cancelled", false],
  ])("while it is %s: %s", (status, worth) => {
    const metadata = { idempotency_key: "nightly" };
    // The statuses above are the API's.
    const batch = batchOf({ status: status as Batch["status"], metadata });
    expect(isAdoptable(batch, identity)).toBe(worth);
    expect(isAdoptable({ ...batch, metadata: { idempotency_key: "other" } }, identity)).toBe(false);
  });
});

describe("the list is read", () => {
  const hour = 3_600_000;
  const lists = ({ simulator }: Account) =>
    simulator.calls.filter(({ method, path }) => method === "GET" && path === "/v1/batches");

  async function fill(account: Account, count: number): Promise<void> {
    const file = await account.upload();
    for (let made = 0; made < count; made += 1) {
      await account.client.batches.create({
        input_file_id: file,
        endpoint: "/v1/chat/completions",
        completion_window: "24h",
      });
    }
  }

  it("in pages of 100 until the batch is there", async () => {
    await using account = await openAccount();
    const since = account.clock.now();
    const wanted = await account.submit(1);
    await fill(account, 105);
    const found = await findBatches(account.client, ({ id }) => id === wanted.id, since, {});
    expect(found.map(({ id }) => id)).toEqual([wanted.id]);
    expect(lists(account).map(({ query }) => query["limit"])).toEqual(["100", "100"]);
  });

  it("no further than a page that is older throughout, with ten minutes for a wrong clock", async () => {
    await using account = await openAccount();
    await fill(account, 205);
    account.clock.advance(hour);
    const nobody = () => false;
    expect(await findBatches(account.client, nobody, account.clock.now(), {})).toEqual([]);
    expect(lists(account)).toHaveLength(1);
    await findBatches(account.client, nobody, account.clock.now() - hour + 9 * 60_000, {});
    expect(lists(account)).toHaveLength(4);
  });

  it("on past a page of old batches where the oldest come first: their order is no promise", async () => {
    const now = Date.UTC(2026, 0, 1);
    const all = Array.from({ length: 150 }, (_, index) =>
      batchJson(`batch_${index}`, { created_at: now / 1000 - (150 - index) * 600 }),
    );
    await using server = await rawServer(({ url }, response) => {
      const after = new URL(url, "http://127.0.0.1").searchParams.get("after");
      const start = all.findIndex(({ id }) => id === after) + 1;
      const data = all.slice(start, start + 100);
      reply(response, 200, { object: "list", data, has_more: start + 100 < all.length });
    });
    const { client } = clientFor(server.url);
    const found = await findBatches(client, ({ id }) => id === "batch_149", now - hour, {});
    expect(found.map(({ id }) => id)).toEqual(["batch_149"]);
  });

  it("once only from a server that repeats its page for ever", async () => {
    await using server = await rawServer((_request, response) => {
      const data = [batchJson("batch_1", { created_at: Date.UTC(2026, 0, 1) / 1000 })];
      reply(response, 200, { object: "list", data, has_more: true, last_id: "batch_1" });
    });
    const { client } = clientFor(server.url);
    expect(await findBatches(client, () => false, Date.UTC(2026, 0, 1), {})).toEqual([]);
    expect(server.requests.length).toBeLessThanOrEqual(2);
  });
});

describe("an uploaded file is used again", () => {
  const source = textSource("{}\n", "requests-abc.jsonl");

  it.each<[string, { name?: string; text?: string; seconds?: number }, boolean]>([
    ["by its name and size", {}, true],
    ["not with another name", { name: "requests-def.jsonl" }, false],
    ["not with another size: the upload may have been cut", { text: "{" }, false],
    ["when it lives long enough for its batch", { seconds: 2 * 86_400 }, true],
    ["not when it is deleted within the day that its batch may take", { seconds: 80_000 }, false],
  ])("%s", async (_, { name = source.name, text = "{}\n", seconds }, used) => {
    await using account = await openAccount();
    const { id } = await account.client.files.create({
      file: textSource(text, name),
      purpose: "batch",
      ...(seconds !== undefined && { expires_after: { anchor: "created_at", seconds } }),
    });
    const found = await findInputFile(account.client, source, account.clock.now(), {});
    expect(found?.id).toBe(used ? id : undefined);
  });
});
