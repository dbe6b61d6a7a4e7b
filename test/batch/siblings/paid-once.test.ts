import { readFile, writeFile } from "node:fs/promises";

import { describe, expect, it, test } from "vitest";

import { chooseBatches, createBatches, runBatch } from "../../../src/index.ts";
import type { FaultRule, SimulatorOptions } from "../../../src/simulator/index.ts";
import { failureOf, openAccount, requestLines } from "../../support/account.ts";
import { eventLog } from "../../support/events.ts";
import { openFolder } from "../../support/folder.ts";

const lost: FaultRule = {
  method: "POST",
  path: "/batches",
  fault: { kind: "drop-after" },
};

async function opened(options: SimulatorOptions = {}, requests = 4) {
  const account = await openAccount(options);
  const folder = await openFolder();
  const input = folder.at("in.jsonl");
  await writeFile(input, requestLines(requests));
  return {
    account,
    folder,
    input,
    async [Symbol.asyncDispose]() {
      await account[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

describe("a lost create is found by its mark, whatever the server's clock says", () => {
  it.each([-14, -1, 1, 14])("%d hours off", async (hours) => {
    const dialect = {
      batch: (batch: object) => ({
        ...batch,
        created_at: Number("created_at" in batch ? batch.created_at : 0) + hours * 3_600,
      }),
    };
    await using job = await opened({ faults: [lost], dialect });
    const { account, input } = job;
    const known = await createBatches(account.client, { input });
    expect(known).toMatchObject([{ provenance: "created" }]);
    expect(account.simulator.batches).toHaveLength(1);
  });
});

describe("a key of one's own names the same requests however they are split", () => {
  const idempotencyKey = "nightly";
  it.each([
    ["one batch, then two", 4, 2],
    ["two batches, then one", 2, 4],
    ["two batches, then four", 2, 1],
    ["two batches, then two others", 2, 3],
  ])("%s: nothing is paid twice", async (_name, before, after) => {
    await using job = await opened();
    const { account, input } = job;
    const create = async (maxRequests: number) =>
      createBatches(account.client, { input, idempotencyKey, limits: { maxRequests } });
    const first = await create(before);
    const error = await failureOf(create(after));
    expect(error.code).toBe("other_split");
    expect(error.message).toContain("max-requests-per-batch");
    const again = await create(before);
    expect(again.map(({ batch }) => batch.id)).toEqual(first.map(({ batch }) => batch.id));
    expect(account.simulator.batches).toHaveLength(first.length);
  });

  it.each([
    ["in one batch", 4, ["expired", "completed"]],
    ["in two batches", 3, ["expired", "completed", "completed"]],
  ])("and are not sent beside a retry round that has their answers: %s", async (_, most, ends) => {
    const options = { limits: { maxRequests: most } };
    await using job = await opened();
    const { account, input } = job;
    account.simulator.plan({ kind: "expired", completedShare: 0.5 });
    const ran = await runBatch(account.client, {
      ...options,
      input,
      idempotencyKey,
      retryFailed: 1,
      pollInterval: 60_000,
    });
    expect(ran.batches.map(({ status }) => status)).toEqual(ends);
    const created = createBatches(account.client, { ...options, input, idempotencyKey });
    expect(await failureOf(created)).toMatchObject({ code: "sent_before" });
    expect(account.simulator.batches).toHaveLength(ends.length);
  });

  it("but what was cancelled before is created anew in any split", async () => {
    await using job = await opened();
    const { account, input } = job;
    const [first] = await createBatches(account.client, { input, idempotencyKey });
    await account.client.batches.cancel(first?.batch.id ?? "");
    account.clock.advance(86_400_000);
    const limits = { maxRequests: 2 };
    const known = await createBatches(account.client, { input, idempotencyKey, limits });
    expect(known).toHaveLength(2);
  });
});

test("a batch that failed with answers is paid for once: only the rest is sent again", async () => {
  const brokenOff = (batch: object) =>
    "status" in batch && batch.status === "expired" ? { ...batch, status: "failed" } : batch;
  await using job = await opened({ dialect: { batch: brokenOff } });
  const { account, input, folder } = job;
  account.simulator.plan({ kind: "expired", completedShare: 0.5 });
  const options = { input, idempotencyKey: "nightly", pollInterval: 10 };
  const first = await runBatch(account.client, options);
  expect(first.batches[0]?.status).toBe("failed");
  expect(first.batches[0]?.output_file_id).toBeDefined();
  const again = await runBatch(account.client, {
    ...options,
    retryFailed: 1,
    outputFile: folder.at("out.jsonl"),
  });
  expect(again.results?.counts).toEqual({ total: 4, completed: 4, failed: 0 });
  expect(account.simulator.batches.map(({ request_counts: { total } }) => total)).toEqual([4, 2]);
});

test("a run with a retry round whose create has no known outcome is not done", async () => {
  const respond: SimulatorOptions["respond"] = ({ custom_id }) =>
    custom_id === "r1"
      ? { status_code: 500, body: { error: { code: "server_error" } } }
      : { status_code: 200, body: { object: "chat.completion" } };
  await using job = await opened({
    respond,
    faults: [{ ...lost, skip: 1, times: Infinity }],
    listLag: 86_400_000,
  });
  const { account, input } = job;
  const outputFile = job.folder.at("out.jsonl");
  const ran = await runBatch(account.client, { input, outputFile, retryFailed: 1 });
  expect(ran).toMatchObject({ done: false, unknown: 1 });
  expect(ran.failures).toHaveLength(1);
  expect((await readFile(outputFile, "utf8")).trim().split("\n")).toHaveLength(3);
});

describe("a list that shows no metadata", () => {
  /** Without what the list leaves out, or what the server does not keep at all. */
  const without = (names: readonly string[], everywhere: boolean) => ({
    batch: (batch: object, { call }: { readonly call: string }) =>
      call === "list" || everywhere
        ? Object.fromEntries(Object.entries(batch).filter(([name]) => !names.includes(name)))
        : batch,
  });
  const short = ["metadata", "input_file_id", "endpoint", "request_counts"];

  it.each([["metadata"], short])(
    "is not taken for the whole: a re-run adopts (%s)",
    async (...names) => {
      await using job = await opened({ dialect: without(names, false) });
      const { account, input } = job;
      const options = { input, idempotencyKey: "nightly", limits: { maxRequests: 2 } };
      const first = await createBatches(account.client, options);
      const again = await createBatches(account.client, options);
      expect(again.map(({ batch }) => batch.id)).toEqual(first.map(({ batch }) => batch.id));
      expect(account.simulator.batches).toHaveLength(2);
    },
  );

  it("and a server that keeps none stops a re-run that may pay twice, and names the batch", async () => {
    await using job = await opened({ dialect: without(["metadata"], true) });
    const { account, input } = job;
    const options = { input, idempotencyKey: "nightly" };
    const [first] = await createBatches(account.client, options);
    const error = await failureOf(createBatches(account.client, options));
    expect(error.code).toBe("look_up_incomplete");
    expect(error.message).toContain(first?.batch.id);
    expect(account.simulator.batches).toHaveLength(1);
    await createBatches(account.client, { ...options, reuseExisting: false });
    expect(account.simulator.batches).toHaveLength(2);
  });

  it("and a server that keeps none lets a job be created beside one of other requests", async () => {
    await using job = await opened({ dialect: without(["metadata"], true) });
    const { account, input, folder } = job;
    await createBatches(account.client, { input, idempotencyKey: "nightly" });
    await writeFile(folder.at("other.jsonl"), requestLines(3));
    const other = { input: folder.at("other.jsonl"), idempotencyKey: "weekly" };
    const known = await createBatches(account.client, other);
    expect(known).toMatchObject([{ provenance: "created" }]);
    expect(account.simulator.batches).toHaveLength(2);
  });

  it("and a server that keeps none lets a job be created anew that was cancelled", async () => {
    await using job = await opened({
      dialect: without(["metadata"], true),
      phases: { inProgress: Infinity, cancelling: 0 },
    });
    const { account, input } = job;
    const [first] = await createBatches(account.client, { input, idempotencyKey: "nightly" });
    await account.client.batches.cancel(first?.batch.id ?? "");
    const known = await createBatches(account.client, { input, idempotencyKey: "nightly" });
    expect(known).toMatchObject([{ provenance: "created" }]);
    expect(account.simulator.ledger().paidTwice).toEqual([]);
  });

  it("does not make a batch of a file that was given the one of a create that was not done", async () => {
    await using job = await opened({ dialect: without(["metadata"], true) });
    const { account } = job;
    const { input_file_id: fileId } = await account.submit();
    const dropped = { kind: "drop-before" } as const;
    account.simulator.addFault({ method: "POST", path: "/batches", fault: dropped });
    const { onEvent, types } = eventLog();
    const order = { input: { fileId }, endpoint: "/v1/chat/completions", onEvent };
    const error = await failureOf(createBatches(account.client, order));
    expect(error.code).toBe("unknown_outcome");
    expect(types()).not.toContain("created");
  });

  it("and neither sizes of files nor a list of them keeps a re-run from seeing what was sent", async () => {
    const dialect = {
      ...without(["metadata"], true),
      file: (file: object) => ({ ...file, bytes: 0 }),
    };
    await using job = await opened({ dialect });
    const { account, input } = job;
    const options = { input, idempotencyKey: "nightly" };
    await createBatches(account.client, options);
    const noList = { kind: "status", status: 403 } as const;
    account.simulator.addFault({ method: "GET", path: "/files", times: Infinity, fault: noList });
    const error = await failureOf(createBatches(account.client, options));
    expect(error.code).toBe("look_up_incomplete");
    expect(account.simulator.batches).toHaveLength(1);
  });

  it("is not trusted where a batch on it cannot be looked at: it may be the one", async () => {
    await using job = await opened({ dialect: without(["metadata"], false) });
    const { account, input } = job;
    const options = { input, idempotencyKey: "nightly" };
    const [first] = await createBatches(account.client, options);
    await account.submit(1, { team: "other" });
    const hidden = { kind: "status", status: 403 } as const;
    const path = `/batches/${first?.batch.id ?? ""}`;
    account.simulator.addFault({ method: "GET", path, times: Infinity, fault: hidden });
    const error = await failureOf(createBatches(account.client, options));
    expect(error.code).toBe("look_up_incomplete");
    expect(error.message).toContain(first?.batch.id);
    expect(account.simulator.batches).toHaveLength(2);
  });

  it("does not make an earlier upload, and its batch, those of an upload that lost its answer", async () => {
    await using job = await opened({ dialect: without(["metadata"], true) });
    const { account, input } = job;
    const options = { input, reuseExisting: false };
    const [first] = await createBatches(account.client, options);
    const refused = { kind: "status-after", status: 500 } as const;
    account.simulator.addFault({ method: "POST", path: "/files", fault: refused });
    account.simulator.addFault({ method: "POST", path: "/batches", fault: refused });
    const events = eventLog();
    const error = await failureOf(
      createBatches(account.client, { ...options, onEvent: events.onEvent }),
    );
    expect(error.code).toBe("unknown_outcome");
    expect(events.of("created").map(({ known }) => known.batch.id)).not.toContain(first?.batch.id);
  });

  it("hides nothing from a filter: what it is to choose is looked at", async () => {
    await using job = await opened({ dialect: without(["metadata"], false) });
    const { account } = job;
    const ours = await account.submit(1, { team: "search" });
    await account.submit(1, { team: "other" });
    const chosen = await chooseBatches(account.client, { metadata: { team: "search" } });
    expect(chosen.batches.map(({ id }) => id)).toEqual([ours.id]);
    expect(chosen.incomplete).toBeUndefined();
  });

  it("of too many batches is not known to be whole", async () => {
    await using job = await opened({ dialect: without(["metadata"], false) });
    const { account } = job;
    for (let count = 0; count < 51; count += 1) await account.submit(1, { team: "other" });
    const chosen = await chooseBatches(account.client, { metadata: { team: "search" } });
    expect(chosen.batches).toEqual([]);
    expect(chosen.incomplete).toContain("shows no metadata");
  });

  it("nor any input file tells of no lost create that it is not there", async () => {
    await using job = await opened({ dialect: without(short, false), faults: [lost] });
    const { account, input } = job;
    const error = await failureOf(createBatches(account.client, { input }));
    expect(error.code).toBe("unknown_outcome");
    expect(account.simulator.batches).toHaveLength(1);
  });
});

test("a create that a proxy sent twice, whose conflict says so, is found and paid for once", async () => {
  const body = { error: { message: "A batch of this file exists already." } };
  const fault: FaultRule["fault"] = { kind: "status-after", status: 409, body };
  await using job = await opened({ faults: [{ ...lost, fault }] });
  const { account, input } = job;
  const known = await createBatches(account.client, { input });
  expect(known).toMatchObject([{ provenance: "created" }]);
  expect(account.simulator.batches).toHaveLength(1);
});

test("a create is found by its mark where a gateway writes all names in camel case", async () => {
  const camel = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(camel)
      : typeof value === "object" && value !== null
        ? Object.fromEntries(
            Object.entries(value).map(([name, inner]) => [
              name.replace(/_(.)/g, (_all, letter: string) => letter.toUpperCase()),
              camel(inner),
            ]),
          )
        : value;
  await using job = await opened({ faults: [lost], dialect: { answer: camel } });
  const { account, input } = job;
  const options = { input, idempotencyKey: "nightly" };
  const [first] = await createBatches(account.client, options);
  const again = await createBatches(account.client, options);
  expect(again.map(({ batch }) => batch.id)).toEqual([first?.batch.id]);
  expect(account.simulator.batches).toHaveLength(1);
});

describe("a list that shows nothing and says that there is more", () => {
  it.each<readonly [string, object]>([
    ["null", { data: null, has_more: true }],
    ["a word", { data: [], has_more: "yes" }],
    ["a link", { data: [], next: "/v1/batches?page=2" }],
    ["a count", { data: [], total: 1 }],
  ])("stops a re-run that may pay twice (%s)", async (_name, page) => {
    let hidden = false;
    const answer = (shown: unknown, { method, path }: { method: string; path: string }) =>
      hidden && method === "GET" && path.endsWith("/batches") ? page : shown;
    await using job = await opened({ dialect: { answer } });
    const { account, input } = job;
    const options = { input, idempotencyKey: "nightly" };
    await createBatches(account.client, options);
    hidden = true;
    const error = await failureOf(createBatches(account.client, options));
    expect(error.code).toBe("look_up_incomplete");
    expect(account.simulator.batches).toHaveLength(1);
  });
});
