import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";

import { expect, test } from "vitest";

import { collectFinished, type Ledger, runBatch } from "../../../src/index.ts";
import { openAccount, requestLines } from "../../support/account.ts";
import { openFolder } from "../../support/folder.ts";

const minute = 60_000;
const phases = { validating: minute, inProgress: 10 * minute, finalizing: minute };

test("answers whose file is named a moment after the batch has completed are not paid for again", async () => {
  await using folder = await openFolder();
  await using account = await openAccount({ phases });
  await writeFile(folder.at("in.jsonl"), requestLines(6));
  let lagging = false;
  const { results } = await runBatch(account.client, {
    input: folder.at("in.jsonl"),
    outputFile: folder.at("out.jsonl"),
    temporaryFolder: folder.path,
    retryFailed: 1,
    onEvent(event) {
      const batch = event.type === "polled" ? event.batches[0] : undefined;
      if (batch?.status !== "in_progress" || lagging) return;
      lagging = true;
      account.clock.advance(20 * minute);
      account.simulator.addFault({
        method: "GET",
        path: `/batches/${batch.id}`,
        times: 1,
        fault: {
          kind: "status",
          status: 200,
          body: {
            ...batch,
            status: "completed",
            output_file_id: null,
            request_counts: { total: 6, completed: 6, failed: 0 },
          },
        },
      });
    },
  });
  expect(lagging).toBe(true);
  const paid = account.simulator.batches.reduce(
    (sum, one) => sum + one.request_counts.completed,
    0,
  );
  expect(paid).toBe(6);
  expect(results?.counts.completed).toBe(6);
});

test("a batch that counts answers and names no file yet is not recorded as collected", async () => {
  await using folder = await openFolder();
  await using account = await openAccount({ phases });
  const batch = await account.submit(2);
  account.clock.advance(60 * minute);
  account.simulator.addFault({
    method: "GET",
    path: "/batches",
    times: 1,
    fault: {
      kind: "status",
      status: 200,
      body: {
        object: "list",
        has_more: false,
        data: [
          {
            ...batch,
            status: "completed",
            request_counts: { total: 2, completed: 2, failed: 0 },
          },
        ],
      },
    },
  });
  const known = new Set<string>();
  const ledger: Ledger = {
    isCollected: ({ id }) => Promise.resolve(known.has(id)),
    claim: () => Promise.resolve(true),
    record: ({ id }) => Promise.resolve(void known.add(id)),
    release: () => Promise.resolve(),
  };
  const filesOf = ({ id }: { id: string }) => ({ outputFile: folder.at(`${id}.jsonl`) });
  await collectFinished(account.client, { ledger, filesOf });
  await collectFinished(account.client, { ledger, filesOf });
  expect(
    readFileSync(folder.at(`${batch.id}.jsonl`), "utf8")
      .trim()
      .split("\n"),
  ).toHaveLength(2);
});
