import { describe, expect, it } from "vitest";

import { followToEnd } from "../../../src/batch/create/cancelling.ts";
import { type CreatorOptions, openCreator } from "../../../src/batch/create/creator.ts";
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

  it("is asked for through errors that pass", async () => {
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
