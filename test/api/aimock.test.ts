import { LLMock } from "@copilotkit/aimock";
import { afterAll, beforeAll, expect, test } from "vitest";

import { collectResults, waitForBatches } from "../../src/index.ts";
import { clientFor, ENDPOINT, paramsFor, requestLines, textSource } from "../support/account.ts";
import { openFolder } from "../support/folder.ts";

/** A server by other hands than ours, so that client and simulator cannot share one misreading. */
const mock = new LLMock({ port: 0 });

beforeAll(async () => {
  await mock.start();
});

afterAll(async () => {
  await mock.stop();
});

function open() {
  return clientFor(`${mock.url}/v1`);
}

test("aimock: a batch is uploaded, created, followed to its end, listed and read", async () => {
  const { client } = open();
  const file = await client.files.create({
    file: textSource(requestLines(3)),
    purpose: "batch",
  });
  expect(file).toMatchObject({ purpose: "batch", filename: "requests.jsonl" });
  expect(await (await client.files.content(file.id)).text()).toBe(requestLines(3));

  const created = await client.batches.create({
    ...paramsFor(file.id),
    metadata: { from: "here" },
  });
  expect(created).toMatchObject({
    object: "batch",
    endpoint: ENDPOINT,
    input_file_id: file.id,
    status: "validating",
    metadata: { from: "here" },
  });

  const { done, batches } = await waitForBatches(client, [created.id]);
  expect([done, batches[0]?.status]).toEqual([true, "completed"]);

  await using folder = await openFolder();
  const results = await collectResults(client, batches, { outputFile: folder.at("out.jsonl") });
  expect(results.counts).toEqual({ total: 3, completed: 3, failed: 0 });
  expect(results.usage?.total).toBe(6);

  const ids: string[] = [];
  for await (const { id } of client.batches.list({ limit: 1 })) ids.push(id);
  expect(ids).toContain(created.id);

  expect(await client.files.delete(file.id)).toMatchObject({ deleted: true });
});

test("aimock: a batch is cancelled and ends as cancelled", async () => {
  const { client } = open();
  const file = await client.files.create({ file: textSource(requestLines(1)), purpose: "batch" });
  const { id } = await client.batches.create(paramsFor(file.id));
  expect((await client.batches.cancel(id)).status).toBe("cancelling");
  const { done, batches } = await waitForBatches(client, [id]);
  expect([done, batches[0]?.status]).toEqual([true, "cancelled"]);
});
