import { expect, test } from "vitest";

import { type DeliveryStore, memoryStore } from "../../src/webhook/index.ts";
import { deliver, openRelay } from "./deliveries.ts";

test("a repeat of a delivery is a success and sends nothing", async () => {
  await using relay = await openRelay();
  await relay.handle(deliver(relay.sent()));
  relay.clock.advance(3_600_000);
  const answer = await relay.handle(deliver(relay.sent()));
  expect([answer.status, await answer.text()]).toEqual([200, "repeated\n"]);
  expect(relay.github.requests).toHaveLength(1);
});

test("two at once of the same delivery are one dispatch, and both are answered", async () => {
  await using relay = await openRelay();
  const answers = await Promise.all([
    relay.handle(deliver(relay.sent())),
    relay.handle(deliver(relay.sent())),
    relay.handle(deliver(relay.sent({ id: "wh_2" }))),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(relay.github.requests).toHaveLength(2);
});

test("a delivery whose dispatch failed is not seen: the next one is sent", async () => {
  const statuses = [503, 204];
  await using relay = await openRelay({}, (response) => {
    response.writeHead(statuses.shift() ?? 500).end();
  });
  const both = await Promise.all([
    relay.handle(deliver(relay.sent())),
    relay.handle(deliver(relay.sent())),
  ]);
  expect(both.map(({ status }) => status)).toEqual([502, 502]);
  expect((await relay.handle(deliver(relay.sent()))).status).toBe(200);
  expect((await relay.handle(deliver(relay.sent()))).status).toBe(200);
  expect(relay.github.requests).toHaveLength(2);
});

test("a forged delivery does not make its id a seen one", async () => {
  await using relay = await openRelay();
  await relay.handle(deliver(relay.sent(), { "webhook-signature": "v1,AAAA" }));
  expect(await (await relay.handle(deliver(relay.sent()))).text()).toBe("dispatched\n");
});

test("a store of the host is asked before and told after the dispatch, for longer than OpenAI repeats", async () => {
  const told: unknown[] = [];
  const seen = new Set<string>();
  const store: DeliveryStore = {
    has: (id) => {
      told.push(`has ${id}`);
      return Promise.resolve(seen.has(id));
    },
    add: (id, seconds) => {
      told.push(`add ${id}`, seconds > 72 * 3_600);
      seen.add(id);
      return Promise.resolve();
    },
  };
  await using relay = await openRelay({ store }, (response) => {
    told.push("dispatch");
    response.writeHead(204).end();
  });
  await relay.handle(deliver(relay.sent()));
  await relay.handle(deliver(relay.sent()));
  expect(told).toEqual(["has wh_1", "dispatch", "add wh_1", true, "has wh_1"]);
});

test("a store that fails costs no dispatch and is told", async () => {
  const broken = () => Promise.reject(new RangeError("redis://user:secret@host is down"));
  await using relay = await openRelay({ store: { has: broken, add: broken } });
  const answer = await relay.handle(deliver(relay.sent()));
  expect(answer.status).toBe(200);
  expect(relay.github.requests).toHaveLength(1);
  expect(relay.errors.map(({ code, message }) => [code, message])).toEqual([
    ["store_failed", expect.stringContaining("(RangeError)")],
    ["store_failed", expect.not.stringContaining("redis")],
  ]);
});

test("a store that hangs, or throws at once, costs no dispatch either", async () => {
  const hanging = () => {
    relay.clock.advance(10_000);
    return new Promise<never>(() => undefined);
  };
  const throwing = () => {
    throw new RangeError("No store.");
  };
  await using relay = await openRelay({ store: { has: hanging, add: throwing } });
  expect((await relay.handle(deliver(relay.sent()))).status).toBe(200);
  expect(relay.github.requests).toHaveLength(1);
  expect(relay.errors.map(({ code }) => code)).toEqual(["store_failed", "store_failed"]);
});

test("the memory holds the newest deliveries only", async () => {
  const store = memoryStore(2);
  for (const id of ["a", "b", "c"]) await store.add(id, 60);
  expect(await Promise.all(["a", "b", "c"].map((id) => store.has(id)))).toEqual([
    false,
    true,
    true,
  ]);
});
