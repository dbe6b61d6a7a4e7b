import { describe, expect, it } from "vitest";
import { APIError, UnknownOutcomeError } from "../../src/api/errors.ts";
import { type CreateBatchOptions, createBatch } from "../../src/batch/create.ts";
import type { Fault, SimulatorOptions } from "../../src/simulator/index.ts";
import {
  type Account,
  clientFor,
  ENDPOINT,
  failureOf,
  openAccount,
  rejectionOf,
  requestLines,
  textSource,
} from "../support/account.ts";
import { batchJson, rawServer, reply } from "../support/raw-server.ts";

const endless = { phases: { inProgress: Infinity, cancelling: Infinity } };
const open = async (options: SimulatorOptions = {}): Promise<Account> =>
  openAccount({ ...endless, ...options });

const order: CreateBatchOptions = {
  input: textSource(requestLines(2), "requests-1.jsonl"),
  endpoint: ENDPOINT,
};
const keyed: CreateBatchOptions = { ...order, idempotencyKey: "nightly" };

const hour = 3_600_000;
const day = 24 * hour;

const callsOf = ({ simulator }: Account) =>
  simulator.calls.map(({ method, path }) => `${method} ${path.replace("/v1", "")}`);
const creates = (account: Account) =>
  callsOf(account).filter((call) => call === "POST /batches").length;

function failCreate({ simulator }: Account, fault: Fault, times = 1): void {
  simulator.addFault({ method: "POST", path: "/batches", times, fault });
}

const lost: Fault = { kind: "status-after", status: 500 };
const dropped: Fault = { kind: "drop-before" };

describe("createBatch without a key", () => {
  it("looks for nothing: every call is work of its own", async () => {
    await using account = await open();
    const first = await createBatch(account.client, order);
    const second = await createBatch(account.client, order);
    expect(first.reused || second.reused).toBe(false);
    expect(first.batch.id).not.toBe(second.batch.id);
    expect(callsOf(account)).toEqual([
      "POST /files",
      "POST /batches",
      "POST /files",
      "POST /batches",
    ]);
  });

  it("still finds its own batch after a lost answer (qwen-code#11874)", async () => {
    await using account = await open();
    const other = await createBatch(account.client, order);
    failCreate(account, lost);
    const { batch, reused } = await createBatch(account.client, order);
    expect(reused).toBe(true);
    expect(batch.id).not.toBe(other.batch.id);
    expect(account.simulator.batches).toHaveLength(2);
  });
});

describe("createBatch with a key", () => {
  it("puts it beside the caller's own metadata, with a value of this very create", async () => {
    await using account = await open();
    const metadata = { team: "search" };
    await createBatch(account.client, { ...keyed, metadata });
    await createBatch(account.client, { ...keyed, metadata, reuseExisting: false });
    const [first, second] = account.simulator.batches.map((batch) => batch.metadata);
    for (const made of [first, second]) {
      expect(made).toMatchObject({ ...metadata, idempotency_key: "nightly" });
    }
    expect(first?.["creation_id"]).toMatch(/\S{8}/);
    expect(first?.["creation_id"]).not.toBe(second?.["creation_id"]);
  });

  it("looks before it uploads, and adopts what is there", async () => {
    await using account = await open();
    const { batch } = await createBatch(account.client, keyed);
    const before = account.simulator.calls.length;
    const again = await createBatch(account.client, keyed);
    expect(again).toMatchObject({ batch: { id: batch.id }, reused: true });
    expect(callsOf(account).slice(before)).toEqual(["GET /batches"]);
  });

  it("tells of the file, then of the create, before either can be lost", async () => {
    await using account = await open();
    const told: string[] = [];
    await createBatch(account.client, {
      ...keyed,
      onUploaded: (file) => told.push(`${file.id} ${creates(account)}`),
      onCreating: ({ key, since }) =>
        told.push(`${key} ${creates(account)} ${account.clock.now() - since}`),
    });
    expect(told).toEqual([`${account.simulator.files[0]?.id ?? "none"} 0`, "nightly 0 0"]);
  });

  it.each([
    ["adopts a batch as old as lookBack", 50 * 60_000, true],
    ["leaves a batch that is older than lookBack", 2 * hour, false],
  ])("%s", async (_, age, reused) => {
    await using account = await open();
    await createBatch(account.client, keyed);
    account.clock.advance(age);
    const again = await createBatch(account.client, { ...keyed, lookBack: hour });
    expect(again.reused).toBe(reused);
  });

  it.each([
    ["adopts a batch of 29 days ago", 29 * day, true],
    ["leaves a batch of 31 days ago, whose results are gone", 31 * day, false],
  ])("%s", async (_, age, reused) => {
    await using account = await openAccount();
    await createBatch(account.client, keyed);
    account.clock.advance(age);
    expect((await createBatch(account.client, keyed)).reused).toBe(reused);
  });

  it("stops at a list that it may not read, before anything is paid for", async () => {
    await using account = await open();
    const refused = { kind: "status", status: 401 } as const;
    account.simulator.addFault({ method: "GET", path: "/batches", fault: refused });
    expect(await failureOf(createBatch(account.client, keyed))).toMatchObject({ status: 401 });
    expect(callsOf(account)).toEqual(["GET /batches"]);
  });

  it.each([404, 405, 501])("goes on where the server has no list (%i)", async (status) => {
    await using account = await open();
    const fault = { kind: "status", status } as const;
    account.simulator.addFault({ method: "GET", path: "/batches", times: Infinity, fault });
    let told = 0;
    const { reused } = await createBatch(account.client, { ...keyed, onNoList: () => (told += 1) });
    expect(reused).toBe(false);
    expect(told).toBe(1);
  });
});

describe("a lost answer", () => {
  it("is looked for among more batches than a page holds", async () => {
    await using account = await openAccount({ ...endless, client: { timeout: 1_000 } });
    const input_file_id = await account.upload();
    failCreate(account, { kind: "hang", processed: true });
    const answer = createBatch(account.client, order).catch((error: unknown) => error);
    while (account.simulator.batches.length === 0) await new Promise(setImmediate);
    for (let made = 0; made < 130; made += 1) {
      const other = { input_file_id, endpoint: ENDPOINT, completion_window: "24h" };
      await account.client.batches.create(other);
    }
    // The request timeout of the client ends the hang; then the list is read.
    expect(await answer).toMatchObject({
      reused: true,
      batch: { id: account.simulator.batches[0]?.id },
    });
    expect(account.simulator.batches).toHaveLength(131);
  });

  it("is looked for as long as the list may lag, then no longer", async () => {
    await using account = await open({ listLag: 25_000 });
    failCreate(account, lost);
    const { reused } = await createBatch(account.client, keyed);
    expect(reused).toBe(true);
    expect(creates(account)).toBe(1);
  });

  it("is the caller's own whatever became of the batch: a failed one is not paid again", async () => {
    await using account = await openAccount({
      outcome: "failed",
      listLag: 5_000,
      phases: { validating: 1_000 },
    });
    failCreate(account, lost);
    const { batch, reused } = await createBatch(account.client, keyed);
    expect(reused).toBe(true);
    expect(batch.status).toBe("failed");
    expect(creates(account)).toBe(1);
  });

  it("of a create that was not done leads to another one, as often as there are tries", async () => {
    await using account = await open();
    failCreate(account, dropped, 2);
    const { reused } = await createBatch(account.client, { ...keyed, maxRetries: 2 });
    expect(reused).toBe(false);
    expect(creates(account)).toBe(3);
    failCreate(account, dropped, Infinity);
    const more = createBatch(account.client, { ...order, maxRetries: 1 });
    expect(await failureOf(more)).toBeInstanceOf(UnknownOutcomeError);
    expect(creates(account)).toBe(5);
  });

  it("is not given up for the list's own failures, but for its refusal", async () => {
    await using account = await open();
    failCreate(account, lost);
    const failing = { kind: "status", status: 503 } as const;
    account.simulator.addFault({ method: "GET", path: "/batches", times: 3, fault: failing });
    expect((await createBatch(account.client, order)).reused).toBe(true);

    failCreate(account, lost);
    const refused = { kind: "status", status: 403 } as const;
    account.simulator.addFault({ method: "GET", path: "/batches", fault: refused });
    const error = await failureOf(createBatch(account.client, order));
    expect(error).toBeInstanceOf(UnknownOutcomeError);
    expect(error).toMatchObject({ inputFileId: account.simulator.files.at(-1)?.id });
    expect(creates(account)).toBe(2);
  });

  it("that said success is never followed by another create, even if no list shows the batch", async () => {
    await using account = await open({ listLag: Infinity });
    failCreate(account, { kind: "status-after", status: 200, body: { ok: true } }, Infinity);
    const error = await failureOf(createBatch(account.client, keyed));
    expect(error).toMatchObject({ name: "UnknownOutcomeError", created: true });
    expect(creates(account)).toBe(1);
    expect(account.simulator.batches).toHaveLength(1);
  });

  it("is told of before the list is read", async () => {
    await using account = await open();
    failCreate(account, lost);
    const told: string[] = [];
    await createBatch(account.client, {
      ...order,
      onUnknownOutcome: (error) => told.push(`${error.name} ${callsOf(account).at(-1) ?? ""}`),
    });
    expect(told).toEqual(["UnknownOutcomeError POST /batches"]);
  });
});

describe("a server that keeps no metadata", () => {
  const now = Date.UTC(2026, 0, 1) / 1000;

  /** Makes a batch of every create, but the answer to the first one is lost. */
  async function forgetful(createdAt: number | null = now) {
    const batches: Record<string, unknown>[] = [];
    const server = await rawServer(({ method, url }, response) => {
      if (method === "POST" && url === "/v1/files") {
        reply(response, 200, { id: "file-1", object: "file", bytes: 1, created_at: now });
      } else if (method === "POST") {
        const made = batchJson(`batch_${batches.length + 1}`, { created_at: createdAt });
        batches.unshift(made);
        reply(response, batches.length === 1 ? 500 : 200, batches.length === 1 ? {} : made);
      } else {
        reply(response, 200, { object: "list", data: batches, has_more: false });
      }
    });
    return { batches, url: server.url, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
  }

  it("is asked for the batch of the file that only we have", async () => {
    await using server = await forgetful();
    const { client } = clientFor(server.url);
    const { batch, reused } = await createBatch(client, keyed);
    expect([batch.id, reused]).toEqual(["batch_1", true]);
    expect(server.batches).toHaveLength(1);
  });

  it.each([
    ["its clock is right", now],
    ["its clock is five seconds behind", now - 5],
    ["it tells no time", null],
  ])(
    "is not paid twice for a file that others may use too, where %s: whose the batch is stays open",
    async (_, createdAt) => {
      await using server = await forgetful(createdAt);
      const { client } = clientFor(server.url);
      const input = { fileId: "file-1" };
      await createBatch(client, { ...keyed, input }).catch((error: unknown) => {
        expect(error).toBeInstanceOf(UnknownOutcomeError);
      });
      expect(server.batches).toHaveLength(1);
    },
  );
});

describe("a server that tells no times", () => {
  it("has its batch with the key adopted all the same", async () => {
    await using server = await rawServer((_request, response) => {
      const metadata = { idempotency_key: "nightly" };
      const data = [batchJson("batch_1", { created_at: undefined, metadata })];
      reply(response, 200, { object: "list", data, has_more: false });
    });
    const { client } = clientFor(server.url);
    expect(await createBatch(client, keyed)).toMatchObject({
      reused: true,
      batch: { id: "batch_1" },
    });
  });
});

describe("a deadline", () => {
  it.each<[string, { method: string; path: string; fault: Fault }, boolean]>([
    ["the look before", { method: "GET", path: "/batches", fault: busy() }, false],
    ["the upload", { method: "POST", path: "/files", fault: busy() }, false],
    ["the create", { method: "POST", path: "/batches", fault: busy() }, false],
  ])("ends %s, and nothing was created", async (_, rule, unknown) => {
    await using account = await open();
    account.simulator.addFault({ ...rule, times: Infinity });
    const deadline = account.clock.now() + 30_000;
    const error = await failureOf(createBatch(account.client, { ...keyed, deadline }));
    expect(error).toMatchObject({ name: "DeadlineError", outcomeUnknown: unknown });
    expect(account.clock.now()).toBeLessThanOrEqual(deadline);
    expect(account.simulator.batches).toEqual([]);
  });

  it("ends the search for a lost answer, and the loss is what is told", async () => {
    await using account = await open({ listLag: Infinity });
    failCreate(account, lost);
    const deadline = account.clock.now() + 5_000;
    const error = await failureOf(createBatch(account.client, { ...keyed, deadline }));
    expect(error).toBeInstanceOf(UnknownOutcomeError);
    expect(account.clock.now()).toBeLessThanOrEqual(deadline);
    expect(creates(account)).toBe(1);
  });

  it("ends the wait for a file that is not found (curator#116)", async () => {
    await using account = await open({ fileLag: Infinity });
    const deadline = account.clock.now() + 5_000;
    const error = await failureOf(createBatch(account.client, { ...keyed, deadline }));
    expect(error).toBeInstanceOf(APIError);
    expect(account.clock.now()).toBeLessThanOrEqual(deadline);
  });

  function busy(): Fault {
    return { kind: "status", status: 429, headers: { "retry-after": "7" } };
  }
});

describe("an abort", () => {
  const reason = new Error("The workflow was cancelled.");

  /** Aborts as soon as a call such as `POST /files` has come in. */
  async function abortAt(account: Account, call: string, controller: AbortController) {
    while (!callsOf(account).includes(call)) await new Promise(setImmediate);
    controller.abort(reason);
  }

  it.each([
    ["the look before", "GET", "/batches"],
    ["the upload", "POST", "/files"],
  ])("during %s ends it with its reason, and nothing was created", async (_, method, path) => {
    await using account = await open();
    account.simulator.addFault({ method, path, fault: { kind: "hang" } });
    const controller = new AbortController();
    const pending = rejectionOf(
      createBatch(account.client, { ...keyed, signal: controller.signal }),
    );
    await abortAt(account, `${method} ${path}`, controller);
    expect(await pending).toBe(reason);
    expect(creates(account)).toBe(0);
  });

  it("during the create lets an answer come that is on its way", async () => {
    await using account = await open();
    failCreate(account, { kind: "delay", ms: 100 });
    const controller = new AbortController();
    const pending = createBatch(account.client, { ...keyed, signal: controller.signal });
    await abortAt(account, "POST /batches", controller);
    expect(await pending).toMatchObject({
      reused: false,
      batch: { id: account.simulator.batches[0]?.id },
    });
  });

  it("during a create that stays silent gives up after its grace, and the outcome is open", async () => {
    await using account = await open();
    failCreate(account, { kind: "hang", processed: true });
    const controller = new AbortController();
    const pending = rejectionOf(
      createBatch(account.client, { ...keyed, signal: controller.signal }),
    );
    await abortAt(account, "POST /batches", controller);
    account.clock.advance(3_000);
    expect(await pending).toBeInstanceOf(UnknownOutcomeError);
    expect(callsOf(account).at(-1)).toBe("POST /batches");
  });

  it.each<[string, SimulatorOptions, Fault | undefined]>([
    ["between two looks for a lost answer", { listLag: Infinity }, lost],
    ["while a file is not found yet", { fileLag: Infinity }, undefined],
    ["between two tries of a create", {}, { kind: "status", status: 429 }],
  ])("%s ends the pause with its reason", async (_, options, fault) => {
    await using account = await open(options);
    if (fault !== undefined) failCreate(account, fault, Infinity);
    const controller = new AbortController();
    account.clock.at(account.clock.now() + 1, () => {
      controller.abort(reason);
    });
    const pending = createBatch(account.client, { ...keyed, signal: controller.signal });
    expect(await rejectionOf(pending)).toBe(reason);
    expect(creates(account)).toBeLessThanOrEqual(2);
    expect(account.clock.pauses.length).toBeLessThanOrEqual(3);
  });

  it("before the first call makes none", async () => {
    await using account = await open();
    const signal = AbortSignal.abort(reason);
    expect(await rejectionOf(createBatch(account.client, { ...keyed, signal }))).toBe(reason);
    expect(account.simulator.calls).toEqual([]);
  });
});

describe("the input file", () => {
  it("is waited for when it was just uploaded and is not found (curator#116)", async () => {
    await using account = await open({ fileLag: 20_000 });
    await createBatch(account.client, keyed);
    expect(account.simulator.batches).toHaveLength(1);
    expect(account.simulator.files).toHaveLength(1);
    expect(account.clock.pauses.some((pause) => pause >= 1_000)).toBe(true);
  });

  it("is not waited for when another named it", async () => {
    await using account = await open();
    const input = { fileId: "file-none" };
    const error = await failureOf(createBatch(account.client, { ...keyed, input }));
    expect(error.message).toContain("file-none");
    expect(creates(account)).toBe(1);
  });

  it("of an earlier create is used where no batch came of it", async () => {
    await using account = await open();
    failCreate(account, { kind: "status", status: 400 });
    await failureOf(createBatch(account.client, keyed));
    const told: boolean[] = [];
    await createBatch(account.client, {
      ...keyed,
      onUploaded: (_file, reused) => told.push(reused),
    });
    expect(told).toEqual([true]);
    expect(account.simulator.files).toHaveLength(1);
  });

  it("of an earlier create is left alone when it is about to be deleted", async () => {
    await using account = await open();
    failCreate(account, { kind: "status", status: 400 });
    await failureOf(createBatch(account.client, { ...keyed, inputExpiresAfter: 25 * 3_600 }));
    account.clock.advance(60_000);
    await createBatch(account.client, keyed);
    expect(account.simulator.files).toHaveLength(2);
  });

  it("is looked for only by those who may reuse", async () => {
    await using account = await open();
    await createBatch(account.client, { ...keyed, reuseExisting: false });
    await createBatch(account.client, { ...keyed, reuseUpload: false, idempotencyKey: "other" });
    expect(callsOf(account)).not.toContain("GET /files");
    expect(account.simulator.files).toHaveLength(2);
  });
});
