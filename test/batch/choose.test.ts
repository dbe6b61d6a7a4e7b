import { describe, expect, it } from "vitest";

import { chooseBatches, isTerminal } from "../../src/index.ts";
import { clientFor, openAccount } from "../support/account.ts";
import { batchJson, rawServer, reply } from "../support/raw-server.ts";

const day = 24 * 3_600_000;

describe("choosing batches by what they are", () => {
  it("takes those that have all the pairs and one of the statuses", async () => {
    await using account = await openAccount({ phases: { inProgress: 1e9 } });
    account.simulator.plan("failed");
    const failed = await account.submit(1, { team: "blue", leg: "a" });
    const running = await account.submit(1, { team: "blue", leg: "b" });
    await account.submit(1, { team: "red", leg: "a" });
    account.clock.advance(60_000);
    const ids = async (options: Parameters<typeof chooseBatches>[1]) =>
      (await chooseBatches(account.client, options)).batches.map(({ id }) => id);
    expect(await ids({ metadata: { team: "blue" } })).toEqual([running.id, failed.id]);
    expect(await ids({ metadata: { team: "blue", leg: "a" } })).toEqual([failed.id]);
    expect(await ids({ statuses: ["failed"] })).toEqual([failed.id]);
    expect(
      await ids({ metadata: { team: "blue" }, wanted: (batch) => !isTerminal(batch) }),
    ).toEqual([running.id]);
    expect(await ids({ metadata: { team: "green" } })).toEqual([]);
  });

  it("looks back thirty days and no further, unless told otherwise", async () => {
    await using account = await openAccount();
    await account.submit(1, { team: "blue" });
    account.clock.advance(31 * day);
    const young = await account.submit(1, { team: "blue" });
    const chosen = await chooseBatches(account.client, { metadata: { team: "blue" } });
    expect(chosen).toMatchObject({ batches: [{ id: young.id }], incomplete: undefined });
    const more = await chooseBatches(account.client, { lookBack: 40 * day });
    expect(more.batches).toHaveLength(2);
  });
});

/** A server with pages without end, or so many. */
async function pagesOf(count: number) {
  return rawServer(({ url }, response) => {
    const after = new URL(url, "http://x").searchParams.get("after");
    const page = after === null ? 0 : Number(after.slice(6)) + 1;
    reply(response, 200, {
      object: "list",
      data: [batchJson(`batch_${page}`, { metadata: { team: "blue" } })],
      has_more: page + 1 < count,
      last_id: `batch_${page}`,
    });
  });
}

describe("the calls of a choice", () => {
  it("are at most twenty, and it is told that the reading was cut", async () => {
    await using server = await pagesOf(1_000);
    const { client } = clientFor(server.url);
    const chosen = await chooseBatches(client, { metadata: { team: "blue" } });
    expect(server.requests).toHaveLength(20);
    expect(server.requests.every(({ url }) => url.includes("limit=100"))).toBe(true);
    expect(chosen.incomplete).toBe("only the newest 2,000 batches were read");
    expect(chosen.batches).toHaveLength(20);
  });

  it("are as many as there are pages, and nothing is cut then", async () => {
    await using server = await pagesOf(20);
    const { client } = clientFor(server.url);
    expect(await chooseBatches(client)).toMatchObject({ incomplete: undefined });
    expect(server.requests).toHaveLength(20);
  });

  it("end with a page that is older throughout", async () => {
    await using server = await rawServer((_, response) => {
      const data = [6, 5, 4, 3, 2, 1].map((second) =>
        batchJson(`batch_${second}`, { created_at: 1_000 + second }),
      );
      reply(response, 200, { object: "list", data, has_more: true, last_id: "batch_1" });
    });
    const { client } = clientFor(server.url);
    expect(await chooseBatches(client)).toEqual({ batches: [], incomplete: undefined });
    expect(server.requests).toHaveLength(1);
  });
});
