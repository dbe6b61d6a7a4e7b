import OpenAI from "openai";
import { expect, test } from "vitest";
import type { Fault, FaultRule, StatusFault } from "../../src/simulator/index.ts";
import { chat, chats, ENDPOINT, failureOf, openAccount, until } from "./account.ts";

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
  let error: Seen["error"];
  let value: unknown;
  try {
    value = await account.client.batches.create({
      input_file_id,
      endpoint: ENDPOINT,
      completion_window: "24h",
    });
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

test("delay: a call may be held until the test lets it go on", async () => {
  await using account = await openAccount();
  const release = Promise.withResolvers<undefined>();
  account.simulator.addFault({ fault: { kind: "delay", until: release.promise } });
  const { calls } = account.simulator;
  const [page] = await Promise.all([
    account.client.batches.list(),
    until(() => calls.length === 1)
      .then(() => account.client.files.list())
      .then(() => {
        expect(calls.map(({ status }) => status)).toEqual([null, 200]);
        release.resolve(undefined);
      }),
  ]);
  expect(page.data).toEqual([]);
  expect(calls[0]?.status).toBe(200);
});

test.each([
  ["and nothing has happened", false],
  ["and the batch exists", true],
])("hang: no answer comes, %s", async (_, processed) => {
  await using account = await openAccount();
  const input_file_id = await account.upload(chats(1));
  const { simulator } = account;
  simulator.addFault({ method: "POST", path: "/batches", fault: { kind: "hang", processed } });
  const giveUp = new AbortController();
  const [failure] = await Promise.all([
    failureOf(
      account.client.batches.create(
        { input_file_id, endpoint: ENDPOINT, completion_window: "24h" },
        { signal: giveUp.signal },
      ),
    ),
    until(() => (processed ? simulator.batches.length : simulator.calls.length - 1) === 1).then(
      () => {
        giveUp.abort();
      },
    ),
  ]);
  expect(failure).toBeInstanceOf(OpenAI.APIUserAbortError);
  expect(simulator.calls.at(-1)).toMatchObject({ fault: "hang", status: null });
  expect(simulator.batches).toHaveLength(processed ? 1 : 0);
});

test("html: a gateway's page instead of JSON, processed or not", async () => {
  const { error, batches } = await createUnder({ kind: "html" });
  expect(error?.status).toBe(502);
  expect(error?.message).toContain("<title>502 Bad Gateway</title>");
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

test("status: 200 with something that is not a result file", async () => {
  await using account = await openAccount();
  const id = await account.upload([chat("a")]);
  const bodies = [{}, [], { error: { code: "not_ready" } }, "upstream is starting up\n"];
  for (const body of bodies) {
    account.simulator.addFault({
      path: "/files/*/content",
      fault: { kind: "status", status: 200, body },
    });
    const response = await account.client.files.content(id);
    const text = typeof body === "string";
    expect(response.headers.get("content-type")).toBe(text ? "text/plain" : "application/json");
    expect(await response.text()).toBe(text ? body : JSON.stringify(body));
  }
});

test("status: an upload answered 200 with an error object leaves no file", async () => {
  await using account = await openAccount();
  const body = { code: 4711, message: "at most 5,000 lines a file", data: null };
  account.simulator.addFault({ path: "/files", fault: { kind: "status", status: 200, body } });
  expect(
    await account.client.files.create({ file: new File(["{}"], "a.jsonl"), purpose: "batch" }),
  ).toMatchObject(body);
  expect(account.simulator.files).toEqual([]);
});

test("status: an error of text, of any type, with any headers", async () => {
  await using account = await openAccount();
  const add = (fault: Omit<StatusFault<"status">, "kind">): void => {
    account.simulator.addFault({ fault: { kind: "status", ...fault } });
  };
  add({ status: 500, body: "database is locked" });
  const plain = await failureOf(account.client.batches.list());
  expect([plain.status, plain.message]).toEqual([500, "500 database is locked"]);
  add({ status: 403, body: "<html>One moment</html>", headers: { "content-type": "text/html" } });
  const page = await failureOf(account.client.batches.list());
  expect(page.headers?.get("content-type")).toBe("text/html");
  add({ status: 401, body: { error: { message: "Authentication Error: sk-test" } } });
  expect((await failureOf(account.client.batches.list())).message).toContain("sk-test");
  add({ status: 429, headers: { "retry-after": "10800" } });
  const slow = await failureOf(account.client.batches.list());
  expect(slow.headers?.get("retry-after")).toBe("10800");
});

test.each([
  [204, undefined, ""],
  [200, {}, "{}"],
])("status-after: a cancel answered with %d and %j has happened", async (status, body, text) => {
  await using account = await openAccount();
  const { id } = await account.submit(chats(1));
  account.simulator.addFault({
    path: "/batches/*/cancel",
    fault: { kind: "status-after", status, body },
  });
  const response = await account.client.batches.cancel(id).asResponse();
  expect([response.status, await response.text()]).toEqual([status, text]);
  expect(account.simulator.batches[0]?.status).toBe("cancelling");
});

test("rewrite: one answer is changed, and the call has happened", async () => {
  const rewrite = (answer: unknown) => ({ job: answer, warning: "slow" });
  const { value, batches } = await createUnder({ kind: "rewrite", rewrite });
  expect(value).toMatchObject({ job: { object: "batch" }, warning: "slow" });
  expect(batches).toBe(1);
});

test("gzip: content comes compressed, as its header says", async () => {
  await using account = await openAccount();
  const id = await account.upload(chats(9));
  account.simulator.addFault({ path: "/files/*/content", times: 2, fault: { kind: "gzip" } });
  const response = await account.client.files.content(id);
  expect(response.headers.get("content-encoding")).toBe("gzip");
  expect(Number(response.headers.get("content-length"))).toBeLessThan(
    account.simulator.files[0]?.bytes ?? 0,
  );
  expect((await response.text()).trimEnd().split("\n")).toHaveLength(9);
});

test.each([
  [{ lines: 5 }, 50],
  [{ lines: 0 }, 0],
  [{ lines: 99 }, 100],
  [{ bytes: 7, lines: 5 }, 7],
  [{}, 50],
])("cut-body: a silent cut %j looks like a whole answer of %d bytes", async (cut, length) => {
  await using account = await openAccount();
  const id = await account.upload(Array.from({ length: 10 }, () => "x".repeat(9)));
  account.simulator.addFault({
    path: "/files/*/content",
    fault: { kind: "cut-body", silent: true, ...cut },
  });
  const response = await account.client.files.content(id);
  expect(response.headers.get("content-length")).toBeNull();
  expect(await response.text()).toHaveLength(length);
});

test("cut-body: the connection may break at the end of a line", async () => {
  await using account = await openAccount();
  const id = await account.upload(["one", "two"]);
  account.simulator.addFault({ path: "/files/*/content", fault: { kind: "cut-body", lines: 1 } });
  const response = await account.client.files.content(id);
  expect(response.headers.get("content-length")).toBe("8");
  await expect(response.text()).rejects.toThrow("terminated");
});

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

test("a rule may strike for a while only", async () => {
  await using account = await openAccount();
  account.simulator.addFault({ after: 1000, for: 2000, times: Infinity, fault: BUSY });
  const list = () => account.client.batches.list();
  await list();
  account.clock.advance(1000);
  expect((await failureOf(list())).status).toBe(503);
  account.clock.advance(1999);
  expect((await failureOf(list())).status).toBe(503);
  account.clock.advance(1);
  expect((await list()).data).toEqual([]);
});

test("a rule may strike the calls beyond a rate, as a limit does", async () => {
  await using account = await openAccount({ phases: { inProgress: Infinity } });
  const ids: string[] = [];
  for (let count = 0; count < 6; count += 1) ids.push((await account.submit(chats(1))).id);
  account.simulator.addFault({
    path: "/batches/*/cancel",
    times: Infinity,
    beyond: { calls: 2, ms: 1000 },
    fault: { kind: "status", status: 429, headers: { "retry-after": "1" } },
  });
  const cancel = (index: number) => account.client.batches.cancel(ids[index] ?? "");
  await cancel(0);
  await cancel(1);
  expect((await failureOf(cancel(2))).status).toBe(429);
  account.clock.advance(999);
  expect((await failureOf(cancel(2))).status).toBe(429);
  account.clock.advance(1);
  await cancel(2);
  await cancel(3);
  expect((await failureOf(cancel(4))).status).toBe(429);
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
    faults: [
      { fault: { kind: "hang" } },
      { fault: { kind: "delay", ms: 60_000 } },
      { fault: { kind: "delay", until: new Promise(() => undefined) } },
    ],
  });
  const { client, simulator } = account;
  const failures = await Promise.all([
    failureOf(client.batches.list()),
    failureOf(client.files.list()),
    failureOf(client.files.list()),
    until(() => simulator.calls.length === 3).then(simulator.close),
  ]);
  for (const failure of failures.slice(0, 3)) {
    expect(failure).toBeInstanceOf(OpenAI.APIConnectionError);
  }
  await simulator.close();
});
