import { inspect } from "node:util";
import { describe, expect, it, test } from "vitest";

import { openRelay, deliver, SECRET, TOKEN } from "./deliveries.ts";

describe("when GitHub refuses", () => {
  it.each([
    [401, /wrong, expired or revoked/],
    [403, /Contents: write/],
    [404, /Contents: write/],
    [422, /Contents: write/],
    [200, /has answered.*githubApiUrl/],
    [202, /has answered.*githubApiUrl/],
    [307, /has moved/],
    [500, /has a problem/],
    [503, /has a problem/],
  ])("with %i, OpenAI is to send it again and only we are told why", async (status, hint) => {
    const said = `Resource not accessible by ${TOKEN}`;
    await using relay = await openRelay({}, (response) => {
      const headers = { "x-github-request-id": "A:1", location: "http://127.0.0.1:1/elsewhere" };
      response.writeHead(status, headers).end(JSON.stringify({ message: said }));
    });
    const answer = await relay.handle(deliver(relay.sent()));
    expect([answer.status, await answer.text()]).toEqual([502, "failed\n"]);
    expect(relay.errors).toHaveLength(1);
    const [error] = relay.errors;
    expect(error?.message).toMatch(hint);
    expect(error).toMatchObject({
      name: "WebhookError",
      code: "github_refused",
      status,
      requestID: "A:1",
      batchId: "batch_1",
      webhookId: "wh_1",
    });
    expect(error?.message).toContain("Resource not accessible by ***");
    expect(relay.github.requests).toHaveLength(1);
  });

  it("with a web page, its text stays out of the message", async () => {
    await using relay = await openRelay({}, (response) => {
      response.writeHead(502, { "content-type": "text/html" }).end("<h1>Unicorn</h1>");
    });
    await relay.handle(deliver(relay.sent()));
    expect(relay.errors[0]?.message).toBe(
      "POST /repos/octo-org/evaluations/dispatches was answered with 502. GitHub has a problem; the delivery comes again.",
    );
  });
});

test("a GitHub that cannot be reached is told", async () => {
  await using relay = await openRelay({}, (response) => {
    response.destroy();
  });
  expect((await relay.handle(deliver(relay.sent()))).status).toBe(502);
  expect(relay.errors[0]).toMatchObject({ code: "github_unreachable" });
  expect(relay.errors[0]?.message).toMatch(/UND_ERR_SOCKET|ECONNRESET/);
});

test.each([
  ["a secondary limit", 403, "You have exceeded a secondary rate limit", {}, 60],
  ["a limit that names its time", 403, "Slow down", { "retry-after": "90" }, 90],
  ["too many requests", 429, "", {}, 60],
])(
  "%s is no missing permission, and OpenAI is told when to come again",
  async (_, status, message, headers, seconds) => {
    await using relay = await openRelay({}, (response) => {
      response.writeHead(status, headers).end(JSON.stringify({ message }));
    });
    const answer = await relay.handle(deliver(relay.sent()));
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, String(seconds)]);
    const [error] = relay.errors;
    expect(error).toMatchObject({ code: "github_limit", status, retryAfter: seconds });
    expect(error?.message).toContain("limit of calls is reached");
    expect(error?.message).not.toContain("Contents: write");
  },
);

test("a GitHub that does not answer is given ten seconds, also by a fetch without signals", async () => {
  const seen: unknown[] = [];
  await using relay = await openRelay({
    fetch(_, init) {
      for (const ms of [9_999, 1]) {
        relay.clock.advance(ms);
        seen.push(init?.signal?.aborted);
      }
      return new Promise<never>(() => undefined);
    },
  });
  expect((await relay.handle(deliver(relay.sent()))).status).toBe(502);
  expect(seen).toEqual([false, true]);
  expect(relay.errors[0]?.message).toContain("GitHub did not answer in time");
});

test("a refusal whose text does not end is told without it", async () => {
  await using relay = await openRelay({
    fetch() {
      const body = new ReadableStream({
        pull() {
          relay.clock.advance(10_000);
          return new Promise<never>(() => undefined);
        },
      });
      return Promise.resolve(new Response(body, { status: 404 }));
    },
  });
  expect((await relay.handle(deliver(relay.sent()))).status).toBe(502);
  expect(relay.errors[0]).toMatchObject({ code: "github_refused", status: 404 });
});

test("a token that is never given is not waited for", async () => {
  await using relay = await openRelay({
    timeout: 500,
    githubToken() {
      relay.clock.advance(500);
      return new Promise<never>(() => undefined);
    },
  });
  expect((await relay.handle(deliver(relay.sent()))).status).toBe(502);
  expect(relay.errors[0]?.message).toBe("githubToken gave no token in time.");
  expect(relay.github.requests).toEqual([]);
});

test.each([
  ["fails", () => Promise.reject(new Error(`no installation for ${TOKEN}`))],
  [
    "throws at once",
    () => {
      throw new RangeError(TOKEN);
    },
  ],
  ["gives nothing", () => ""],
  // What an unset variable gives in plain JavaScript.
  ["gives undefined", () => undefined as unknown as string],
  ["gives what no header can hold", () => `${TOKEN}\r\nx-other: 1`],
])("a token function that %s is told, without what it said", async (_, githubToken) => {
  await using relay = await openRelay({ githubToken });
  const answer = await relay.handle(deliver(relay.sent()));
  expect(answer.status).toBe(502);
  expect(relay.errors[0]).toMatchObject({ code: "no_token" });
  expect(relay.github.requests).toEqual([]);
  expect(inspect([relay.errors, answer], { depth: 9 })).not.toContain(TOKEN);
});

test("no secret is in what anybody is told", async () => {
  for (const status of [403, 500]) {
    await using relay = await openRelay({}, (response, { headers, body }) => {
      response
        .writeHead(status)
        .end(JSON.stringify({ message: JSON.stringify({ headers, body }) }));
    });
    const answer = await relay.handle(deliver(relay.sent()));
    const told = [await answer.text(), inspect([...answer.headers]), inspect(relay.errors)].join();
    for (const secret of [TOKEN, SECRET, SECRET.replace("whsec_", "")]) {
      expect(told).not.toContain(secret);
    }
  }
});
