import { describe, expect, it } from "vitest";

import { followToEnd } from "../../../src/batch/create/cancelling.ts";
import { createBatch } from "../../../src/batch/create.ts";
import {
  asItIs,
  type CreatorOptions,
  openCreator,
  SentInHalvesError,
} from "../../../src/batch/create/creator.ts";
import type { SimulatorOptions } from "../../../src/simulator/index.ts";
import {
  type Account,
  ENDPOINT,
  failureOf,
  openAccount,
  rejectionOf,
  requestLines,
  textSource,
} from "../../support/account.ts";
import { eventLog } from "../../support/events.ts";
import { asSoonAs } from "../../support/until.ts";

const second = 1_000;
const minute = 60 * second;
const endless: SimulatorOptions = { phases: { inProgress: Infinity, cancelling: minute } };
const part = (key: string | undefined, requests = 2) => ({
  key,
  input: textSource(requestLines(requests), `requests-${requests}.jsonl`),
  requests,
});
const open = async (
  { client }: Account,
  key: string | undefined = "nightly",
  more: Partial<CreatorOptions> = {},
) => openCreator(client, [part(key)], { endpoint: ENDPOINT, content: "c".repeat(16), ...more });

describe("a part that comes again", () => {
  it("gets a new batch of the same file, and not the one that it came of", async () => {
    await using account = await openAccount(endless);
    const { batch } = await (await open(account)).create(0);
    const creator = await open(account);
    const [first, second] = [await creator.create(0), await creator.create(0)];
    const third = await creator.create(0);
    expect(first).toMatchObject({ batch: { id: batch.id }, provenance: "adopted", requests: 2 });
    expect(second.provenance).toBe("created");
    expect(new Set([batch.id, second.batch.id, third.batch.id]).size).toBe(3);
    expect(account.simulator.files).toHaveLength(1);
  });

  it("is not taken for the batch that it came of, where nothing but the file tells", async () => {
    const dialect = { batch: (batch: object) => ({ ...batch, metadata: null }) };
    await using account = await openAccount({ ...endless, dialect });
    account.simulator.plan("failed");
    const { onEvent, of } = eventLog();
    const creator = await open(account, "nightly", { onEvent });
    const first = await creator.create(0);
    account.clock.advance(minute);
    const lost = { kind: "status-after", status: 500 } as const;
    account.simulator.addFault({ method: "POST", path: "/batches", fault: lost });
    const { batch } = await creator.create(0);
    expect(account.simulator.batches.map(({ id }) => id)).toEqual([first.batch.id, batch.id]);
    expect(of("created").at(-1)).toMatchObject({ found: true, known: { batch: { id: batch.id } } });
  });

  it("is never taken for a batch that it came of, however often that was", async () => {
    const dialect = { batch: (batch: object) => ({ ...batch, metadata: null }) };
    await using account = await openAccount({ ...endless, dialect });
    account.simulator.plan("failed");
    account.simulator.plan("failed");
    const { onEvent, of } = eventLog();
    const creator = await open(account, "nightly", { onEvent });
    const create = async () => {
      const { batch } = await creator.create(0);
      account.clock.advance(minute);
      return batch.id;
    };
    const [first, second] = [await create(), await create()];
    const dropped = { kind: "drop-before" } as const;
    account.simulator.addFault({ method: "POST", path: "/batches", fault: dropped });
    const third = await create();
    expect(account.simulator.batches.map(({ id }) => id)).toEqual([first, second, third]);
    expect(of("creating").map(({ creation }) => creation.earlier)).toEqual([
      undefined,
      [first],
      [first, second],
      [first, second],
    ]);
  });

  it("because its create was refused is made of the file that is there", async () => {
    await using account = await openAccount(endless);
    const refused = { kind: "status", status: 403 } as const;
    account.simulator.addFault({ method: "POST", path: "/batches", fault: refused });
    const creator = await openCreator(account.client, [part(undefined)], { endpoint: ENDPOINT });
    await failureOf(creator.create(0));
    expect((await creator.create(0)).provenance).toBe("created");
    expect(account.simulator.files).toHaveLength(1);
  });

  it("of a number that there is not is a mistake of the caller", async () => {
    await using account = await openAccount(endless);
    const error = await rejectionOf((await open(account)).create(1));
    expect(String(error)).toBe("RangeError: There is no part 1.");
  });
});

describe("a batch that is being cancelled", () => {
  async function cancelling(partial: boolean) {
    const account = await openAccount(endless);
    const { batch } = await (await open(account)).create(0);
    account.clock.advance(second);
    await account.client.batches.cancel(batch.id);
    const { onEvent, of } = eventLog();
    const again = await (await open(account, "nightly", { partial, onEvent })).create(0);
    const close = () => account[Symbol.asyncDispose]();
    return { account, batch, again, of, [Symbol.asyncDispose]: close };
  }

  it("is taken for the answers that it has by those who send the rest again", async () => {
    await using opened = await cancelling(true);
    const { account, batch, again, of } = opened;
    expect(again).toMatchObject({
      batch: { id: batch.id, status: "cancelled" },
      provenance: "adopted",
      takenAs: "cancelled",
      round: 0,
    });
    expect(of("adopted")).toEqual([{ type: "adopted", part: 0, known: again }]);
    expect(account.simulator.batches).toHaveLength(1);
  });

  it("is not taken by others", async () => {
    await using opened = await cancelling(false);
    expect(opened.again.provenance).toBe("created");
    expect(opened.account.simulator.batches).toHaveLength(2);
  });
});

describe("a round of which an earlier attempt has sent other requests", () => {
  it("is not sent, and the batch is named", async () => {
    await using account = await openAccount(endless);
    const { batch } = await (await open(account, "run:42/retry1/aaaa")).create(0);
    const creator = await open(account, "run:42/retry1/bbbb", { round: 1 });
    const error = await failureOf(creator.create(0));
    expect(error.code).toBe("sent_before");
    expect(error.message).toBe(
      `These requests are not sent again: an earlier attempt has sent requests of the same work again as ${batch.id}, which may hold some of these. \`operation: retrieve\` with its id brings what it has; \`reuse-existing: false\` sends them whatever is there.`,
    );
    expect(account.simulator.batches).toHaveLength(1);
  });

  it("on a list that could not be read to its end is stopped for that", async () => {
    await using account = await openAccount(endless);
    await (await open(account, "run:42/retry1/aaaa")).create(0);
    const rewrite = (page: unknown) => ({ ...(page as object), has_more: true, last_id: null });
    const fault = { kind: "rewrite", rewrite } as const;
    account.simulator.addFault({ method: "GET", path: "/batches", times: Infinity, fault });
    const error = await failureOf((await open(account, "run:42/retry1/bbbb")).create(0));
    expect(error.code).toBe("look_up_incomplete");
    expect(error.message).toContain("create one whatever is there (`reuse-existing: false`).");
  });
});

describe("a batch beside a part, of a server that keeps no metadata", () => {
  const dialect = { batch: (batch: object) => ({ ...batch, metadata: null }) };

  it("does not stop it where it is known that it holds none of what is left", async () => {
    await using account = await openAccount({ ...endless, dialect });
    const { batch } = await (await open(account)).create(0);
    const settled = new Set([batch.id]);
    const known = await (await open(account, "nightly", { settled })).create(0);
    expect(known.provenance).toBe("created");
  });

  it("is looked at once, however often the part comes again", async () => {
    await using account = await openAccount({ ...endless, dialect });
    const { input_file_id } = await account.submit(3);
    const creator = await open(account);
    await creator.create(0);
    await creator.create(0);
    const looks = account.simulator.calls.filter(({ path }) => path.includes(input_file_id));
    expect(looks).toHaveLength(1);
  });
});

describe("a part that an earlier attempt has sent in halves", () => {
  it.each([
    ["a key of one's own", "nightly"],
    ["a key that was made of them", undefined],
  ])("is not sent as a whole under %s, and a half is named", async (_, ownKey) => {
    await using account = await openAccount(endless);
    const creation_id = `creation-1.${"c".repeat(16)}`;
    const half = await account.submit(1, { idempotency_key: "nightly/half1", creation_id });
    const creator = await open(account, "nightly", { ownKey });
    const error = await failureOf(creator.create(0));
    expect(error).toBeInstanceOf(SentInHalvesError);
    expect(error.code).toBe("other_split");
    expect(error.message).toContain(`twice: ${half.id} is ${half.status} and holds a half of them`);
    expect(error.message).toContain("`operation: run` with the same input goes on with the halves");
    expect(account.simulator.batches).toHaveLength(1);
  });
});

it("a creator tells what it does in order, and nothing that it does not", async () => {
  await using account = await openAccount(endless);
  const { onEvent, all, types } = eventLog();
  const parts = [part("nightly/1", 1), part("nightly/2", 3)];
  const creator = await openCreator(account.client, parts, {
    endpoint: ENDPOINT,
    round: 2,
    onEvent,
  });
  await creator.create(1);
  expect(all[0]).toEqual({ type: "planned", round: 2, parts: [1, 3] });
  expect(types()).toEqual(["planned", "uploaded", "creating", "created", "settled"]);
});

it("a part without a key is given nobody else's batch, beside a part that has one", async () => {
  await using account = await openAccount(endless);
  const { id } = await account.submit(2);
  const parts = [part("nightly"), part(undefined, 3)];
  const creator = await openCreator(account.client, parts, { endpoint: ENDPOINT });
  const { batch, provenance } = await creator.create(1);
  expect([batch.id === id, provenance]).toEqual([false, "created"]);
});

it("a key stands for the same requests from release to release, so that an upgrade adopts", async () => {
  await using account = await openAccount(endless);
  const metadata = { idempotency_key: "nightly", creation_id: "creation-1.f2f21389ddaeedad" };
  const { id } = await account.submit(2, metadata);
  const { input } = part("nightly");
  const order = { input, endpoint: ENDPOINT, idempotencyKey: "nightly" };
  const { batch, reused } = await createBatch(account.client, order);
  expect([batch.id, reused]).toEqual([id, true]);
});

describe("where nobody listens", () => {
  it("results that are gone are made anew, also when the create in their stead is lost", async () => {
    await using account = await openAccount();
    const { batch } = await (await open(account)).create(0);
    account.clock.advance(minute);
    const gone = { kind: "status", status: 404 } as const;
    account.simulator.addFault({
      method: "GET",
      path: /^\/files\/./,
      times: Infinity,
      fault: gone,
    });
    const dropped = { kind: "drop-before" } as const;
    account.simulator.addFault({ method: "POST", path: "/batches", fault: dropped });
    const again = await (await open(account)).create(0);
    expect([again.batch.id === batch.id, again.provenance]).toEqual([false, "created"]);
    expect(account.simulator.batches).toHaveLength(2);
  });

  it("a first attempt goes on without a list of batches", async () => {
    await using account = await openAccount(endless);
    const missing = { kind: "status", status: 404 } as const;
    account.simulator.addFault({ method: "GET", times: Infinity, fault: missing });
    const creator = await open(account, "nightly", { mayExist: false });
    expect((await creator.create(0)).provenance).toBe("created");
  });
});

it("a lost create that finds a batch of another attempt adopts it, and says what finds its own", async () => {
  await using account = await openAccount(endless);
  const { onEvent, of } = eventLog();
  const creator = await open(account, "nightly", { onEvent });
  const { id } = await account.submit(2, { idempotency_key: "nightly", creation_id: "another" });
  const dropped = { kind: "drop-before" } as const;
  account.simulator.addFault({ method: "POST", path: "/batches", fault: dropped });
  const known = await creator.create(0);
  expect(known).toMatchObject({ batch: { id }, provenance: "adopted" });
  expect(of("adopted")).toMatchObject([
    { part: 0, known, beside: { key: "nightly", sent: 1, keep: id } },
  ]);
  expect(of("created")).toEqual([]);
  expect(account.simulator.batches).toHaveLength(1);
});

describe("a batch that the list shows as running", () => {
  it("stands as it is listed where it cannot be looked at, which is not retried unasked", async () => {
    await using account = await openAccount(endless);
    const batch = await account.submit();
    const failing = { kind: "status", status: 503 } as const;
    account.simulator.addFault({ method: "GET", times: Infinity, fault: failing });
    const calls = account.simulator.calls.length;
    expect(await asItIs(account.client, batch, { maxRetries: 0 })).toBe(batch);
    expect(account.simulator.calls).toHaveLength(calls + 1);
  });

  it("does not hide that the caller's own code fails", async () => {
    const mistake = new Error("a mistake of the caller's");
    const onRetry = () => {
      throw mistake;
    };
    await using account = await openAccount({ ...endless, client: { onRetry } });
    const batch = await account.submit();
    account.simulator.addFault({ method: "GET", fault: { kind: "status", status: 503 } });
    expect(await rejectionOf(asItIs(account.client, batch, {}))).toBe(mistake);
  });
});

it("an upload of an hour ago is used again from behind a page of others", async () => {
  await using account = await openAccount(endless);
  const refused = { kind: "status", status: 403 } as const;
  account.simulator.addFault({ method: "POST", path: "/batches", fault: refused });
  await failureOf((await open(account)).create(0));
  for (let other = 0; other < 101; other += 1) {
    account.clock.advance(36 * second);
    await account.upload(1);
  }
  const { batch } = await (await open(account)).create(0);
  expect(batch.input_file_id).toBe(account.simulator.files[0]?.id);
});

it("a part without a key is created without a look", async () => {
  await using account = await openAccount(endless);
  const creator = await openCreator(account.client, [part(undefined)], { endpoint: ENDPOINT });
  await creator.create(0);
  expect(account.simulator.calls.map(({ method }) => method)).toEqual(["POST", "POST"]);
});

describe("a batch that is followed to the end of its cancel", () => {
  async function cancelled(phases: SimulatorOptions["phases"]) {
    const account = await openAccount({ phases: { inProgress: Infinity, ...phases } });
    const { id } = await account.submit();
    account.clock.advance(second);
    const batch = await account.client.batches.cancel(id);
    return { account, batch, [Symbol.asyncDispose]: () => account[Symbol.asyncDispose]() };
  }
  const failing = (status: number) => ({ kind: "status", status }) as const;

  it("is asked for through transient errors", async () => {
    await using opened = await cancelled({ cancelling: minute });
    const { account, batch } = opened;
    account.simulator.addFault({ method: "GET", times: 7, fault: failing(503) });
    expect((await followToEnd(account.client, batch, {})).status).toBe("cancelled");
  });

  it("is not asked for any more where the server refuses", async () => {
    await using opened = await cancelled({ cancelling: minute });
    const { account, batch } = opened;
    account.simulator.addFault({ method: "GET", times: Infinity, fault: failing(403) });
    const calls = account.simulator.calls.length;
    const error = await failureOf(followToEnd(account.client, batch, {}));
    expect([error.status, account.simulator.calls.length - calls]).toEqual([403, 1]);
  });

  it("is followed to the deadline, and said to be still cancelling then", async () => {
    await using opened = await cancelled({ cancelling: Infinity });
    const { account, batch } = opened;
    const deadline = account.clock.now() + 12 * second;
    const error = await failureOf(followToEnd(account.client, batch, { deadline }));
    expect(error.code).toBe("still_cancelling");
    expect(error.message).toContain(`${batch.id} stands for the same requests`);
    expect(account.clock.now()).toBe(deadline);
  });

  it("is left at a signal that comes while a look has no answer", async () => {
    await using opened = await cancelled({ cancelling: Infinity });
    const { account, batch } = opened;
    account.simulator.addFault({ method: "GET", fault: { kind: "hang" } });
    const controller = new AbortController();
    const reason = new Error("stop");
    const calls = account.simulator.calls.length;
    const { signal } = controller;
    asSoonAs(
      () => account.simulator.calls.length > calls,
      () => {
        controller.abort(reason);
      },
    );
    expect(await rejectionOf(followToEnd(account.client, batch, { signal }))).toBe(reason);
    expect(account.simulator.calls).toHaveLength(calls + 1);
  });

  it("is left at a signal, with its reason", async () => {
    await using opened = await cancelled({ cancelling: Infinity });
    const { account, batch } = opened;
    const controller = new AbortController();
    const reason = new Error("stop");
    account.clock.at(account.clock.now() + 7 * second, () => {
      controller.abort(reason);
    });
    const { signal } = controller;
    expect(await rejectionOf(followToEnd(account.client, batch, { signal }))).toBe(reason);
  });
});
