import { expect, it } from "vitest";

import { createWatch } from "../../../src/batch/follow/watch.ts";
import { openAccount } from "../../support/account.ts";
import { eventLog } from "../../support/events.ts";

const second = 1_000;
const endless = { phases: { validating: 0, inProgress: Infinity } };
const missing = { kind: "status", status: 404 } as const;

it("a batch is followed until it has ended, and its end is reported once", async () => {
  await using account = await openAccount({ phases: { validating: 0, inProgress: 10 * second } });
  const { id } = await account.submit();
  const watch = createWatch(account.client);
  watch.add(id);
  expect([watch.batches(), watch.following(), watch.isHeld()]).toEqual([[], [id], false]);
  expect(await watch.look({})).toEqual([]);
  expect(watch.batches()).toMatchObject([{ id, status: "in_progress" }]);
  account.clock.advance(60 * second);
  expect(await watch.look({})).toMatchObject([{ id, status: "completed" }]);
  expect([watch.following(), watch.isHeld()]).toEqual([[], false]);
  const calls = account.simulator.calls.length;
  expect(await watch.look({})).toEqual([]);
  expect(account.simulator.calls).toHaveLength(calls);
});

it("a batch that had ended when it was taken on is not looked at", async () => {
  await using account = await openAccount({
    phases: { validating: 0, inProgress: 0, finalizing: 0 },
  });
  const { id } = await account.submit();
  account.clock.advance(second);
  const watch = createWatch(account.client);
  watch.add(id, await account.client.batches.retrieve(id));
  expect([watch.following(), watch.batches().map((batch) => batch.id)]).toEqual([[], [id]]);
});

it("a batch that another one stands in for is forgotten", async () => {
  await using account = await openAccount(endless);
  const batch = await account.submit();
  const watch = createWatch(account.client);
  watch.add(batch.id, batch);
  watch.drop(batch.id);
  expect([watch.following(), watch.batches()]).toEqual([[], []]);
});

it("all are held only where the server wants every one to be asked for after the deadline", async () => {
  await using account = await openAccount(endless);
  const [one, other] = [await account.submit(), await account.submit()];
  const watch = createWatch(account.client);
  for (const batch of [one, other]) watch.add(batch.id, batch);
  const fault = { kind: "status", status: 429, headers: { "retry-after": "60" } } as const;
  const call = { deadline: account.clock.now() + 10 * second };
  account.simulator.addFault({ method: "GET", path: `/batches/${one.id}`, fault });
  await watch.look(call);
  expect(watch.isHeld()).toBe(false);
  account.simulator.addFault({ method: "GET", path: `/batches/${other.id}`, fault });
  const calls = account.simulator.calls.length;
  await watch.look(call);
  expect(account.simulator.calls).toHaveLength(calls + 1);
  expect(watch.isHeld()).toBe(true);
  expect(watch.following()).toEqual([one.id, other.id]);
});

it("an id that was never seen is unknown after ten seconds of looks that do not find it", async () => {
  await using account = await openAccount(endless);
  const { onEvent, types } = eventLog();
  const watch = createWatch(account.client, onEvent);
  watch.add("batch_none");
  await watch.look({});
  account.clock.advance(9 * second);
  await watch.look({});
  expect(watch.lost.size).toBe(0);
  account.clock.advance(second);
  await watch.look({});
  expect(watch.lost.get("batch_none")).toMatchObject({ status: 404 });
  expect(watch.following()).toEqual([]);
  expect(types()).toEqual(["poll-failed", "poll-failed", "unknown-id"]);
  expect(watch.stopped()).toBeUndefined();
});

it("a batch that was seen is gone only after five looks in a row and thirty seconds", async () => {
  await using account = await openAccount(endless);
  const { id } = await account.submit();
  const { onEvent, types } = eventLog();
  const watch = createWatch(account.client, onEvent);
  watch.add(id);
  await watch.look({});
  const lookBlind = async (times: number, pause: number) => {
    account.simulator.addFault({ method: "GET", times, fault: missing });
    for (let at = 0; at < times; at += 1) {
      await watch.look({});
      account.clock.advance(pause);
    }
  };
  await lookBlind(4, 20 * second);
  // A look that shows it starts the count again, and so does another refusal.
  await watch.look({});
  await lookBlind(4, 20 * second);
  account.simulator.addFault({ method: "GET", fault: { kind: "status", status: 400 } });
  await watch.look({});
  await lookBlind(4, 10 * second);
  expect([watch.lost.size, watch.following()]).toEqual([0, [id]]);
  await lookBlind(1, 0);
  expect([...watch.lost.keys()]).toEqual([id]);
  expect(watch.following()).toEqual([]);
  expect(types().at(-1)).toBe("gone");
  expect(watch.batches()).toMatchObject([{ id, status: "in_progress" }]);
});

it("a key that never worked stops the looks at once, one that did after five refusals", async () => {
  await using account = await openAccount(endless);
  const { id } = await account.submit();
  account.simulator.addFault({
    method: "GET",
    times: Infinity,
    fault: { kind: "status", status: 401 },
  });
  const never = createWatch(account.client);
  never.add(id);
  await never.look({});
  expect(never.stopped()).toMatchObject({ status: 401 });
  const { onEvent, types } = eventLog();
  const did = createWatch(account.client, onEvent);
  did.add(id, await account.submit());
  for (let at = 0; at < 4; at += 1) await did.look({});
  expect(did.stopped()).toBeUndefined();
  await did.look({});
  expect(did.stopped()).toMatchObject({ status: 401 });
  expect(types()).toEqual(Array(5).fill("poll-failed"));
});
