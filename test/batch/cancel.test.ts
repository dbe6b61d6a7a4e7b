import { describe, expect, it } from "vitest";

import { cancelBatch, cancelBatches } from "../../src/batch/cancel.ts";
import type { Fault } from "../../src/simulator/index.ts";
import {
  type Account,
  clientFor,
  failureOf,
  openAccount,
  rejectionOf,
} from "../support/account.ts";
import { eventLog } from "../support/events.ts";
import { batchJson, rawServer, reply } from "../support/raw-server.ts";

const running = { phases: { validating: 0, inProgress: Infinity, cancelling: Infinity } };
const callsOf = ({ simulator }: Account, from: number) =>
  simulator.calls
    .slice(from)
    .map(({ method, path }) => `${method} ${path.replace(/.*(batch_\w+|batches)/, "…")}`);
const refused: Fault = { kind: "status", status: 409 };

async function open(options: Parameters<typeof openAccount>[0] = running) {
  const account = await openAccount(options);
  const batch = await account.submit();
  account.clock.advance(60_000);
  const from = account.simulator.calls.length;
  const close = () => account[Symbol.asyncDispose]();
  return { account, batch, from, [Symbol.asyncDispose]: close };
}

describe("a cancel of one batch", () => {
  it("looks first, and goes out where the batch runs", async () => {
    await using opened = await open();
    const { account, batch, from } = opened;
    const { onEvent, all } = eventLog();
    const { status } = await cancelBatch(account.client, batch.id, { onEvent });
    expect(status).toBe("cancelling");
    expect(callsOf(account, from)).toEqual(["GET …", "POST …/cancel"]);
    expect(all).toMatchObject([{ type: "cancelled", batch: { status: "cancelling" } }]);
  });

  it("does not go out where the batch has ended: some servers would make it a cancelled one", async () => {
    await using opened = await open({});
    const { account, batch, from } = opened;
    const { onEvent, of } = eventLog();
    const { status } = await cancelBatch(account.client, batch.id, { onEvent });
    expect(status).toBe("completed");
    expect(callsOf(account, from)).toEqual(["GET …"]);
    expect(of("cancelled")).toMatchObject([{ batch: { status: "completed" } }]);
  });

  it("does not go out twice", async () => {
    await using opened = await open();
    const { account, batch } = opened;
    await cancelBatch(account.client, batch.id);
    const from = account.simulator.calls.length;
    expect((await cancelBatch(account.client, batch.id)).status).toBe("cancelling");
    expect(callsOf(account, from)).toEqual(["GET …"]);
  });

  it.each<[string, Fault]>([
    ["is refused", { kind: "status", status: 403 }],
    ["fails", { kind: "status", status: 500 }],
    [
      "asks for more time than there is",
      { kind: "status", status: 429, headers: { "retry-after": "60" } },
    ],
  ])("goes out all the same where the look before it %s", async (_name, fault) => {
    await using opened = await open();
    const { account, batch } = opened;
    account.simulator.addFault({ method: "GET", times: Infinity, fault });
    const before = account.clock.now();
    expect((await cancelBatch(account.client, batch.id)).status).toBe("cancelling");
    expect(account.clock.now() - before).toBeLessThanOrEqual(5_000);
  });

  it.each([
    [3, "completed"],
    // It stays so for good: the refusal is told.
    [Infinity, 409],
  ])(
    "that was refused because the batch is about to end waits for that (%d looks)",
    async (looks, end) => {
      await using server = await rawServer(({ method }, response, { count }) => {
        const status =
          count === 1 ? "in_progress" : count <= looks + 1 ? "finalizing" : "completed";
        if (method === "GET") reply(response, 200, batchJson("b", { status }));
        else
          reply(response, 409, {
            error: { message: "Cannot cancel a batch with status finalizing." },
          });
      });
      const { client } = clientFor(server.url, { maxRetries: 0 });
      const cancel = cancelBatch(client, "b");
      if (end === 409) expect(await failureOf(cancel)).toMatchObject({ status: 409 });
      else expect((await cancel).status).toBe(end);
    },
  );

  it("that was refused because the batch has ended meanwhile gives it as it ended", async () => {
    await using server = await rawServer(({ method }, response, { count }) => {
      const status = count === 1 ? "in_progress" : "completed";
      if (method === "GET") reply(response, 200, batchJson("b", { status }));
      else reply(response, 409, { error: { message: "Cannot cancel." } });
    });
    const { client } = clientFor(server.url);
    expect((await cancelBatch(client, "b")).status).toBe("completed");
    expect(server.requests.map(({ method }) => method)).toEqual(["GET", "POST", "GET"]);
  });

  it("that was done and not answered gives the batch that is being cancelled", async () => {
    await using opened = await open();
    const { account, batch } = opened;
    const fault = { kind: "status-after", status: 400 } as const;
    account.simulator.addFault({ method: "POST", fault });
    expect((await cancelBatch(account.client, batch.id)).status).toBe("cancelling");
  });

  it("that was refused while the batch runs on is an error, and nothing is said to be cancelled", async () => {
    await using opened = await open();
    const { account, batch } = opened;
    account.simulator.addFault({ method: "POST", times: Infinity, fault: refused });
    const { onEvent, all } = eventLog();
    const cancelling = cancelBatch(account.client, batch.id, { onEvent });
    expect(await failureOf(cancelling)).toMatchObject({ status: 409 });
    expect(all).toEqual([]);
  });

  it("that was refused and after which nothing can be seen is that refusal", async () => {
    await using opened = await open();
    const { account, batch } = opened;
    account.simulator.addFault({ method: "POST", times: Infinity, fault: refused });
    const blind = { kind: "status", status: 403 } as const;
    account.simulator.addFault({ method: "GET", times: Infinity, fault: blind });
    const error = await failureOf(cancelBatch(account.client, batch.id));
    expect(error).toMatchObject({ status: 409 });
  });

  it.each<[string, object]>([
    ["as if it ran on", { status: "in_progress" }],
    ["as another batch", { id: "batch_other", status: "in_progress" }],
    ["as no batch", { id: null }],
  ])(
    "that was taken and shown %s has cancelled it where the next look says so",
    async (_name, other) => {
      await using opened = await open();
      const { account, batch } = opened;
      const rewrite = (answer: unknown) => ({ ...Object(answer), ...other }) as unknown;
      account.simulator.addFault({ method: "POST", fault: { kind: "rewrite", rewrite } });
      const done = await cancelBatch(account.client, batch.id);
      expect(done).toMatchObject({ id: batch.id, status: "cancelling" });
    },
  );

  it.each([
    ["the batch as it runs on", {}],
    ["another batch", { id: "batch_other", status: "cancelling" }],
    ["a word", { id: undefined, success: true }],
  ])(
    "that is answered with %s, which runs on, is an error, and nothing is said to be cancelled",
    async (_name, other) => {
      await using opened = await open();
      const { account, batch } = opened;
      const body = { ...batchJson(batch.id, { status: "in_progress" }), ...other };
      account.simulator.addFault({
        method: "POST",
        times: Infinity,
        fault: { kind: "status", status: 200, body },
      });
      const { onEvent, all } = eventLog();
      const error = await failureOf(cancelBatch(account.client, batch.id, { onEvent }));
      expect(error).toMatchObject({ code: "not_cancelled" });
      expect(error.message).toContain("but the batch is in_progress");
      expect(all).toEqual([]);
      const before = account.clock.now();
      const deadline = before + 600;
      await failureOf(cancelBatch(account.client, batch.id, { deadline }));
      expect(account.clock.now()).toBeLessThanOrEqual(deadline);
    },
  );

  it("ends with its signal, in the look before it too", async () => {
    await using opened = await open();
    const { account, batch } = opened;
    const reason = new Error("stop");
    const signal = AbortSignal.abort(reason);
    expect(await rejectionOf(cancelBatch(account.client, batch.id, { signal }))).toBe(reason);
    expect(account.simulator.batches[0]?.status).toBe("in_progress");
  });
});

/** A server on which all batches run; it answers only when nobody else comes, and counts who is there at once. */
async function crowdedServer() {
  const open: (() => void)[] = [];
  let most = 0;
  let idle = 0;
  const letGo = () => {
    // Everybody who comes in the same moment is there before the first is answered.
    idle += 1;
    if (idle < 20) return void setImmediate(letGo);
    open.shift()?.();
    idle = 0;
    if (open.length > 0) setImmediate(letGo);
  };
  const server = await rawServer(({ method, url }, response) => {
    const id = /batch_\d+/.exec(url)?.[0] ?? "none";
    const status = method === "GET" ? "in_progress" : "cancelling";
    idle = 0;
    open.push(() => {
      reply(response, 200, batchJson(id, { status }));
    });
    most = Math.max(most, open.length);
    if (open.length === 1) setImmediate(letGo);
  });
  const close = () => server[Symbol.asyncDispose]();
  return { server, most: () => most, [Symbol.asyncDispose]: close };
}

describe("cancels of many batches", () => {
  it("are four at once at the most", async () => {
    await using opened = await crowdedServer();
    const { server, most } = opened;
    const { client } = clientFor(server.url);
    const ids = Array.from({ length: 12 }, (_one, index) => `batch_${index}`);
    const { batches, failures } = await cancelBatches(client, ids, { why: "asked" });
    expect(new Set(batches.map(({ id }) => id))).toEqual(new Set(ids));
    expect(failures.size).toBe(0);
    expect(most()).toBe(4);
  });

  it("begin spread over a quarter of a second", async () => {
    await using account = await openAccount(running);
    const ids: string[] = [];
    for (let count = 0; count < 6; count += 1) ids.push((await account.submit()).id);
    await cancelBatches(account.client, ids, { why: "asked" });
    expect(account.clock.pauses).toHaveLength(3);
    for (const pause of account.clock.pauses) expect(pause).toBeLessThan(250);
  });

  it("go on after one that could not be done, and say which that was", async () => {
    await using account = await openAccount(running);
    const made = [await account.submit(), await account.submit(), await account.submit()];
    const ids = made.map(({ id }) => id);
    const [first = ""] = ids;
    account.simulator.addFault({
      path: `/batches/${first}/cancel`,
      times: Infinity,
      fault: refused,
    });
    const { onEvent, of } = eventLog();
    const done = await cancelBatches(account.client, ids, { why: "the time was up", onEvent });
    expect([...done.failures.keys()]).toEqual([first]);
    expect(new Set(done.batches.map(({ id }) => id))).toEqual(new Set(ids.slice(1)));
    expect(of("cancelling")).toEqual([{ type: "cancelling", ids, why: "the time was up" }]);
    expect(of("cancel-failed")).toMatchObject([{ batchId: first, error: { status: 409 } }]);
    expect(of("cancelled")).toHaveLength(2);
  });

  it("all go out where the caller's own `onEvent` throws, which is no failed cancel", async () => {
    await using account = await openAccount(running);
    const ids: string[] = [];
    for (let count = 0; count < 6; count += 1) ids.push((await account.submit()).id);
    const reason = new Error("of the caller");
    const { onEvent, of } = eventLog();
    const cancelling = cancelBatches(account.client, ids, {
      why: "asked",
      onEvent(event) {
        onEvent(event);
        if (event.type === "cancelled") throw reason;
      },
    });
    expect(await rejectionOf(cancelling)).toBe(reason);
    expect(account.simulator.batches.map(({ status }) => status)).toEqual(
      ids.map(() => "cancelling"),
    );
    expect([of("cancelled").length, of("cancel-failed")]).toEqual([6, []]);
  });

  it("of none say nothing", async () => {
    await using account = await openAccount(running);
    const { onEvent, all } = eventLog();
    const done = await cancelBatches(account.client, [], { why: "asked", onEvent });
    expect([done.batches, done.failures.size, all]).toEqual([[], 0, []]);
  });

  it("keep on against a rate limit until their deadline", async () => {
    await using opened = await open();
    const { account, batch } = opened;
    const fault = { kind: "status", status: 429, headers: { "retry-after": "1" } } as const;
    account.simulator.addFault({ method: "POST", times: 30, fault });
    const deadline = account.clock.now() + 60_000;
    const done = await cancelBatches(account.client, [batch.id], { why: "asked", deadline });
    expect(done.batches.map(({ status }) => status)).toEqual(["cancelling"]);
  });

  it("end after the tries that were asked for where there is no deadline", async () => {
    await using opened = await open();
    const { account, batch } = opened;
    const fault = { kind: "status", status: 503 } as const;
    account.simulator.addFault({ method: "POST", times: Infinity, fault });
    const done = await cancelBatches(account.client, [batch.id], { why: "asked", maxRetries: 2 });
    expect([...done.failures.keys()]).toEqual([batch.id]);
    const posts = account.simulator.calls.filter(({ path }) => path.endsWith("/cancel"));
    expect(posts).toHaveLength(3);
  });

  it("end at their deadline, and say that the batch may run", async () => {
    await using opened = await open();
    const { account, batch } = opened;
    const fault = { kind: "status", status: 429, headers: { "retry-after": "1" } } as const;
    account.simulator.addFault({ method: "POST", times: Infinity, fault });
    const deadline = account.clock.now() + 60_000;
    const done = await cancelBatches(account.client, [batch.id], { why: "asked", deadline });
    expect([...done.failures.keys()]).toEqual([batch.id]);
    expect(account.clock.now()).toBeLessThanOrEqual(deadline);
  });

  it("end with their signal", async () => {
    await using opened = await open();
    const { account, batch } = opened;
    const reason = new Error("stop");
    const signal = AbortSignal.abort(reason);
    const cancelling = cancelBatches(account.client, [batch.id], { why: "asked", signal });
    expect(await rejectionOf(cancelling)).toBe(reason);
  });
});
