import { expect, test } from "vitest";

import { createBatches, runBatch } from "../../../src/index.ts";
import { ENDPOINT, failureOf, openAccount } from "../../support/account.ts";

const request = { custom_id: "a", url: ENDPOINT, body: { model: "gpt-5-nano", messages: [] } };

test.each([
  ["runBatch", runBatch],
  ["createBatches", createBatches],
])(
  "%s sends nothing where `maxCost` is no number, as that of a variable that is not set",
  async (_, send) => {
    await using account = await openAccount();
    const error = await failureOf(
      send(account.client, { input: [request], maxCost: Number(undefined) }),
    );
    expect(error).toMatchObject({
      code: "max_cost_exceeded",
      message:
        "Nothing was sent: what may be spent is not a number (`max-cost`). Pass dollars, for example 2.5.",
    });
    expect(account.simulator.calls).toEqual([]);
  },
);
