import { describe, expect, it } from "vitest";

import { type Batch, collectFinished, type Ledger } from "../../src/index.ts";
import type { CollectFinishedOptions } from "../../src/batch/collect.ts";
import { APIError } from "../../src/api/errors.ts";
import { type Account, openAccount } from "../support/account.ts";
import { openFolder } from "../support/folder.ts";

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

  it("gives the claim back when half of the results cannot be had now, and keeps what was written", async () => {
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
