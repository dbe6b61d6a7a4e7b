import OpenAI from "openai";
import { expect, test } from "vitest";
import type { Fault, FaultRule } from "../../src/simulator/index.ts";
import { chat, chats, ENDPOINT, failureOf, openAccount } from "./account.ts";

interface Seen {
  readonly error: InstanceType<typeof OpenAI.APIError> | undefined;
  readonly value: unknown;
  readonly batches: number;
  readonly status: number | null | undefined;
}

/** What the client sees of a create under a fault, and how many batches there are then. */
async function createUnder(fault: Fault): Promise<Seen> {
  await using account = await openAccount();
  const input_file_id = await account.upload(chats(1));
  account.simulator.addFault({ method: "POST", path: "/batches", fault });
  const params = { input_file_id, endpoint: ENDPOINT, completion_window: "24h" } as const;
  let error: Seen["error"];
  let value: unknown;
  try {
    value = await account.client.batches.create(params, { timeout: 300 });
  } catch (caught) {
    if (!(caught instanceof OpenAI.APIError)) throw caught;
    error = caught;
  }
  const { calls, batches } = account.simulator;
  expect(calls.at(-1)?.fault).toBe(fault.kind);
  return { error, value, batches: batches.length, status: calls.at(-1)?.status };
}

test("drop-before: the connection breaks and nothing has happened", async () => {
  const { error, batches, status } = await createUnder({ kind: "drop-before" });
  expect(error).toBeInstanceOf(OpenAI.APIConnectionError);
  expect([batches, status]).toEqual([0, null]);
});

test("drop-after: the connection breaks and the batch exists (qwen-code#11874)", async () => {
  const { error, batches, status } = await createUnder({ kind: "drop-after" });
  expect(error).toBeInstanceOf(OpenAI.APIConnectionError);
  expect([batches, status]).toEqual([1, null]);
});

test("status: an error answer with the given headers and body, and nothing has happened", async () => {
  const { error, batches } = await createUnder({
    kind: "status",
    status: 429,
    headers: { "retry-after": "7" },
    body: {
      error: { message: "Slow down.", type: "tokens", param: null, code: "rate_limit_exceeded" },
    },
  });
  expect([error?.status, error?.code, error?.headers?.get("retry-after")]).toEqual([
    429,
    "rate_limit_exceeded",
    "7",
  ]);
  expect(batches).toBe(0);
});

test("status-after: an error answer, yet the batch exists", async () => {
  const { error, batches, status } = await createUnder({ kind: "status-after", status: 500 });
  expect([error?.status, error?.type]).toEqual([500, "server_error"]);
  expect([batches, status]).toEqual([1, 500]);
});

test("delay: the answer comes late and is right", async () => {
  const before = performance.now();
  const { value, batches } = await createUnder({ kind: "delay", ms: 40 });
  expect(performance.now() - before).toBeGreaterThanOrEqual(39);
  expect(value).toMatchObject({ object: "batch" });
  expect(batches).toBe(1);
});

test("hang: no answer comes, processed or not", async () => {
  const idle = await createUnder({ kind: "hang" });
  expect(idle.error).toBeInstanceOf(OpenAI.APIConnectionTimeoutError);
  expect([idle.batches, idle.status]).toEqual([0, null]);
  const processed = await createUnder({ kind: "hang", processed: true });
  expect(processed.error).toBeInstanceOf(OpenAI.APIConnectionTimeoutError);
  expect(processed.batches).toBe(1);
});

test("html: a gateway's page instead of JSON, processed or not", async () => {
  const { error, batches } = await createUnder({ kind: "html" });
  expect(error?.status).toBe(502);
  expect(error?.message).toContain("<html>");
  expect(batches).toBe(0);
  const page = await createUnder({ kind: "html", status: 200, processed: true });
  expect(page.value).toContain("<html>");
  expect(page.batches).toBe(1);
});

test("empty: status 200 and not a byte, processed or not", async () => {
  const { value, batches, status } = await createUnder({ kind: "empty" });
  expect([value, batches, status]).toEqual([undefined, 0, 200]);
  expect((await createUnder({ kind: "empty", processed: true })).batches).toBe(1);
});

test.each([
  [10, 10],
  [0, 0],
  [undefined, 50],
])(
  "cut-body: of a body cut at %s bytes, %d arrive before the break (openai-python#2959)",
  async (bytes, arrived) => {
    await using account = await openAccount();
    const id = await account.upload(["x".repeat(99)]);
    const fault: Fault = bytes === undefined ? { kind: "cut-body" } : { kind: "cut-body", bytes };
    account.simulator.addFault({ path: "/files/*/content", fault });
    const response = await fetch(`${account.simulator.url}/files/${id}/content`, {
      headers: { authorization: "Bearer k" },
    });
    expect(response.headers.get("content-length")).toBe("100");
    let received = 0;
    await expect(async () => {
      const chunks: AsyncIterable<Uint8Array> = response.body ?? new ReadableStream();
      for await (const chunk of chunks) received += chunk.length;
    }).rejects.toThrow("terminated");
    expect(received).toBe(arrived);
    expect(await (await account.client.files.content(id)).text()).toHaveLength(100);
  },
);

test("a fault strikes while a long upload is still being sent", async () => {
  await using account = await openAccount();
  const lines = Array.from({ length: 40 }, (_, index) => chat(`r${index}`, "x".repeat(200_000)));
  account.simulator.addFault({ path: "/files", fault: { kind: "drop-before" } });
  await expect(account.upload(lines)).rejects.toBeInstanceOf(OpenAI.APIConnectionError);
  account.simulator.addFault({ path: "/files", fault: { kind: "status", status: 503 } });
  expect((await failureOf(account.upload(lines))).status).toBe(503);
  expect(account.simulator.calls.at(-1)?.bodyBytes).toBeGreaterThan(8_000_000);
  expect(account.simulator.files).toEqual([]);
});

async function statuses(rule: FaultRule, calls: number): Promise<readonly number[]> {
  await using account = await openAccount({ faults: [rule] });
  const seen: number[] = [];
  for (let call = 0; call < calls; call += 1) {
    seen.push(
      await account.client.batches.list().then(
        () => 200,
        (error: unknown) => (error instanceof OpenAI.APIError ? Number(error.status) : 0),
      ),
    );
  }
  return seen;
}

const BUSY: Fault = { kind: "status", status: 503 };

test("a rule strikes once by default, or as often as told, after letting some calls pass", async () => {
  expect(await statuses({ fault: BUSY }, 3)).toEqual([503, 200, 200]);
  expect(await statuses({ fault: BUSY, times: 2 }, 3)).toEqual([503, 503, 200]);
  expect(await statuses({ fault: BUSY, times: Infinity }, 3)).toEqual([503, 503, 503]);
  expect(await statuses({ fault: BUSY, skip: 1 }, 3)).toEqual([200, 503, 200]);
});

test("a rule fits by method and by path: in full, with * for one segment, or as an expression", async () => {
  const fits = async (rule: Partial<FaultRule>): Promise<boolean> =>
    (await statuses({ ...rule, fault: BUSY }, 1))[0] === 503;
  expect(await fits({ method: "get" })).toBe(true);
  expect(await fits({ method: "POST" })).toBe(false);
  expect(await fits({ path: "/batches" })).toBe(true);
  expect(await fits({ path: "/*" })).toBe(true);
  expect(await fits({ path: "/batches/*" })).toBe(false);
  expect(await fits({ path: "/files" })).toBe(false);
  expect(await fits({ path: /^\/batch/ })).toBe(true);
  expect(await fits({ path: /files/g })).toBe(false);
});

test("a rule may sleep until its time", async () => {
  await using account = await openAccount();
  account.simulator.addFault({ after: 1000, fault: BUSY });
  expect((await account.client.batches.list()).data).toEqual([]);
  account.clock.advance(1000);
  expect((await failureOf(account.client.batches.list())).status).toBe(503);
});

test("rules can be removed, one or all", async () => {
  await using account = await openAccount();
  const remove = account.simulator.addFault({ times: Infinity, fault: BUSY });
  account.simulator.addFault({ times: Infinity, fault: { kind: "status", status: 500 } });
  expect((await failureOf(account.client.batches.list())).status).toBe(503);
  remove();
  expect((await failureOf(account.client.batches.list())).status).toBe(500);
  account.simulator.clearFaults();
  expect((await account.client.batches.list()).data).toEqual([]);
});

test("closing breaks what hangs, at once, and may be repeated", async () => {
  const account = await openAccount({
    faults: [{ fault: { kind: "hang" } }, { fault: { kind: "delay", ms: 60_000 } }],
  });
  const calls = [account.client.batches.list(), account.client.files.list()].map((call) =>
    failureOf(call),
  );
  while (account.simulator.calls.length < 2) await new Promise(setImmediate);
  await account.simulator.close();
  for (const call of calls) expect(await call).toBeInstanceOf(OpenAI.APIConnectionError);
  await account.simulator.close();
});
