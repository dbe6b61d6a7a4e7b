import { expect, test } from "vitest";

import { APIError } from "../../../src/api/errors.ts";
import type { CallEvent } from "../../../src/api/transport.ts";
import { failureOf, KEY, openAccount } from "../../support/account.ts";

test("a key that a gateway echoes in the request id is in no error and in no line of the log", async () => {
  const calls: CallEvent[] = [];
  const headers = { "x-request-id": `id of ${KEY} ${"x".repeat(1_000)}` };
  await using account = await openAccount({
    client: { maxRetries: 0, onCall: (event) => calls.push(event) },
    faults: [{ times: Infinity, fault: { kind: "status", status: 404, headers } }],
  });
  const error = await failureOf(account.client.batches.retrieve("batch_1"));
  const download = await failureOf(account.client.files.content("file-1"));
  expect(error).toBeInstanceOf(APIError);
  for (const said of [error, download]) expect(String(said)).not.toContain(KEY);
  expect(calls).toHaveLength(2);
  for (const { requestID } of calls) {
    expect(requestID).toMatch(/^id of \*\*\* x+$/);
    expect(requestID?.length).toBeLessThanOrEqual(200);
  }
});

test("a key that a server echoes as the name of a field is taken out", async () => {
  await using account = await openAccount({
    dialect: { batch: (batch) => ({ ...batch, echo: { [KEY]: 1 } }) },
  });
  expect(JSON.stringify(await account.submit())).not.toContain(KEY);
});
