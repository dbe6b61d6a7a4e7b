import { expect, test } from "vitest";
import { startSimulator } from "../../src/simulator/index.ts";
import { chats, failureOf, openAccount } from "./account.ts";
import type { Account } from "./account.ts";

async function steer(
  account: Account,
  method: string,
  name: string,
  body?: unknown,
): Promise<readonly [number, unknown]> {
  const url = account.simulator.url.replace(/\/v1$/, `/_simulator/${name}`);
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
  const response = await fetch(url, init);
  return [response.status, await response.json()];
}

test("another process can plan outcomes, move the clock and look at the batches", async () => {
  await using account = await openAccount({ control: true });
  expect(await steer(account, "POST", "plan", { outcome: "failed" })).toEqual([200, {}]);
  expect(await steer(account, "POST", "plan", { outcome: "all_failed", scope: "all" })).toEqual([
    200,
    {},
  ]);
  await account.submit(chats(1));
  const before = account.clock.now();
  expect(await steer(account, "POST", "advance", { ms: 1000 })).toEqual([
    200,
    { now: before + 1000 },
  ]);
  expect(await steer(account, "GET", "batches")).toMatchObject([
    200,
    [{ status: "completed", request_counts: { failed: 1 } }],
  ]);
  expect(await steer(account, "GET", "files")).toMatchObject([
    200,
    [{ purpose: "batch" }, { purpose: "batch_output" }],
  ]);
  expect(await steer(account, "GET", "calls")).toMatchObject([
    200,
    [{ path: "/v1/files" }, { path: "/v1/batches" }],
  ]);
});

test("another process can set faults, for ever with null, and clear them", async () => {
  await using account = await openAccount({ control: true });
  const rules = [{ path: "/batches", times: null, fault: { kind: "status", status: 503 } }];
  expect(await steer(account, "POST", "faults", rules)).toEqual([200, { added: 1 }]);
  for (let call = 0; call < 3; call += 1) {
    expect((await failureOf(account.client.batches.list())).status).toBe(503);
  }
  expect(await steer(account, "DELETE", "faults")).toEqual([200, {}]);
  const rule = { fault: { kind: "status", status: 500 } };
  expect(await steer(account, "POST", "faults", rule)).toEqual([200, { added: 1 }]);
  expect((await failureOf(account.client.batches.list())).status).toBe(500);
  expect((await account.client.batches.list()).data).toEqual([]);
});

test("another process can cancel a batch, take things away and read the ledger", async () => {
  await using account = await openAccount({ control: true });
  const one = await account.submit(chats(1));
  const other = await account.submit(chats(1));
  expect(await steer(account, "POST", "cancel", { id: one.id })).toMatchObject([
    200,
    { id: one.id, status: "cancelling" },
  ]);
  expect(await steer(account, "POST", "remove", { id: other.id })).toEqual([200, {}]);
  expect((await failureOf(account.client.batches.retrieve(other.id))).status).toBe(404);
  expect(await steer(account, "GET", "ledger")).toMatchObject([
    200,
    { requests: [{ custom_id: "r1", runs: [{ batch_id: one.id }, {}] }], running: [one.id] },
  ]);
  for (const name of ["cancel", "remove"]) {
    expect((await steer(account, "POST", name, { id: "batch_x" }))[0]).toBe(404);
    expect((await steer(account, "POST", name, {}))[0]).toBe(400);
  }
});

test.each([
  ["POST", "plan", { outcome: "perfect" }],
  ["POST", "plan", { outcome: 1 }],
  ["POST", "plan", []],
  ["POST", "advance", { ms: -1 }],
  ["POST", "faults", [{ fault: { kind: "fire" } }]],
  ["POST", "faults", [1]],
  ["POST", "faults", [{ fault: { kind: "rewrite" } }]],
])("%s %s with %j is refused", async (method, name, body) => {
  await using account = await openAccount({ control: true });
  expect((await steer(account, method, name, body))[0]).toBe(400);
});

test("there are no other control endpoints, and none at all unless asked for", async () => {
  await using open = await openAccount({ control: true });
  expect((await steer(open, "GET", "keys"))[0]).toBe(404);
  await using closed = await openAccount();
  expect((await steer(closed, "GET", "calls"))[0]).toBe(401);
});

test("a clock that runs by itself cannot be moved", async () => {
  await using simulator = await startSimulator({ control: true });
  const url = `http://127.0.0.1:${simulator.port}/_simulator/advance`;
  const response = await fetch(url, { method: "POST", body: '{"ms":1}' });
  expect(response.status).toBe(409);
});

test("a port that is taken is an error", async () => {
  await using simulator = await startSimulator();
  await expect(startSimulator({ port: simulator.port })).rejects.toThrow("EADDRINUSE");
});
