import { expect, test } from "vitest";

import type { PartToCreate } from "../../../src/batch/create/creator.ts";
import { runRound } from "../../../src/batch/run/round.ts";
import { ENDPOINT, openAccount } from "../../support/account.ts";
import { on } from "../../support/events.ts";

const hour = 3_600_000;

test("2,005 parts take more than an hour to create, because of the hourly limit", async () => {
  const times = { validating: 0, inProgress: 1, finalizing: 0 };
  await using account = await openAccount({ phases: times });
  const fileId = await account.upload(1);
  const started = account.clock.now();
  const moments: number[] = [];
  const part = { key: undefined, input: { fileId }, requests: 1 };
  const round = await runRound(account.client, Array<PartToCreate>(2_005).fill(part), {
    endpoint: ENDPOINT,
    maxActive: 0,
    before: [],
    onEvent: on("created", () => moments.push(account.clock.now() - started)),
  });
  expect(round).toMatchObject({ end: "ended", failure: undefined });
  expect(moments.filter((time) => time < hour)).toHaveLength(2_000);
}, 60_000);
