import { readFileSync, writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";

import { expect, test } from "vitest";

import { partSource, splitInput } from "../../../src/batch/split.ts";
import { createBatch, runBatch, scanInput } from "../../../src/index.ts";
import { ENDPOINT, failureOf, openAccount, requestLines } from "../../support/account.ts";
import { openFolder } from "../../support/folder.ts";

const minute = 60_000;
const phases = { validating: minute, inProgress: 10 * minute, finalizing: minute };

test("requests that were rewritten since they were scanned are not sent under the old name and key", async () => {
  await using folder = await openFolder();
  await using account = await openAccount({ phases });
  const path = folder.at("in.jsonl");
  await writeFile(path, requestLines(4));
  const scan = await scanInput(path);
  const [part] = splitInput(scan);
  if (part === undefined) throw new Error("no part");
  // As many bytes, other requests.
  await writeFile(path, requestLines(4).replaceAll('"r', '"x'));
  const error = await failureOf(
    createBatch(account.client, {
      input: partSource(scan, part),
      endpoint: ENDPOINT,
      idempotencyKey: `job:${part.hash}`,
    }),
  );
  expect(error.message).toMatch(/changed/);
  expect(account.simulator.batches).toHaveLength(0);
});

test("a round sends nothing of an input that was rewritten while its batch ran", async () => {
  await using folder = await openFolder();
  await using account = await openAccount({ phases });
  account.simulator.plan({ kind: "expired", completedShare: 0.5 });
  const path = folder.at("in.jsonl");
  await writeFile(path, requestLines(4));
  let rewritten = false;
  const ran = await runBatch(account.client, {
    input: path,
    outputFile: folder.at("out.jsonl"),
    temporaryFolder: folder.path,
    retryFailed: 1,
    onEvent(event) {
      if (event.type === "retry-round") rewritten = true;
      if (event.type !== "polled" || event.batches[0]?.status !== "in_progress") return;
      writeFileSync(path, readFileSync(path, "utf8").replaceAll('"r', '"x'));
    },
  }).catch((error: unknown) => error);
  expect(rewritten).toBe(true);
  expect(account.simulator.batches.length).toBe(1);
  expect(ran).toBeDefined();
});
