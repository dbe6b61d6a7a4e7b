import { describe, expect, it, test } from "vitest";

import { createWebhookHandler } from "../../src/webhook/index.ts";
import {
  deliver,
  eventBody,
  openRelay,
  type Relay,
  SECRET,
  signatureOf,
  TOKEN,
} from "./deliveries.ts";

describe("a delivery of OpenAI", () => {
  it.each(["batch.completed", "batch.failed", "batch.expired", "batch.cancelled"])(
    "becomes a repository_dispatch (%s)",
    async (type) => {
      await using relay = await openRelay();
      const answer = await relay.handle(deliver(relay.sent({ body: eventBody(type) })));
      expect([answer.status, await answer.text()]).toEqual([200, "dispatched\n"]);
      expect(relay.github.requests).toHaveLength(1);
      const [request] = relay.github.requests;
      expect(request).toMatchObject({
        method: "POST",
        url: "/repos/octo-org/evaluations/dispatches",
        headers: {
          authorization: `Bearer ${TOKEN}`,
          accept: "application/vnd.github+json",
          "content-type": "application/json",
          "x-github-api-version": "2022-11-28",
          "user-agent": "openai-batch-action",
        },
      });
      expect(JSON.parse(request?.body ?? "")).toEqual({
        event_type: "openai-batch",
        client_payload: {
          batch_id: "batch_1",
          type,
          created_at: 1_767_225_600,
          webhook_id: "wh_1",
        },
      });
      expect(relay.errors).toEqual([]);
    },
  );

  it("goes to GitHub Enterprise Server, under an event type of the user's", async () => {
    await using relay = await openRelay();
    const handle = createWebhookHandler({
      secret: SECRET,
      repository: "octo-org/evaluations",
      githubToken: TOKEN,
      clock: relay.clock,
      githubApiUrl: `${relay.github.origin}/api/v3/`,
      eventType: "batch-done",
    });
    expect((await handle(deliver(relay.sent()))).status).toBe(200);
    const [request] = relay.github.requests;
    expect(request?.url).toBe("/api/v3/repos/octo-org/evaluations/dispatches");
    expect(JSON.parse(request?.body ?? "")).toMatchObject({ event_type: "batch-done" });
  });

  it("is taken with one right signature among several, as while a secret is changed", async () => {
    await using relay = await openRelay();
    const sent = relay.sent();
    const other = signatureOf(sent, "whsec_b3RoZXI=");
    const header = `${other} v2,AAAA ${signatureOf(sent)}`;
    expect((await relay.handle(deliver(sent, { "webhook-signature": header }))).status).toBe(200);
  });

  it("is taken with a secret that came with a line end, and without its prefix", async () => {
    await using relay = await openRelay({ secret: `${SECRET.replace("whsec_", "")}\n` });
    expect((await relay.handle(deliver(relay.sent()))).status).toBe(200);
  });

  it.each([-300, 300])("is taken %i seconds from now", async (seconds) => {
    await using relay = await openRelay();
    const timestamp = relay.clock.now() / 1000 + seconds;
    expect((await relay.handle(deliver(relay.sent({ timestamp })))).status).toBe(200);
  });

  it("asks for a token each time, where a function gives it", async () => {
    const tokens = ["first", "second\n"];
    await using relay = await openRelay({
      githubToken: () => Promise.resolve(tokens.shift() ?? ""),
    });
    await relay.handle(deliver(relay.sent()));
    await relay.handle(deliver(relay.sent({ id: "wh_2" })));
    const sent = relay.github.requests.map(({ headers }) => headers.authorization);
    expect(sent).toEqual(["Bearer first", "Bearer second"]);
  });
});

describe("nothing is sent", () => {
  it.each(["response.completed", "batch.created", "fine_tuning.job.succeeded"])(
    "for an event of another kind (%s), which is a success",
    async (type) => {
      await using relay = await openRelay();
      const answer = await relay.handle(deliver(relay.sent({ body: eventBody(type) })));
      expect([answer.status, await answer.text()]).toEqual([200, "ignored\n"]);
      expect(relay.github.requests).toEqual([]);
    },
  );

  it.each([
    ["another secret", { "webhook-signature": "v1,AAAA" }],
    ["no v1 signature", { "webhook-signature": "v1a,AAAA" }],
    ["another id", { "webhook-id": "wh_2" }],
  ])("for a wrong signature: %s", async (_, headers) => {
    await using relay = await openRelay();
    const answer = await relay.handle(deliver(relay.sent(), headers));
    expect([answer.status, await answer.text()]).toEqual([401, "the signature is wrong\n"]);
    expect(relay.github.requests).toEqual([]);
    expect(relay.errors).toEqual([]);
  });

  it.each([-301, 301, -86_400])("for a time %i seconds from now", async (seconds) => {
    await using relay = await openRelay();
    const timestamp = relay.clock.now() / 1000 + seconds;
    const answer = await relay.handle(deliver(relay.sent({ timestamp })));
    expect(answer.status).toBe(400);
    expect(relay.github.requests).toEqual([]);
  });

  it.each(["", "tomorrow", "1767225600x", "1767225600.0", "01767225600", "-1", "1e9"])(
    "for a timestamp that is none, signed or not: '%s'",
    async (timestamp) => {
      await using relay = await openRelay();
      expect((await relay.handle(deliver(relay.sent({ timestamp })))).status).toBe(400);
      expect(relay.github.requests).toEqual([]);
    },
  );

  it.each(["webhook-id", "webhook-timestamp", "webhook-signature"])(
    "without the header %s",
    async (name) => {
      await using relay = await openRelay();
      const request = deliver(relay.sent());
      request.headers.delete(name);
      expect((await relay.handle(request)).status).toBe(400);
      expect(relay.github.requests).toEqual([]);
    },
  );

  it.each([
    ["no JSON", "batch.completed"],
    ["a list", "[]"],
    ["null", "null"],
    ["no type", "{}"],
    ["no batch", eventBody("batch.completed", {})],
    ["no data", eventBody("batch.completed", null)],
    ["a batch id that is none", eventBody("batch.completed", { id: "batch 1\n::add-mask::x" })],
    ["no time", '{"type":"batch.failed","data":{"id":"batch_1"}}'],
    ["nothing", ""],
  ])("for a signed body that is no event: %s", async (_, body) => {
    await using relay = await openRelay();
    expect((await relay.handle(deliver(relay.sent({ body })))).status).toBe(400);
    expect(relay.github.requests).toEqual([]);
  });

  test("for a signed body that is no UTF-8", async () => {
    await using relay = await openRelay();
    const body = Buffer.concat([Buffer.from(eventBody()), Buffer.from([0xff])]);
    expect((await relay.handle(deliver(relay.sent({ body })))).status).toBe(400);
    expect(relay.github.requests).toEqual([]);
  });

  test("for a body that is too large, told or not", async () => {
    await using relay = await openRelay();
    const sent = relay.sent({ body: `${eventBody()}${" ".repeat(64 * 1024)}` });
    expect((await relay.handle(deliver(sent))).status).toBe(413);
    expect((await relay.handle(deliver(sent, { "content-length": "70000" }))).status).toBe(413);
    expect(relay.github.requests).toEqual([]);
  });

  it.each(["GET", "PUT", "DELETE"])("for a %s, which is told what is allowed", async (method) => {
    await using relay = await openRelay();
    const answer = await relay.handle(deliver(relay.sent(), {}, method));
    expect([answer.status, answer.headers.get("allow")]).toEqual([405, "POST"]);
    expect(relay.github.requests).toEqual([]);
  });
});

/** A delivery with a body of the test's own making. */
function streamed(relay: Relay, body: ReadableStream): Request {
  const { headers } = deliver(relay.sent());
  const url = "https://hooks.example/openai";
  return new Request(url, { method: "POST", headers, body, duplex: "half" });
}

test("a body that breaks off is answered and sends nothing", async () => {
  await using relay = await openRelay();
  const broken = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(eventBody().slice(0, 20)));
    },
    pull(controller) {
      controller.error(new Error("The sender went away."));
    },
  });
  const answer = await relay.handle(streamed(relay, broken));
  expect([answer.status, await answer.text()]).toEqual([400, "the body is broken off\n"]);
  expect(relay.github.requests).toEqual([]);
});

test("a body that stalls is answered once the time is up, also if its sender cannot be told", async () => {
  await using relay = await openRelay({ timeout: 3_000 });
  const stalled = new ReadableStream({
    pull() {
      relay.clock.advance(3_000);
      return new Promise<never>(() => undefined);
    },
    cancel: () => Promise.reject(new Error("Nobody is there.")),
  });
  const answer = await relay.handle(streamed(relay, stalled));
  expect([answer.status, await answer.text()]).toEqual([408, "the body is too slow\n"]);
  expect(relay.github.requests).toEqual([]);
});

test("a body that somebody else is reading is answered", async () => {
  await using relay = await openRelay();
  const request = deliver(relay.sent());
  request.body?.getReader();
  expect((await relay.handle(request)).status).toBe(400);
});

test("a body that never ends is read no further than its limit", async () => {
  await using relay = await openRelay();
  let read = 0;
  const endless = new ReadableStream({
    pull(controller) {
      read += 1024;
      controller.enqueue(new Uint8Array(1024));
    },
  });
  expect((await relay.handle(streamed(relay, endless))).status).toBe(413);
  expect(read).toBeLessThan(70 * 1024);
});

describe("a setting that cannot work is told at the start", () => {
  const good = { secret: SECRET, repository: "octo-org/evaluations", githubToken: TOKEN };
  it.each([
    ["secret", { secret: "" }, /whsec_/],
    ["secret", { secret: "whsec_not base64!" }, /whsec_/],
    ["token", { githubToken: "" }, /githubToken is missing.*Contents: write.*variable is set/],
    ["token", { githubToken: undefined as unknown as string }, /githubToken is missing/],
    ["token", { githubToken: " \n" }, /githubToken is not a token/],
    ["token", { githubToken: "two words" }, /githubToken is not a token/],
    ["repository", { repository: undefined as unknown as string }, /owner\/name/],
    ["secret", { secret: undefined as unknown as string }, /whsec_/],
    ["repository", { repository: "evaluations" }, /owner\/name/],
    ["repository", { repository: "octo-org/.." }, /owner\/name/],
    ["repository", { repository: "octo-org/evaluations/../x" }, /owner\/name/],
    ["url in the clear", { githubApiUrl: "http://ghe.example/api/v3" }, /https/],
    ["url", { githubApiUrl: "ghe.example" }, /https/],
    ["event type", { eventType: "x".repeat(101) }, /1 to 100/],
    ["event type", { eventType: "" }, /1 to 100/],
  ])("%s %#", (_, wrong, message) => {
    const create = () => createWebhookHandler({ ...good, ...wrong });
    expect(create).toThrow(TypeError);
    expect(create).toThrow(message);
    expect(create).not.toThrow(/not base64/);
  });
});
