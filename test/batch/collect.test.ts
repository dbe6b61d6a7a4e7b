import { describe, expect, it } from "vitest";

import { type Batch, collectFinished, type Ledger } from "../../src/index.ts";
import type { CollectFinishedOptions } from "../../src/batch/collect.ts";
import { APIError } from "../../src/api/errors.ts";
import { type Account, clientFor, openAccount } from "../support/account.ts";
import { eventLog } from "../support/events.ts";
import { openFolder } from "../support/folder.ts";
import { batchJson, rawServer, reply } from "../support/raw-server.ts";

/** The second at which the clock of a test client starts. */
const now = Date.UTC(2026, 0, 1) / 1000;

/** A ledger in memory, and what was asked of it. */
function memoryLedger(taken: readonly string[] = []) {
  const collected = new Set<string>();
  const asked: string[] = [];
  const ledger: Ledger = {
    isCollected: ({ id }) => Promise.resolve(collected.has(id)),
    claim({ id }) {
      asked.push(`claim ${id}`);
      return Promise.resolve(!taken.includes(id));
    },
    record({ id }, results) {
      asked.push(`record ${id} ${results?.counts.completed ?? "gone"}`);
      collected.add(id);
      return Promise.resolve();
    },
    release({ id }) {
      asked.push(`release ${id}`);
      return Promise.resolve();
    },
  };
  return { ledger, asked };
}

async function open(options: Parameters<typeof openAccount>[0] = {}) {
  const account = await openAccount({ phases: { inProgress: 1_000 }, ...options });
  const folder = await openFolder();
  const collect = (ledger: Ledger, more: Partial<CollectFinishedOptions> = {}) =>
    collectFinished(account.client, {
      ledger,
      filesOf: ({ id }) => ({ outputFile: folder.at(`${id}.jsonl`) }),
      ...more,
    });
  return {
    account,
    folder,
    collect,
    submit: () => submit(account),
    async [Symbol.asyncDispose]() {
      await folder[Symbol.asyncDispose]();
      await account[Symbol.asyncDispose]();
    },
  };
}

async function submit(account: Account): Promise<Batch> {
  return account.submit(2, { team: "search" });
}

describe("collecting what has finished", () => {
  it("claims, writes and records each batch, oldest first, and only once", async () => {
    await using opened = await open();
    const { account, folder, collect } = opened;
    const [first, second] = [await opened.submit(), await opened.submit()];
    account.clock.advance(60_000);
    const running = await opened.submit();
    const { ledger, asked } = memoryLedger();
    const result = await collect(ledger);
    expect(result.collected.map(({ batch }) => batch.id)).toEqual([first.id, second.id]);
    expect(result).toMatchObject({ failures: [], incomplete: undefined });
    expect(asked).toEqual([
      `claim ${first.id}`,
      `record ${first.id} 2`,
      `claim ${second.id}`,
      `record ${second.id} 2`,
    ]);
    expect(await folder.list()).toEqual([`${first.id}.jsonl`, `${second.id}.jsonl`].sort());
    account.clock.advance(60_000);
    const again = await collect(ledger);
    expect(again.collected.map(({ batch }) => batch.id)).toEqual([running.id]);
  });

  it("records a batch that failed and has no results, which is not to be found again", async () => {
    await using opened = await open({ outcome: "failed" });
    const batch = await opened.submit();
    opened.account.clock.advance(60_000);
    const { ledger, asked } = memoryLedger();
    await opened.collect(ledger);
    expect(asked).toEqual([`claim ${batch.id}`, `record ${batch.id} 0`]);
  });

  it("leaves what somebody else is at", async () => {
    await using opened = await open();
    const [first, second] = [await opened.submit(), await opened.submit()];
    opened.account.clock.advance(60_000);
    const { ledger, asked } = memoryLedger([first.id]);
    const taken: string[] = [];
    const { collected } = await opened.collect(ledger, {
      onEvent(event) {
        if (event.type === "taken") taken.push(event.batch.id);
      },
    });
    expect(taken).toEqual([first.id]);
    expect(collected.map(({ batch }) => batch.id)).toEqual([second.id]);
    expect(asked).toHaveLength(3);
  });

  it("downloads nothing when a claim cannot be made, and asks for no other", async () => {
    await using opened = await open();
    const batch = await opened.submit();
    await opened.submit();
    opened.account.clock.advance(60_000);
    const { ledger } = memoryLedger();
    const refuse = () => Promise.reject(new APIError("The ledger is read-only."));
    const { failures } = await opened.collect({ ...ledger, claim: refuse });
    expect(failures).toEqual([
      `The ledger is read-only. Nothing of ${batch.id} was downloaded; its results stay on the server.`,
    ]);
    expect(opened.account.simulator.calls.some(({ path }) => path.endsWith("/content"))).toBe(
      false,
    );
  });

  it("gives the claim back when half of the results cannot be downloaded now, and keeps what was written", async () => {
    await using opened = await open({ outcome: { kind: "mixed", failedShare: 0.5 } });
    const batch = await opened.submit();
    opened.account.clock.advance(60_000);
    const [done] = opened.account.simulator.batches;
    const refuse = (file: string | undefined, status: number, call: string) =>
      opened.account.simulator.addFault({
        path: `/files/${file ?? ""}${call}`,
        times: Infinity,
        fault: { kind: "status", status, body: { error: { message: "No." } } },
      });
    const clear = refuse(done?.error_file_id ?? undefined, 403, "/content");
    const { ledger, asked } = memoryLedger();
    const { failures, collected } = await opened.collect(ledger);
    expect(failures).toEqual([expect.stringContaining(`Not every result of ${batch.id}`)]);
    expect(collected).toHaveLength(1);
    expect(asked.at(-1)).toBe(`release ${batch.id}`);
    clear();
    refuse(done?.error_file_id ?? undefined, 404, "/content");
    refuse(done?.error_file_id ?? undefined, 404, "");
    await opened.collect(ledger);
    expect(asked.at(-1)).toMatch(new RegExp(`^record ${batch.id} `));
  });

  it("ends with the signal, and records nothing then", async () => {
    await using opened = await open();
    await opened.submit();
    opened.account.clock.advance(60_000);
    const { ledger, asked } = memoryLedger();
    const controller = new AbortController();
    const abort = () => {
      controller.abort(new Error("The workflow was cancelled."));
      return Promise.reject(new Error("Cut."));
    };
    const ended = opened.collect(ledger, { collect: abort, signal: controller.signal });
    await expect(ended).rejects.toThrow("The workflow was cancelled.");
    expect(asked).toHaveLength(1);
  });
});

describe("the order of collecting", () => {
  /** Which batches are claimed, in order, where a server lists them as `id` and second of creation. */
  async function claimed(listed: readonly (readonly [string, number])[]) {
    const data = listed.map(([id, second]) =>
      batchJson(id, { status: "completed", created_at: now + second }),
    );
    await using server = await rawServer((_request, response) => {
      reply(response, 200, { object: "list", data, has_more: false });
    });
    const { ledger, asked } = memoryLedger(listed.map(([id]) => id));
    const filesOf = () => ({ outputFile: "none.jsonl" });
    await collectFinished(clientFor(server.url).client, { ledger, filesOf });
    return asked.map((call) => call.replace("claim ", "")).join(" ");
  }

  it.each([
    [
      "a list that begins with the oldest",
      [
        ["a", -30],
        ["b", -20],
        ["c", -10],
      ],
      "a b c",
    ],
    [
      "a list in no order",
      [
        ["c", -10],
        ["a", -30],
        ["b", -20],
      ],
      "a b c",
    ],
    [
      "batches of one second, newest first",
      [
        ["c", -10],
        ["b", -10],
        ["a", -10],
      ],
      "a b c",
    ],
  ] as const)("is that of creation with %s", async (_, listed, order) => {
    expect(await claimed(listed)).toBe(order);
  });
});

describe("a claim that GitHub refuses", () => {
  it.each<[string, ConstructorParameters<typeof APIError>[1], number]>([
    ["whose commit is not there leaves the next batch its own", { status: 404 }, 2],
    ["whose commit takes no more statuses leaves the next batch its own", { status: 422 }, 2],
    ["that was never seen again leaves the next batch its own", { code: "claim_not_seen" }, 2],
    ["for a missing permission ends the collecting", { status: 403 }, 1],
    ["in an outage ends the collecting", { status: 502, code: "outage" }, 1],
  ])("%s", async (_, options, failed) => {
    await using opened = await open();
    await opened.submit();
    await opened.submit();
    opened.account.clock.advance(60_000);
    const { ledger, asked } = memoryLedger();
    const claim = () => Promise.reject(new APIError("No entry.", options));
    const { failures, collected } = await opened.collect({ ...ledger, claim });
    expect(failures).toHaveLength(failed);
    expect([collected, asked]).toEqual([[], []]);
  });

  it("with an error that is none of a call is not taken for a refusal", async () => {
    await using opened = await open();
    await opened.submit();
    opened.account.clock.advance(60_000);
    const { ledger } = memoryLedger();
    const claim = () => Promise.reject(new TypeError("A bug."));
    await expect(opened.collect({ ...ledger, claim })).rejects.toThrow("A bug.");
  });
});

describe("what is said of a batch that was not collected", () => {
  async function collectWith(
    collect: CollectFinishedOptions["collect"],
    more: Partial<Ledger> = {},
  ) {
    await using opened = await open();
    const { id } = await opened.submit();
    opened.account.clock.advance(60_000);
    const { ledger, asked } = memoryLedger();
    const seen: string[] = [];
    const result = await opened.collect(
      { ...ledger, ...more },
      {
        collect,
        onEvent: ({ type }) => {
          if (type === "collected" || type === "taken") seen.push(type);
        },
      },
    );
    return { ...result, seen, id, asked: asked.map((call) => call.replace(id, "it")) };
  }

  it("is that its results are gone, and it is recorded so", async () => {
    const gone = new APIError("No such File object.", { code: "results_gone" });
    const { failures, asked, collected, seen, id } = await collectWith(() => Promise.reject(gone));
    expect(failures).toEqual([
      `The results of ${id} are gone from the server. No such File object.`,
    ]);
    expect(asked).toEqual(["claim it", "record it gone"]);
    expect([collected, seen]).toEqual([[], []]);
  });

  it.each([
    ["a refusal", new APIError("Not now.", { status: 403 })],
    ["a full disk", new Error("Not now.")],
    [
      "an error of the disk that uses the same word",
      Object.assign(new Error("Not now."), { code: "results_gone" }),
    ],
  ])("is that the next collect tries again after %s", async (_, error) => {
    const { failures, asked, id } = await collectWith(() => Promise.reject(error));
    expect(failures).toEqual([
      `The results of ${id} could not be collected; the next collect tries again. Not now.`,
    ]);
    expect(asked).toEqual(["claim it", "release it"]);
  });

  it("is nothing where something else than an error is thrown, which is a bug of the caller", async () => {
    // A caller in JavaScript may throw anything.
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
    const thrown = collectWith(() => Promise.reject("a text"));
    await expect(thrown).rejects.toBe("a text");
  });

  it("is that the record was refused, and the results stay collected", async () => {
    const record = () => Promise.reject(new APIError("The ledger is full."));
    const { failures, collected, seen } = await collectWith(undefined, { record });
    expect(failures).toEqual(["The ledger is full."]);
    expect(collected).toHaveLength(1);
    expect(seen).toEqual(["collected"]);
  });

  it("is not hidden where the ledger itself breaks", async () => {
    const record = () => Promise.reject(new TypeError("A bug."));
    await expect(collectWith(undefined, { record })).rejects.toThrow("A bug.");
  });

  it("is not that another is at it where that other has just recorded it", async () => {
    let asked = 0;
    const { seen, collected, failures } = await collectWith(undefined, {
      isCollected: () => Promise.resolve((asked += 1) > 1),
      claim: () => Promise.resolve(false),
    });
    expect([seen, collected, failures]).toEqual([[], [], []]);
  });
});

describe("results that were written in part", () => {
  async function halves(status: number) {
    await using opened = await open({ outcome: { kind: "mixed", failedShare: 0.5 } });
    const { id } = await opened.submit();
    opened.account.clock.advance(60_000);
    const [done] = opened.account.simulator.batches;
    for (const call of ["/content", ""]) {
      opened.account.simulator.addFault({
        path: `/files/${done?.error_file_id ?? "none"}${call}`,
        times: Infinity,
        fault: { kind: "status", status, body: { error: { message: "No." } } },
      });
    }
    const { ledger, asked } = memoryLedger();
    const { failures } = await opened.collect(ledger);
    return { id, failures, asked };
  }

  it("are told as gone where the other file is gone for good, and recorded", async () => {
    const { id, failures, asked } = await halves(404);
    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatch(new RegExp(`^The results of ${id} are gone from the server. .+`));
    expect(asked).toEqual([`claim ${id}`, `record ${id} 1`]);
  });

  it("are told to be tried again where the other file was refused, and released", async () => {
    const { id, failures, asked } = await halves(403);
    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatch(/^Not every result .+; the next collect tries again\. .*No\./);
    expect(asked).toEqual([`claim ${id}`, `release ${id}`]);
  });
});

describe("how results are collected", () => {
  it("tells of each download, and then of the whole", async () => {
    await using opened = await open();
    await opened.submit();
    opened.account.clock.advance(60_000);
    const { onEvent, types } = eventLog();
    await opened.collect(memoryLedger().ledger, { onEvent });
    expect(types()).toEqual(["downloaded", "written", "collected"]);
  });

  it("waits for late results no longer than until the deadline", async () => {
    await using opened = await open();
    await opened.submit();
    const { clock, simulator } = opened.account;
    clock.advance(60_000);
    const fault = { kind: "status", status: 425 } as const;
    simulator.addFault({ path: "/files/*/content", times: Infinity, fault });
    const { onEvent, of } = eventLog();
    const deadline = clock.now() + 2_500;
    await opened.collect(memoryLedger().ledger, { onEvent, deadline, maxRetries: 0 });
    expect(of("results-late").map(({ pause }) => pause)).toEqual([1_000]);
  });
});
