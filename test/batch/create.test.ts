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
  paramsFor,
  rejectionOf,
  requestLines,
  textSource,
} from "../support/account.ts";
import { eventLog, on } from "../support/events.ts";
import { batchJson, rawServer, reply } from "../support/raw-server.ts";
import { asSoonAs, until } from "../support/until.ts";

const endless = { phases: { inProgress: Infinity, cancelling: Infinity } };
const open = async (options: SimulatorOptions = {}): Promise<Account> =>
  openAccount({ ...endless, ...options });

const order: CreateBatchOptions = {
  input: textSource(requestLines(2), "requests-1.jsonl"),
  endpoint: ENDPOINT,
};
const keyed: CreateBatchOptions = { ...order, idempotencyKey: "nightly" };

const day = 24 * 3_600_000;

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
    const { onEvent, of } = eventLog();
    const { batch, reused } = await createBatch(account.client, { ...order, onEvent });
    expect(reused).toBe(false);
    expect(of("created")).toMatchObject([{ found: true, known: { batch: { id: batch.id } } }]);
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

  it("sends what was asked for, and nothing of what was not", async () => {
    const bodies: unknown[] = [];
    await using server = await rawServer(({ url, body }, response) => {
      if (url !== "/v1/batches") {
        reply(response, 200, { id: "file-1", object: "file", bytes: 1, created_at: 1 });
        return;
      }
      bodies.push(JSON.parse(body));
      reply(response, 200, batchJson("batch_1"));
    });
    const { client } = clientFor(server.url);
    await createBatch(client, { ...order, outputExpiresAfter: 7_200, completionWindow: "48h" });
    await createBatch(client, order);
    const usual = { input_file_id: "file-1", endpoint: ENDPOINT };
    expect(bodies).toMatchObject([
      {
        ...usual,
        completion_window: "48h",
        output_expires_after: { anchor: "created_at", seconds: 7_200 },
      },
      { ...usual, completion_window: "24h" },
    ]);
    expect(bodies[1]).not.toHaveProperty("output_expires_after");
  });

  it("looks before it uploads, and adopts what is there", async () => {
    await using account = await open();
    const { batch } = await createBatch(account.client, keyed);
    const before = account.simulator.calls.length;
    const again = await createBatch(account.client, keyed);
    expect(again).toMatchObject({ batch: { id: batch.id }, reused: true });
    expect(callsOf(account).slice(before)).toEqual(["GET /batches", `GET /batches/${batch.id}`]);
  });

  it("tells of the file, then of the create, before either can be lost", async () => {
    await using account = await open();
    const told: string[] = [];
    await createBatch(account.client, {
      ...keyed,
      onEvent(event) {
        if (event.type === "uploaded") told.push(`${event.file.id} ${creates(account)}`);
        if (event.type !== "creating") return;
        const { key, since } = event.creation;
        told.push(`${key} ${creates(account)} ${account.clock.now() - since}`);
      },
    });
    expect(told).toEqual([`${account.simulator.files[0]?.id ?? "none"} 0`, "nightly 0 0"]);
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

  describe.each([404, 405, 501])("of a server without a list (%i)", (status) => {
    const without = async () => {
      const account = await open();
      const fault = { kind: "status", status } as const;
      account.simulator.addFault({ method: "GET", path: "/batches", times: Infinity, fault });
      return account;
    };

    it("goes on where no earlier attempt can have created the batch, and says so", async () => {
      await using account = await without();
      const { onEvent, of } = eventLog();
      const options = { ...keyed, mayExist: false, onEvent };
      expect((await createBatch(account.client, options)).reused).toBe(false);
      expect(of("look-up-incomplete").map(({ why }) => why)).toEqual([
        "the server has no list of batches, and this is the first try",
      ]);
    });

    it("is stopped where one may have, after several tries", async () => {
      await using account = await without();
      const error = await failureOf(createBatch(account.client, { ...keyed, maxRetries: 0 }));
      expect(error).toMatchObject({ code: "look_up_incomplete" });
      expect(error.message).toContain("the server has no list of batches");
      expect(callsOf(account)).toEqual(Array(4).fill("GET /batches"));
      expect(account.clock.pauses).toEqual([1_000, 2_000, 4_000]);
    });

    it("goes on where the list was only hidden for a moment", async () => {
      await using account = await open();
      const { batch } = await createBatch(account.client, keyed);
      const fault = { kind: "status", status } as const;
      account.simulator.addFault({ method: "GET", path: "/batches", times: 3, fault });
      const again = await createBatch(account.client, keyed);
      expect(again).toMatchObject({ batch: { id: batch.id }, reused: true });
    });
  });

  describe("where the list cannot be read to its end", () => {
    const cut: Fault = {
      kind: "rewrite",
      // The simulator's lists are objects.
      rewrite: (page) => ({ ...(page as object), has_more: true, last_id: null }),
    };
    const cutList = ({ simulator }: Account) =>
      simulator.addFault({ method: "GET", path: "/batches", times: Infinity, fault: cut });

    it("is stopped: the batch may be there", async () => {
      await using account = await open();
      cutList(account);
      const error = await failureOf(createBatch(account.client, { ...keyed, mayExist: false }));
      expect(error).toMatchObject({ code: "look_up_incomplete" });
      expect(creates(account)).toBe(0);
    });

    it("takes a batch that was found on what could be read", async () => {
      await using account = await open();
      const { batch } = await createBatch(account.client, keyed);
      cutList(account);
      const again = await createBatch(account.client, keyed);
      expect(again).toMatchObject({ batch: { id: batch.id }, reused: true });
    });

    it("creates without a look where nothing is to be reused", async () => {
      await using account = await open();
      cutList(account);
      await createBatch(account.client, { ...keyed, reuseExisting: false });
      expect(callsOf(account)).toEqual(["POST /files", "POST /batches"]);
    });
  });

  it.each<[string, Partial<CreateBatchOptions>]>([
    ["other requests", { input: textSource(requestLines(3), "requests-1.jsonl") }],
    ["another endpoint", { endpoint: "/v1/embeddings" }],
  ])("is refused for %s than those of its batch", async (_, changed) => {
    await using account = await open();
    const { batch } = await createBatch(account.client, keyed);
    const error = await failureOf(createBatch(account.client, { ...keyed, ...changed }));
    expect(error).toMatchObject({ code: "other_requests" });
    expect(error.message).toContain(batch.id);
    expect(creates(account)).toBe(1);
    expect(account.simulator.files).toHaveLength(1);
  });

  it("that names a failed batch of other requests may name others: a failure cost nothing", async () => {
    await using account = await openAccount({ outcome: "failed" });
    await createBatch(account.client, keyed);
    account.clock.advance(60_000);
    const input = textSource(requestLines(3), "requests-1.jsonl");
    expect((await createBatch(account.client, { ...keyed, input })).reused).toBe(false);
  });
});

describe("a batch with the key that is being cancelled", () => {
  it("is waited for, and what ended early is not taken by one who sends nothing again", async () => {
    await using account = await openAccount({
      phases: { inProgress: Infinity, cancelling: 8 * 60_000 },
    });
    const { batch } = await createBatch(account.client, keyed);
    account.clock.advance(60_000);
    await account.client.batches.cancel(batch.id);
    const started = account.clock.now();
    const again = await createBatch(account.client, keyed);
    expect(account.clock.now() - started).toBeGreaterThanOrEqual(8 * 60_000);
    expect(again.reused).toBe(false);
    expect(again.batch.id).not.toBe(batch.id);
  });

  it("is taken when it has completed after all", async () => {
    await using account = await openAccount({ phases: { inProgress: Infinity } });
    const { batch } = await createBatch(account.client, keyed);
    const shown = (status: string) => ({ ...batch, status, metadata: batch.metadata });
    const answer = (path: string, body: unknown) => {
      const fault = { kind: "status", status: 200, body } as const;
      account.simulator.addFault({ method: "GET", path, fault });
    };
    answer("/batches", { object: "list", data: [shown("cancelling")], has_more: false });
    answer(`/batches/${batch.id}`, shown("cancelling"));
    answer(`/batches/${batch.id}`, shown("completed"));
    const again = await createBatch(account.client, keyed);
    expect(again).toMatchObject({ reused: true, batch: { id: batch.id, status: "completed" } });
    expect(creates(account)).toBe(1);
  });

  it("for longer than a quarter of an hour is an error, and nothing is created over it", async () => {
    await using account = await open();
    const { batch } = await createBatch(account.client, keyed);
    account.clock.advance(60_000);
    await account.client.batches.cancel(batch.id);
    const started = account.clock.now();
    const error = await failureOf(createBatch(account.client, keyed));
    expect(error).toMatchObject({ code: "still_cancelling" });
    expect(account.clock.now() - started).toBe(15 * 60_000);
    expect(creates(account)).toBe(1);
  });
});

describe("a completed batch with the key whose results are gone", () => {
  async function collected() {
    const account = await openAccount();
    const { batch } = await createBatch(account.client, keyed);
    account.clock.advance(60_000);
    const ended = account.simulator.batches.find(({ id }) => id === batch.id);
    const fileId = ended?.output_file_id ?? "none";
    const addFault = (fault: Fault, times: number, paths = ["", "/content"]) => {
      for (const path of paths) {
        account.simulator.addFault({
          method: "GET",
          path: `/files/${fileId}${path}`,
          times,
          fault,
        });
      }
    };
    const close = () => account[Symbol.asyncDispose]();
    return { account, batch, addFault, [Symbol.asyncDispose]: close };
  }

  it("is not adopted, which is reported, and another is created", async () => {
    await using opened = await collected();
    const { account, batch, addFault } = opened;
    addFault({ kind: "status", status: 404 }, 3);
    const { onEvent, of } = eventLog();
    const again = await createBatch(account.client, { ...keyed, onEvent });
    expect(again.reused).toBe(false);
    expect(of("not-adopted")).toMatchObject([
      { batch: { id: batch.id }, why: `the results of ${batch.id} are gone from the server` },
    ]);
    expect(account.clock.pauses).toEqual([0, 1_000, 3_000]);
  });

  it.each<[string, Fault, number, (readonly string[])?]>([
    ["for two looks only", { kind: "status", status: 404 }, 2],
    ["says a server that fails", { kind: "status", status: 500 }, Infinity],
    ["says a server that refuses", { kind: "status", status: 403 }, Infinity],
    ["says a server that has the content", { kind: "status", status: 404 }, Infinity, [""]],
  ])("%s is adopted: nothing shows that they are", async (_name, fault, times, paths) => {
    await using opened = await collected();
    const { account, batch, addFault } = opened;
    addFault(fault, times, paths && [...paths]);
    const again = await createBatch(account.client, keyed);
    expect(again).toMatchObject({ reused: true, batch: { id: batch.id } });
  });
});

describe("a lost answer", () => {
  it("is looked for among more batches than a page holds", async () => {
    await using account = await open();
    const others = Promise.withResolvers<undefined>();
    failCreate(account, lost);
    account.simulator.addFault({
      method: "GET",
      path: "/batches",
      times: Infinity,
      fault: { kind: "delay", until: others.promise },
    });
    const makeOthers = async () => {
      await until(() => account.simulator.batches.length === 1);
      const input_file_id = await account.upload();
      for (let made = 0; made < 130; made += 1) {
        await account.client.batches.create(paramsFor(input_file_id));
      }
      others.resolve(undefined);
    };
    const [answer] = await Promise.all([createBatch(account.client, order), makeOthers()]);
    expect(answer).toMatchObject({
      reused: false,
      batch: { id: account.simulator.batches[0]?.id },
    });
    expect(account.simulator.batches).toHaveLength(131);
  });

  it("is looked for as long as the list may lag, then no longer", async () => {
    await using account = await open({ listLag: 25_000 });
    failCreate(account, lost);
    const { reused } = await createBatch(account.client, keyed);
    expect(reused).toBe(false);
    expect(creates(account)).toBe(1);
    expect(account.simulator.batches).toHaveLength(1);
  });

  it("is the caller's own whatever became of the batch: a failed one is not paid again", async () => {
    await using account = await openAccount({
      outcome: "failed",
      listLag: 5_000,
      phases: { validating: 1_000 },
    });
    failCreate(account, lost);
    const { batch, reused } = await createBatch(account.client, keyed);
    expect(reused).toBe(false);
    expect(batch.status).toBe("failed");
    expect(creates(account)).toBe(1);
  });

  it("of a create that was not done leads to one other, and never to a third", async () => {
    await using account = await open();
    failCreate(account, dropped);
    const { onEvent, of } = eventLog();
    await createBatch(account.client, { ...keyed, onEvent });
    expect(creates(account)).toBe(2);
    expect(of("creating").map(({ creation }) => creation.sent)).toEqual([1, 2]);
    expect(of("created")).toMatchObject([{ found: false, creation: { sent: 2 } }]);
    failCreate(account, dropped, Infinity);
    const more = createBatch(account.client, { ...order, maxRetries: 9 });
    expect(await failureOf(more)).toBeInstanceOf(UnknownOutcomeError);
    expect(creates(account)).toBe(4);
  });

  it("of a create that is not to be retried is looked for, and given up", async () => {
    await using account = await open();
    failCreate(account, dropped);
    const once = createBatch(account.client, { ...order, maxRetries: 0 });
    expect(await failureOf(once)).toBeInstanceOf(UnknownOutcomeError);
    expect(creates(account)).toBe(1);
    expect(callsOf(account)).toContain("GET /batches");
  });

  it("is not given up for the list's own failures, nor for one refusal, but for lasting ones", async () => {
    await using account = await open();
    failCreate(account, lost);
    const failing = { kind: "status", status: 503 } as const;
    account.simulator.addFault({ method: "GET", path: "/batches", times: 3, fault: failing });
    expect((await createBatch(account.client, order)).reused).toBe(false);

    failCreate(account, lost);
    const refused = { kind: "status", status: 403 } as const;
    account.simulator.addFault({ method: "GET", path: "/batches", fault: refused });
    expect((await createBatch(account.client, order)).reused).toBe(false);

    failCreate(account, lost);
    const list = { method: "GET", path: "/batches", times: Infinity };
    account.simulator.addFault({ ...list, fault: refused });
    const error = await failureOf(createBatch(account.client, order));
    expect(error).toBeInstanceOf(UnknownOutcomeError);
    expect(error).toMatchObject({ inputFileId: account.simulator.files.at(-1)?.id });
    expect(creates(account)).toBe(3);
  });

  it("that said success is never followed by another create, even if no list shows the batch", async () => {
    await using account = await open({ listLag: Infinity });
    failCreate(account, { kind: "status-after", status: 200, body: { ok: true } }, Infinity);
    const error = await failureOf(createBatch(account.client, keyed));
    expect(error).toMatchObject({ name: "UnknownOutcomeError", created: true });
    expect(creates(account)).toBe(1);
    expect(account.simulator.batches).toHaveLength(1);
  });

  it("is reported before the list is read", async () => {
    await using account = await open();
    failCreate(account, lost);
    const told: string[] = [];
    await createBatch(account.client, {
      ...order,
      onEvent: on("outcome-unknown", ({ error }) =>
        told.push(`${error.name} ${callsOf(account).at(-1) ?? ""}`),
      ),
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
    expect([batch.id, reused]).toEqual(["batch_1", false]);
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

  /** A signal that aborts as soon as a call such as `POST /files` has come in. */
  function abortedAt(account: Account, call: string, then: () => void = () => undefined) {
    const controller = new AbortController();
    asSoonAs(
      () => callsOf(account).includes(call),
      () => {
        controller.abort(reason);
        then();
      },
    );
    return controller.signal;
  }

  it.each([
    ["the look before", "GET", "/batches"],
    ["the upload", "POST", "/files"],
  ])("during %s ends it with its reason, and nothing was created", async (_, method, path) => {
    await using account = await open();
    account.simulator.addFault({ method, path, fault: { kind: "hang" } });
    const signal = abortedAt(account, `${method} ${path}`);
    expect(await rejectionOf(createBatch(account.client, { ...keyed, signal }))).toBe(reason);
    expect(creates(account)).toBe(0);
  });

  it("during the create lets an answer come that is on its way", async () => {
    await using account = await open();
    const aborted = Promise.withResolvers<undefined>();
    failCreate(account, { kind: "delay", until: aborted.promise });
    const signal = abortedAt(account, "POST /batches", () => {
      aborted.resolve(undefined);
    });
    expect(await createBatch(account.client, { ...keyed, signal })).toMatchObject({
      reused: false,
      batch: { id: account.simulator.batches[0]?.id },
    });
  });

  it("during a create that stays silent gives up after its grace, and the outcome is open", async () => {
    await using account = await open();
    failCreate(account, { kind: "hang", processed: true });
    const signal = abortedAt(account, "POST /batches", () => {
      account.clock.advance(3_000);
    });
    const error = await rejectionOf(createBatch(account.client, { ...keyed, signal }));
    expect(error).toBeInstanceOf(UnknownOutcomeError);
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
      onEvent: on("uploaded", ({ reused }) => told.push(reused)),
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
    await createBatch(account.client, { ...keyed, mayExist: false, idempotencyKey: "other" });
    expect(callsOf(account)).not.toContain("GET /files");
    expect(account.simulator.files).toHaveLength(2);
  });
});
