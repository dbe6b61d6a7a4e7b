import { describe, expect, it } from "vitest";

import { cancelExtras, sendCreate, type Sending } from "../../../src/batch/create/send.ts";
import { createBatch } from "../../../src/batch/create.ts";
import type { BatchEvent } from "../../../src/batch/events.ts";
import type { Creation } from "../../../src/batch/knowledge.ts";
import type { Fault, SimulatorOptions } from "../../../src/simulator/index.ts";
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
} from "../../support/account.ts";
import { eventLog } from "../../support/events.ts";
import { batchJson, rawServer, reply } from "../../support/raw-server.ts";

const second = 1_000;
const endless: SimulatorOptions = { phases: { inProgress: Infinity, cancelling: Infinity } };
const lost: Fault = { kind: "status-after", status: 500 };
const order = {
  input: textSource(requestLines(2)),
  endpoint: ENDPOINT,
  idempotencyKey: "nightly",
};

const creates = ({ simulator }: Account) =>
  simulator.calls.filter(({ method, path }) => method === "POST" && path === "/v1/batches").length;
const failCreate = ({ simulator }: Account, fault: Fault, times = 1, skip = 0) =>
  simulator.addFault({ method: "POST", path: "/batches", times, skip, fault });

/** A create of a file that is on the server, as the creator sends it. */
async function sendingOf(account: Account, fields: Partial<Sending> = {}): Promise<Sending> {
  const file = await account.upload();
  const creation: Creation = {
    key: "nightly",
    creationId: "creation-1",
    since: account.clock.now(),
  };
  const metadata = { idempotency_key: creation.key, creation_id: creation.creationId };
  return {
    part: 0,
    body: { ...paramsFor(file), metadata },
    creation,
    reuse: true,
    file: { mayTryAgain: () => Promise.resolve(false) },
    ...fields,
  };
}

describe("a create that was sent twice and made two batches", () => {
  /** The first answer is lost and the list lags for longer than is waited, so that it is sent again. */
  async function twice(listLag: number) {
    const account = await openAccount({ ...endless, listLag });
    failCreate(account, lost);
    const log = eventLog();
    const { batch } = await createBatch(account.client, { ...order, onEvent: log.onEvent });
    const [first, other] = account.simulator.batches;
    if (first === undefined || other === undefined) throw new Error("There are two batches.");
    const close = () => account[Symbol.asyncDispose]();
    return { account, log, batch, first, other, [Symbol.asyncDispose]: close };
  }

  it("has the first one cancelled when the list shows it after 33 seconds", async () => {
    await using opened = await twice(33 * second);
    const { account, log, batch, first, other } = opened;
    expect(creates(account)).toBe(2);
    expect(batch.id).toBe(other.id);
    expect(account.simulator.batches.map(({ id, status }) => [id, status])).toEqual([
      [first.id, "cancelling"],
      [other.id, "in_progress"],
    ]);
    expect(log.of("extra-found").map((event) => event.batch.id)).toEqual([first.id]);
    expect(log.of("cancelled").map((event) => event.batch.id)).toEqual([first.id]);
  });

  it("reports the second one before it looks for the first, with what finds both", async () => {
    await using opened = await twice(33 * second);
    const { log, batch } = opened;
    const types = log.types();
    expect(types.indexOf("created")).toBeLessThan(types.indexOf("extra-found"));
    expect(log.of("created")).toMatchObject([{ creation: { sent: 2, keep: batch.id } }]);
  });

  it("has it cancelled as soon as the list shows it, and is settled then", async () => {
    await using opened = await twice(33 * second);
    const { log, batch, first } = opened;
    const [cancelled] = log.of("cancelled");
    expect((cancelled?.batch.cancelling_at ?? 0) - first.created_at).toBe(33);
    expect(log.of("settled")).toMatchObject([{ creation: { sent: 2, keep: batch.id } }]);
  });

  it("is not settled while the list does not show the first one", async () => {
    await using opened = await twice(10 * 60 * second);
    const { log } = opened;
    expect(log.of("extra-found")).toEqual([]);
    expect(log.of("settled")).toEqual([]);
  });
});

describe("extra batches of a create", () => {
  const call = {};

  async function twins() {
    const account = await openAccount(endless);
    const sending = await sendingOf(account);
    const [kept, extra] = [
      await account.client.batches.create(sending.body),
      await account.client.batches.create(sending.body),
    ];
    const creation = { ...sending.creation, sent: 2, keep: kept.id };
    const close = () => account[Symbol.asyncDispose]();
    return { account, kept, extra, creation, [Symbol.asyncDispose]: close };
  }

  it("are cancelled, and what is kept and what is another's is not", async () => {
    await using opened = await twins();
    const { account, kept, extra, creation } = opened;
    const other = await account.submit(1, { creation_id: "creation-2" });
    account.clock.advance(second);
    expect(await cancelExtras(account.client, creation, call)).toBe(true);
    const status = new Map(account.simulator.batches.map((batch) => [batch.id, batch.status]));
    expect([kept, extra, other].map(({ id }) => status.get(id))).toEqual([
      "in_progress",
      "cancelling",
      "in_progress",
    ]);
  });

  it("that cannot be cancelled leave the create unsettled", async () => {
    await using opened = await twins();
    const { account, extra, creation } = opened;
    const fault = { kind: "status", status: 409 } as const;
    account.simulator.addFault({ path: "/batches/*/cancel", times: Infinity, fault });
    const { onEvent, of } = eventLog();
    expect(await cancelExtras(account.client, creation, { onEvent })).toBe(false);
    expect(of("cancel-failed")).toMatchObject([{ batchId: extra.id }]);
  });

  it("are looked for only where there may be some", async () => {
    await using opened = await twins();
    const { account, kept, creation } = opened;
    const from = account.simulator.calls.length;
    const once = { ...creation, sent: 1 };
    const never = { key: "k", creationId: "c", since: 0, sent: 2 };
    expect(await cancelExtras(account.client, once, call)).toBe(true);
    expect(await cancelExtras(account.client, never, call)).toBe(true);
    const unsaid = { key: "k", creationId: "c", since: 0, keep: kept.id };
    expect(await cancelExtras(account.client, unsaid, call)).toBe(true);
    expect(account.simulator.calls).toHaveLength(from);
  });

  it("that no list can show leave the create unsettled", async () => {
    await using opened = await twins();
    const { account, creation } = opened;
    const fault = { kind: "status", status: 403 } as const;
    account.simulator.addFault({ method: "GET", times: Infinity, fault });
    expect(await cancelExtras(account.client, creation, call)).toBe(false);
  });

  it("that cannot be cancelled leave it unsettled where nobody listens as well", async () => {
    await using opened = await twins();
    const { account, creation } = opened;
    const fault = { kind: "status", status: 409 } as const;
    account.simulator.addFault({ path: "/batches/*/cancel", times: Infinity, fault });
    expect(await cancelExtras(account.client, creation, call)).toBe(false);
  });

  it.each([
    ["before one was found", 0],
    ["while one is cancelled", 1],
  ])("end with the signal %s, which is no failed cancel", async (_, found) => {
    await using opened = await twins();
    const { account, creation } = opened;
    const controller = new AbortController();
    const reason = new Error("stop");
    const log = eventLog();
    const onEvent = (event: BatchEvent) => {
      log.onEvent(event);
      if (event.type === "extra-found") controller.abort(reason);
    };
    if (found === 0) controller.abort(reason);
    const { signal } = controller;
    const ended = cancelExtras(account.client, creation, { signal, onEvent });
    expect(await rejectionOf(ended)).toBe(reason);
    expect(log.types()).toHaveLength(found);
  });

  it("are looked for as far back as the create, and as many as there may be", async () => {
    await using opened = await twins();
    const { account, extra, creation } = opened;
    account.clock.advance(second);
    const third = await account.client.batches.create({
      ...paramsFor(extra.input_file_id),
      metadata: { creation_id: creation.creationId },
    });
    const { onEvent, of } = eventLog();
    const thrice = { ...creation, sent: 3 };
    expect(await cancelExtras(account.client, thrice, { onEvent })).toBe(true);
    const ids = of("extra-found").map(({ batch }) => batch.id);
    expect(new Set(ids)).toEqual(new Set([extra.id, third.id]));
  });

  it("that the list shows only later are waited for until then", async () => {
    await using account = await openAccount({ ...endless, listLag: 8 * second });
    const sending = await sendingOf(account);
    const kept = await account.client.batches.create(sending.body);
    account.clock.advance(6 * second);
    await account.client.batches.create(sending.body);
    const creation = { ...sending.creation, sent: 3, keep: kept.id };
    account.clock.advance(3 * second);
    expect(await cancelExtras(account.client, creation, call)).toBe(false);
    expect(account.simulator.batches.map(({ status }) => status)).toEqual([
      "in_progress",
      "cancelling",
    ]);
  });
});

describe("a refusal of the second create", () => {
  it("does not clear the first one, whose outcome is unknown", async () => {
    await using account = await openAccount({ ...endless, listLag: Infinity });
    failCreate(account, lost);
    failCreate(account, { kind: "status", status: 403 }, Infinity);
    const { onEvent, types } = eventLog();
    const error = await failureOf(createBatch(account.client, { ...order, onEvent }));
    expect(error.name).toBe("UnknownOutcomeError");
    expect(creates(account)).toBe(2);
    expect(types()).not.toContain("refused");
  });

  it("is what it is where nothing went before it", async () => {
    await using account = await openAccount(endless);
    failCreate(account, { kind: "status", status: 403 });
    const { onEvent, of } = eventLog();
    const error = await failureOf(createBatch(account.client, { ...order, onEvent }));
    expect(error).toMatchObject({ status: 403 });
    expect(of("refused")).toMatchObject([{ error: { status: 403 }, creation: { sent: 1 } }]);
  });
});

describe("the batch of a lost create", () => {
  it("is our own before one with the same key", async () => {
    await using account = await openAccount(endless);
    const sending = await sendingOf(account);
    const metadata = { idempotency_key: "nightly", creation_id: "another" };
    failCreate(account, lost);
    const sent = sendCreate(account.client, sending);
    const { batch, found } = await sent;
    await account.client.batches.create({ ...sending.body, metadata });
    expect([found, batch.metadata?.["creation_id"]]).toEqual([true, "creation-1"]);
  });

  it.each<[string, boolean, string]>([
    ["may be one with the same key, where that is allowed", true, "taken"],
    ["is not one with the same key where every create is work of its own", false, "not taken"],
  ])("%s", async (_, reuse, taken) => {
    await using account = await openAccount(endless);
    const sending = await sendingOf(account, { reuse });
    const metadata = { idempotency_key: "nightly", creation_id: "another" };
    const { id } = await account.client.batches.create({ ...sending.body, metadata });
    failCreate(account, { kind: "drop-before" });
    const { batch } = await sendCreate(account.client, sending);
    expect(batch.id === id ? "taken" : "not taken").toBe(taken);
  });

  it("is the oldest of two: both runs of it would keep that one", async () => {
    const now = Date.UTC(2026, 0, 1) / 1000;
    const metadata = { creation_id: "creation-1" };
    const data = [
      batchJson("newer", { created_at: now + 2, metadata }),
      batchJson("older", { created_at: now + 1, metadata }),
    ];
    await using server = await rawServer(({ method }, response) => {
      if (method === "GET") reply(response, 200, { object: "list", data, has_more: false });
      else reply(response, 500, { error: { message: "No." } });
    });
    await using account = await openAccount();
    const { client } = clientFor(server.url);
    const { batch } = await sendCreate(client, await sendingOf(account));
    expect(batch.id).toBe("older");
  });

  it("is not created again beside a stranger of the same file that keeps no metadata", async () => {
    const now = Date.UTC(2026, 0, 1) / 1000;
    const strangers = [
      ["of the same file", { created_at: now }, 1],
      ["of another file", { created_at: now, input_file_id: "file-2" }, 2],
      ["from before it", { created_at: now - 3_600 }, 2],
      ["with metadata of its own", { created_at: now, metadata: { team: "red" } }, 2],
    ] as const;
    for (const [, fields, expected] of strangers) {
      let sent = 0;
      await using server = await rawServer(({ method }, response) => {
        const data = [batchJson("stranger", { input_file_id: "file-1", ...fields })];
        if (method === "GET") {
          reply(response, 200, { object: "list", data, has_more: false });
          return;
        }
        sent += 1;
        reply(response, 500, { error: { message: "No." } });
      });
      await using account = await openAccount();
      const { client } = clientFor(server.url);
      const sending = await sendingOf(account, { body: paramsFor("file-1") });
      const error = await failureOf(sendCreate(client, sending));
      expect(error.name).toBe("UnknownOutcomeError");
      expect(sent).toBe(expected);
    }
  });

  it("is not one with the same key that was cancelled, whose answers are not whole", async () => {
    await using account = await openAccount({ phases: { inProgress: Infinity, cancelling: 0 } });
    const sending = await sendingOf(account);
    const metadata = { idempotency_key: "nightly", creation_id: "another" };
    const other = await account.client.batches.create({ ...sending.body, metadata });
    await account.client.batches.cancel(other.id);
    failCreate(account, { kind: "drop-before" });
    const came = await sendCreate(account.client, sending).then(
      ({ batch }) => batch.id,
      (thrown: unknown) => thrown,
    );
    expect(came).not.toBe(other.id);
  });

  it("is told apart from an older one with the same key, and is the one that is kept", async () => {
    const now = Date.UTC(2026, 0, 1) / 1000;
    const mate = { idempotency_key: "nightly", creation_id: "another" };
    const mine = { idempotency_key: "nightly", creation_id: "creation-1" };
    const older = batchJson("older", { created_at: now + 1, metadata: mate });
    const own = batchJson("own", { created_at: now + 2, metadata: mine });
    const lists = [
      [[older, own], "own", true],
      [[older], "older", false],
    ] as const;
    for (const [data, id, expected] of lists) {
      await using server = await rawServer(({ method }, response) => {
        if (method === "GET") reply(response, 200, { object: "list", data, has_more: false });
        else reply(response, 500, { error: { message: "No." } });
      });
      await using account = await openAccount();
      const { client } = clientFor(server.url);
      const sent = await sendCreate(client, await sendingOf(account));
      expect(sent).toMatchObject({ batch: { id }, own: expected, found: true });
    }
  });

  it("is not one with the same key that was there before and not to be taken", async () => {
    const metadata = { idempotency_key: "nightly", creation_id: "another" };
    const emptied = batchJson("emptied", { created_at: Date.UTC(2026, 0, 1) / 1000, metadata });
    await using server = await rawServer(({ method }, response) => {
      if (method === "GET") {
        reply(response, 200, { object: "list", data: [emptied], has_more: false });
      } else reply(response, 500, { error: { message: "No." } });
    });
    await using account = await openAccount();
    const { client } = clientFor(server.url);
    const sending = await sendingOf(account, { passedOver: new Set(["emptied"]) });
    expect((await failureOf(sendCreate(client, sending))).name).toBe("UnknownOutcomeError");
  });

  it("may be one that names no input file, beside which none is created again", async () => {
    let sent = 0;
    await using server = await rawServer(({ method }, response) => {
      const created_at = Date.UTC(2026, 0, 1) / 1000;
      const data = [batchJson("stranger", { created_at, input_file_id: "" })];
      if (method === "GET") {
        reply(response, 200, { object: "list", data, has_more: false });
        return;
      }
      sent += 1;
      reply(response, 500, { error: { message: "No." } });
    });
    await using account = await openAccount();
    const { client } = clientFor(server.url);
    const sending = await sendingOf(account, { body: paramsFor("file-1") });
    expect((await failureOf(sendCreate(client, sending))).name).toBe("UnknownOutcomeError");
    expect(sent).toBe(1);
  });
});

it("an abort on the way of a create is no refusal: what was sent may run", async () => {
  await using account = await openAccount(endless);
  const controller = new AbortController();
  const reason = new Error("stop");
  const log = eventLog();
  const onEvent = (event: BatchEvent) => {
    log.onEvent(event);
    if (event.type === "creating") controller.abort(reason);
  };
  const { signal } = controller;
  const asked: unknown[] = [];
  const file = {
    mayTryAgain(error: unknown) {
      asked.push(error);
      return Promise.resolve(false);
    },
  };
  const sending = await sendingOf(account, { signal, onEvent, file });
  expect(await rejectionOf(sendCreate(account.client, sending))).toBe(reason);
  expect([asked, log.types()]).toEqual([[], ["creating"]]);
});
