import { setTimeout as delay } from "node:timers/promises";

import { expect, test } from "vitest";

import {
  APIConnectionError,
  APIConnectionTimeoutError,
  APIError,
  DeadlineError,
  UnreadableAnswerError,
} from "../../src/index.ts";
import { isTransient, pauseBefore, type RetryEvent } from "../../src/api/retry.ts";
import type { Fault } from "../../src/simulator/index.ts";
import { clientFor, failureOf, openAccount, rejectionOf } from "../support/account.ts";
import { openFolder } from "../support/folder.ts";
import { batchJson, rawServer, reply } from "../support/raw-server.ts";
import { asSoonAs } from "../support/until.ts";

/** Gives up soon and tries again, since other answers may come too late as well on a slow machine. */
const impatient = { timeout: 80, maxRetries: 1_000 };

/** The different errors that retries followed. */
const errorNames = (retries: readonly RetryEvent[]) => [
  ...new Set(retries.map(({ error }) => error.name)),
];

const transient: readonly [string, Fault][] = [
  ...[408, 409, 429, 500, 502, 503, 504, 529].map((status): [string, Fault] => [
    `a ${status}`,
    { kind: "status", status },
  ]),
  ["a broken connection", { kind: "drop-before" }],
  ["a lost answer", { kind: "drop-after" }],
  ["a web page with status 502", { kind: "html" }],
  ["a web page with status 200", { kind: "html", status: 200 }],
  ["a cut body", { kind: "cut-body" }],
  ["a body cut at its first byte", { kind: "cut-body", bytes: 0 }],
  ["an empty answer", { kind: "empty" }],
];

test.each(transient)("%s is followed by another try", async (_name, fault) => {
  await using account = await openAccount();
  const { id } = await account.submit();
  account.simulator.addFault({ method: "GET", path: "/batches/*", fault });
  const batch = await account.client.batches.retrieve(id);
  expect(batch.id).toBe(id);
  expect(account.retries).toMatchObject([{ call: `GET /batches/${id}`, attempt: 1 }]);
});

test("silence is followed by another try", async () => {
  await using account = await openAccount();
  const { id } = await account.submit();
  account.simulator.addFault({ method: "GET", path: "/batches/*", fault: { kind: "hang" } });
  const { client, retries } = clientFor(account.simulator.url, impatient);
  expect((await client.batches.retrieve(id)).id).toBe(id);
  expect(retries[0]).toMatchObject({ call: `GET /batches/${id}`, attempt: 1 });
  expect(errorNames(retries)).toEqual(["APIConnectionTimeoutError"]);
});

test.each([400, 401, 403, 404, 405, 410, 413, 422, 501])("a %d is final", async (status) => {
  await using account = await openAccount();
  account.simulator.addFault({ times: Infinity, fault: { kind: "status", status } });
  const error = await failureOf(account.client.batches.retrieve("batch_1"));
  expect(error.status).toBe(status);
  expect(account.retries).toEqual([]);
});

test("x-should-retry: true repeats what would be final, false ends what would be repeated", async () => {
  await using account = await openAccount();
  const { id } = await account.submit();
  const say = (status: number, word: string): void => {
    const headers = { "x-should-retry": word };
    account.simulator.addFault({ method: "GET", fault: { kind: "status", status, headers } });
  };
  say(400, "true");
  expect((await account.client.batches.retrieve(id)).id).toBe(id);
  say(503, "false");
  expect((await failureOf(account.client.batches.retrieve(id))).status).toBe(503);
  say(503, "maybe");
  expect((await account.client.batches.retrieve(id)).id).toBe(id);
});

test.each([
  "credit_balance_exhausted",
  "organization_spend_limit_exceeded",
  "project_spend_limit_exceeded",
  "organization_usage_limit_exceeded",
])("a 429 for %s, which no retry helps, is sent once", async (code) => {
  await using account = await openAccount();
  const body = { error: { message: "Used up.", type: code, param: null, code } };
  account.simulator.addFault({ times: Infinity, fault: { kind: "status", status: 429, body } });
  const error = await failureOf(account.client.batches.list());
  expect(error.message).toContain("retrying does not help");
  expect(account.simulator.calls).toHaveLength(1);
});

test.each(["insufficient_quota", "billing_hard_limit_reached", "billing_not_active"])(
  "a 429 for %s is never repeated, whatever x-should-retry says",
  async (code) => {
    await using account = await openAccount();
    account.simulator.addFault({
      times: Infinity,
      fault: {
        kind: "status",
        status: 429,
        headers: { "x-should-retry": "true", "retry-after": "1" },
        body: { error: { message: "No credit.", type: code, param: null, code } },
      },
    });
    const error = await failureOf(account.client.batches.list());
    expect(error).toMatchObject({ status: 429, code });
    expect(error.message).toMatch(/billing/);
    expect(account.simulator.calls).toHaveLength(1);
  },
);

test.each([
  [{ "retry-after-ms": "1500" }, 1_500],
  [{ "retry-after-ms": "1500", "retry-after": "9" }, 1_500],
  [{ "retry-after": "7" }, 7_000],
  [{ "retry-after": "0" }, 0],
  [{ "retry-after": "1.5" }, 1_500],
  // The official package drops what is longer than a minute.
  [{ "retry-after": "600" }, 600_000],
  [{ "retry-after": "Thu, 01 Jan 2026 00:02:30 GMT" }, 150_000],
  [{ "retry-after": "Wed, 31 Dec 2025 23:00:00 GMT" }, 0],
])("%o is obeyed", async (headers, pause) => {
  await using server = await rawServer((_request, response, { count }) => {
    if (count === 1) reply(response, 429, {}, headers);
    else reply(response, 200, batchJson("batch_1"));
  });
  const { client, clock, retries } = clientFor(server.url);
  await client.batches.retrieve("batch_1");
  expect(clock.pauses).toEqual([pause]);
  expect(retries[0]?.delay).toBe(pause);
});

test.each([{ "retry-after": "soon" }, { "retry-after-ms": "-5" }, { "retry-after": "1.2.3" }])(
  "%o is no time to wait and leaves the pause to chance",
  async (headers) => {
    await using server = await rawServer((_request, response, { count }) => {
      if (count === 1) reply(response, 503, {}, headers);
      else reply(response, 200, batchJson("batch_1"));
    });
    const { client, clock } = clientFor(server.url, { random: () => 0.5 });
    await client.batches.retrieve("batch_1");
    expect(clock.pauses).toEqual([250]);
  },
);

test("a Retry-After of hours ends a call without a deadline at once and names the pause", async () => {
  await using server = await rawServer((_request, response) => {
    const headers = { "retry-after": "86400", "x-request-id": "req_1" };
    reply(response, 429, { error: { message: "Slow down", code: "rate_limit_exceeded" } }, headers);
  });
  const { client, clock, retries } = clientFor(server.url);
  const error = await failureOf(client.files.retrieve("file-1"));
  expect(error).toMatchObject({
    status: 429,
    code: "rate_limit_exceeded",
    requestID: "req_1",
    retryAfter: 86_400_000,
    outcomeUnknown: false,
  });
  expect(error.message).toContain("Slow down");
  expect(error.message).toContain("asks to wait 24 hours");
  expect(isTransient(error)).toBe(false);
  expect([clock.pauses, retries, server.requests.length]).toEqual([[], [], 1]);
});

test("maxRetryAfter says how long a call without a deadline waits for the server", async () => {
  await using server = await rawServer((_request, response, { count }) => {
    if (count % 2 === 1) reply(response, 503, {}, { "retry-after": "3600" });
    else reply(response, 200, batchJson("batch_1"));
  });
  const patient = clientFor(server.url, { maxRetryAfter: 3_600_000 });
  await patient.client.batches.retrieve("batch_1");
  expect(patient.clock.pauses).toEqual([3_600_000]);
  const hasty = clientFor(server.url, { maxRetryAfter: 3_599_999 });
  const error = await failureOf(hasty.client.batches.retrieve("batch_1"));
  expect(error).toMatchObject({ status: 503, code: "retry_after_too_long" });
});

test("with a deadline a Retry-After of hours is obeyed where it fits", async () => {
  await using server = await rawServer((_request, response, { count }) => {
    if (count === 1) reply(response, 503, {}, { "retry-after": "36000" });
    else reply(response, 200, batchJson("batch_1"));
  });
  const { client, clock } = clientFor(server.url);
  await client.batches.retrieve("batch_1", { deadline: clock.now() + 40_000_000 });
  expect(clock.pauses).toEqual([36_000_000]);
});

test.each([
  [401, "<html><title>Sign in</title></html>", 2],
  [403, "<!doctype html><p>Blocked</p>", 2],
  [401, '{"error":{"message":"Incorrect API key"}}', 1],
  [403, "model is not available", 1],
  [404, "<html>Not found</html>", 1],
])("a %d with %s is tried %d times", async (status, body, times) => {
  await using server = await rawServer((_request, response) => {
    response.writeHead(status).end(body);
  });
  const { client } = clientFor(server.url, { maxRetries: 1 });
  const error = await failureOf(client.batches.retrieve("batch_1"));
  expect(error.status).toBe(status);
  expect(server.requests).toHaveLength(times);
});

test("a used-up quota that is told in plain text is sent once", async () => {
  await using server = await rawServer((_request, response) => {
    response.writeHead(429, { "content-type": "text/plain" });
    response.end("Error: insufficient_quota (your credit is used up)");
  });
  const { client } = clientFor(server.url);
  const error = await failureOf(client.batches.retrieve("batch_1"));
  expect(error).toMatchObject({ status: 429, code: "insufficient_quota" });
  expect(error.message).toContain("billing settings");
  expect(server.requests).toHaveLength(1);
});

test("Retry-After of a web page and of a 408 are obeyed as well", async () => {
  await using server = await rawServer((_request, response, { count }) => {
    if (count === 1) response.writeHead(502, { "retry-after": "11" }).end("<html>");
    else if (count === 2) reply(response, 408, {}, { "retry-after": "12" });
    else reply(response, 200, batchJson("batch_1"));
  });
  const { client, clock } = clientFor(server.url);
  await client.batches.retrieve("batch_1");
  expect(clock.pauses).toEqual([11_000, 12_000]);
});

test("pauses are a random part of a bound that doubles up to half a minute (full jitter)", () => {
  const error = new APIError("x", { status: 503 });
  const bounds = [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000];
  expect(bounds.map((_, index) => pauseBefore(error, index + 1, () => 1))).toEqual(bounds);
  expect(bounds.map((_, index) => pauseBefore(error, index + 1, () => 0.5))).toEqual(
    bounds.map((bound) => bound / 2),
  );
  expect(pauseBefore(error, 3, () => 0)).toBe(0);
});

test("the client's random decides the pauses, and Math.random stays in the bounds", async () => {
  await using account = await openAccount({ client: { random: () => 0.25, maxRetries: 3 } });
  account.simulator.addFault({ times: Infinity, fault: { kind: "status", status: 500 } });
  await failureOf(account.client.batches.list());
  expect(account.clock.pauses).toEqual([125, 250, 500]);

  const { client, clock } = clientFor(account.simulator.url, { maxRetries: 7 });
  await failureOf(client.batches.list());
  expect(clock.pauses).toHaveLength(7);
  for (const [index, pause] of clock.pauses.entries()) {
    expect(pause).toBeGreaterThanOrEqual(0);
    expect(pause).toBeLessThanOrEqual(Math.min(30_000, 500 * 2 ** index));
  }
  expect(new Set(clock.pauses).size).toBeGreaterThan(1);
});

test.each([
  [undefined, undefined, 6],
  [2, undefined, 3],
  [2, 0, 1],
  [0, 3, 4],
])("maxRetries: client %s, call %s: %d attempts", async (client, call, attempts) => {
  await using account = await openAccount({ client: { maxRetries: client } });
  account.simulator.addFault({ times: Infinity, fault: { kind: "status", status: 503 } });
  const error = await failureOf(account.client.batches.retrieve("b", { maxRetries: call }));
  expect(error.status).toBe(503);
  expect(account.simulator.calls).toHaveLength(attempts);
  expect(account.retries.map(({ attempt }) => attempt)).toEqual(
    Array.from({ length: attempts - 1 }, (_, index) => index + 1),
  );
});

test("each retry names the error that it follows", async () => {
  await using account = await openAccount();
  account.simulator.addFault({ fault: { kind: "drop-before" } });
  account.simulator.addFault({ fault: { kind: "html", status: 200 } });
  account.simulator.addFault({ fault: { kind: "status", status: 429 } });
  await account.client.batches.list();
  expect(account.retries.map(({ error }) => error.constructor)).toEqual([
    APIConnectionError,
    UnreadableAnswerError,
    APIError,
  ]);
});

test("an aborted signal sends nothing", async () => {
  await using account = await openAccount();
  const reason = new Error("changed my mind");
  const call = account.client.batches.list({}, { signal: AbortSignal.abort(reason) });
  expect(await rejectionOf(call)).toBe(reason);
  expect(account.simulator.calls).toEqual([]);
});

test("a signal ends a pause at once", async () => {
  await using account = await openAccount();
  const controller = new AbortController();
  const reason = new Error("stop");
  account.simulator.addFault({
    times: Infinity,
    fault: { kind: "status", status: 429, headers: { "retry-after": "600" } },
  });
  account.clock.at(account.clock.now() + 10_000, () => {
    controller.abort(reason);
  });
  const started = account.clock.now();
  const call = account.client.batches.list({}, { signal: controller.signal });
  expect(await rejectionOf(call)).toBe(reason);
  expect(account.clock.now() - started).toBe(10_000);
  expect(account.simulator.calls).toHaveLength(1);
});

test("a signal ends a call that is on the wire, with the signal's own reason", async () => {
  await using account = await openAccount();
  account.simulator.addFault({ times: Infinity, fault: { kind: "hang" } });
  await using folder = await openFolder();
  const controller = new AbortController();
  const reason = new Error("stop");
  const calls = [
    account.client.batches.retrieve("b", { signal: controller.signal }),
    account.client.files.content("f", { signal: controller.signal }),
    account.client.files.download("f", folder.at("x"), { signal: controller.signal }),
  ].map(rejectionOf);
  asSoonAs(
    () => account.simulator.calls.length === calls.length,
    () => {
      controller.abort(reason);
    },
  );
  expect(await Promise.all(calls)).toEqual([reason, reason, reason]);
  expect(account.retries).toEqual([]);
});

test("a signal that comes with the answer does not throw the answer away", async () => {
  await using account = await openAccount();
  const file = await account.upload();
  const controller = new AbortController();
  const { client } = clientFor(account.simulator.url, {
    onCall: () => {
      controller.abort();
    },
  });
  const params = { input_file_id: file, endpoint: "/v1/responses", completion_window: "24h" };
  const batch = await client.batches.create(params, { signal: controller.signal });
  expect(account.simulator.batches.map(({ id }) => id)).toEqual([batch.id]);
});

test("a deadline that has passed sends nothing", async () => {
  await using account = await openAccount();
  const error = await failureOf(account.client.batches.list({}, { deadline: account.clock.now() }));
  expect(error).toBeInstanceOf(DeadlineError);
  expect(error).toMatchObject({ code: "deadline_exceeded", outcomeUnknown: false });
  expect(account.simulator.calls).toEqual([]);
});

test("a pause that would pass the deadline is not begun, and the last answer is told", async () => {
  await using account = await openAccount();
  account.simulator.addFault({
    times: Infinity,
    fault: {
      kind: "status",
      status: 429,
      headers: { "retry-after": "60" },
      body: { error: { message: "Slow down, please." } },
    },
  });
  const deadline = account.clock.now() + 60_000;
  const error = await failureOf(account.client.batches.list({}, { deadline }));
  expect(error).toBeInstanceOf(DeadlineError);
  expect(error.status).toBe(429);
  expect(error.requestID).toMatch(/^req_/);
  expect(error.message).toContain("The server asks to wait 60 s.");
  expect(error.message).toContain("Slow down, please.");
  expect(error.cause).toMatchObject({ status: 429 });
  expect(account.clock.pauses).toEqual([]);
  // One millisecond more is enough.
  const later = account.client.batches.list({}, { deadline: deadline + 1 });
  expect(await failureOf(later)).toBeInstanceOf(DeadlineError);
  expect(account.clock.pauses).toEqual([60_000]);
});

test("a deadline ends a call that is on the wire", async () => {
  await using account = await openAccount();
  account.simulator.addFault({ times: Infinity, fault: { kind: "hang" } });
  asSoonAs(
    () => account.simulator.calls.length === 1,
    () => {
      account.clock.advance(60_000);
    },
  );
  const error = await failureOf(
    account.client.batches.list({}, { deadline: account.clock.now() + 60_000 }),
  );
  expect(error).toBeInstanceOf(DeadlineError);
  expect(error.outcomeUnknown).toBe(true);
  expect(account.simulator.calls).toHaveLength(1);
});

test("a deadline years away is no timer that fires at once", async () => {
  await using account = await openAccount();
  const deadline = account.clock.now() + 10 * 365 * 86_400_000;
  expect((await account.client.batches.list({}, { deadline })).data).toEqual([]);
});

test("silence is told apart from a broken connection, with the time it lasted", async () => {
  await using silent = await openAccount({ client: { timeout: 60, maxRetries: 0 } });
  silent.simulator.addFault({ times: Infinity, fault: { kind: "hang" } });
  const silence = await failureOf(silent.client.batches.list());
  expect(silence).toBeInstanceOf(APIConnectionTimeoutError);
  expect(silence.message).toContain("no answer for 0.06 s");
  await using broken = await openAccount({ client: { maxRetries: 0 } });
  broken.simulator.addFault({ times: Infinity, fault: { kind: "drop-before" } });
  const error = await failureOf(broken.client.batches.list());
  expect(error).toBeInstanceOf(APIConnectionError);
  expect(error).not.toBeInstanceOf(APIConnectionTimeoutError);
});

test("a body that falls silent half way is given up and fetched again", async () => {
  await using server = await rawServer((_request, response, { count }) => {
    const text = JSON.stringify(batchJson("batch_1"));
    response.writeHead(200, { "content-length": String(text.length) });
    response.write(text.slice(0, 20));
    if (count > 1) response.end(text.slice(20));
  });
  const { client, retries } = clientFor(server.url, impatient);
  expect((await client.batches.retrieve("batch_1")).id).toBe("batch_1");
  expect(server.requests.length).toBeGreaterThan(1);
  expect(errorNames(retries)).toEqual(["APIConnectionTimeoutError"]);
});

test("bytes that come slowly but come are not given up, however long it takes in all", async () => {
  const timeout = 150;
  await using server = await rawServer((_request, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    const begun = performance.now();
    const drip = async (): Promise<void> => {
      while (performance.now() - begun < 2 * timeout) {
        response.write(" ");
        await delay(10);
      }
      response.end(JSON.stringify(batchJson("batch_1")));
    };
    void drip();
  });
  // Each answer takes longer than the timeout. Where the machine itself pauses for that long, there is another try.
  const { client } = clientFor(server.url, { timeout, maxRetries: 20 });
  expect((await client.batches.retrieve("batch_1")).id).toBe("batch_1");
});

test("isTransient is false for errors that are not the API's", () => {
  expect(isTransient(new Error("x"))).toBe(false);
  expect(isTransient("x")).toBe(false);
  expect(isTransient(new APIError("x"))).toBe(false);
  expect(isTransient(new DeadlineError("x", { inFlight: true }))).toBe(false);
});

test("a conflict is repeated where it may pass, but a refused cancel is final", async () => {
  await using account = await openAccount();
  const { id } = await account.submit();
  account.clock.advance(10_000);
  const error = await failureOf(account.client.batches.cancel(id));
  expect(error).toMatchObject({ status: 409 });
  expect(account.retries).toEqual([]);
});

test("a cancel whose answer is lost is sent again", async () => {
  await using account = await openAccount({
    phases: { inProgress: 100_000, cancelling: 100_000 },
  });
  const { id } = await account.submit();
  account.simulator.addFault({ path: "/batches/*/cancel", fault: { kind: "drop-after" } });
  expect((await account.client.batches.cancel(id)).status).toMatch(/^cancel/);
  expect(account.retries).toHaveLength(1);
});

test("a delete whose answer is lost has deleted: the 404 of the second try is no failure", async () => {
  await using account = await openAccount();
  const id = await account.upload();
  account.simulator.addFault({ method: "DELETE", fault: { kind: "drop-after" } });
  expect(await account.client.files.delete(id)).toMatchObject({ id, deleted: true });
  expect(account.simulator.files).toEqual([]);
});

test("a delete of a file that never was is an error", async () => {
  await using account = await openAccount();
  expect(await failureOf(account.client.files.delete("file-none"))).toMatchObject({ status: 404 });
});
