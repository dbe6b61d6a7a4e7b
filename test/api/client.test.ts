import { afterEach, expect, test, vi } from "vitest";

import { systemClock } from "../../src/api/clock.ts";
import { APIError, BatchClient } from "../../src/index.ts";
import { clientFor, failureOf, KEY, openAccount } from "../support/account.ts";
import { textLike } from "../support/matching.ts";
import { connectProxy } from "../support/proxy.ts";
import { until } from "../support/until.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

function refusalOf(make: () => unknown): APIError {
  try {
    make();
  } catch (error) {
    if (error instanceof APIError) return error;
    throw error;
  }
  throw new Error("A refusal was expected.");
}

test.each([
  ["https://api.openai.com/v1", "https://api.openai.com/v1"],
  ["https://api.openai.com/v1/", "https://api.openai.com/v1"],
  ["https://api.openai.com/v1///", "https://api.openai.com/v1"],
  ["HTTPS://Res.OpenAI.Azure.com/openai/v1", "https://res.openai.azure.com/openai/v1"],
  ["https://gateway.example.com", "https://gateway.example.com"],
  ["http://localhost:8080/v1", "http://localhost:8080/v1"],
  ["http://127.0.0.1/v1", "http://127.0.0.1/v1"],
  ["http://127.9.9.9/v1", "http://127.9.9.9/v1"],
  ["http://[::1]:1/v1", "http://[::1]:1/v1"],
])("the base URL %s is taken as %s", (baseURL, taken) => {
  expect(new BatchClient({ apiKey: KEY, baseURL }).baseURL).toBe(taken);
});

test.each([
  ["http://api.openai.com/v1", "in the clear"],
  ["http://10.0.0.1/v1", "in the clear"],
  ["http://127.0.0.1.example.com/v1", "in the clear"],
  ["http://localhost.example.com/v1", "in the clear"],
  ["http://0.0.0.0/v1", "in the clear"],
  ["ftp://example.com/v1", "must begin with https://"],
  ["file:///etc/passwd", "must begin with https://"],
  ["javascript:alert(1)", "must begin with https://"],
  ["https://user@example.com/v1", "user name or password"],
  ["https://user:hunter22@example.com/v1", "user name or password"],
  ["http://user:hunter22@10.0.0.1/v1", "user name or password"],
  ["https://example.com/v1?api-version=1", "no query"],
  ["https://example.com/v1#x", "no fragment"],
  ["api.openai.com/v1", "is no URL"],
  ["", "is no URL"],
])("the base URL %j is refused: %s", (baseURL, why) => {
  const error = refusalOf(() => new BatchClient({ apiKey: KEY, baseURL }));
  expect(error.code).toBe("invalid_base_url");
  expect(error.message).toContain(why);
  expect(error.message).toContain("https://api.openai.com/v1");
  expect(error.message).not.toContain("hunter22");
});

test("a base URL that holds a password and is no URL is not repeated", () => {
  const baseURL = "https://user:hunter22@example.com:port/v1";
  const error = refusalOf(() => new BatchClient({ apiKey: KEY, baseURL }));
  expect(error.message).not.toContain("hunter22");
});

test("key and base URL come from the environment, where an empty variable is none", () => {
  vi.stubEnv("OPENAI_API_KEY", KEY);
  vi.stubEnv("OPENAI_BASE_URL", "https://example.com/v1");
  expect(new BatchClient().baseURL).toBe("https://example.com/v1");
  vi.stubEnv("OPENAI_BASE_URL", "");
  expect(new BatchClient().baseURL).toBe("https://api.openai.com/v1");
  vi.stubEnv("OPENAI_API_KEY", "");
  expect(refusalOf(() => new BatchClient())).toMatchObject({
    code: "missing_credential",
    message: textLike("OPENAI_API_KEY"),
  });
});

test("variables are read without the spaces and line breaks around them, as the official package does", async () => {
  await using account = await openAccount({ apiKey: KEY });
  vi.stubEnv("OPENAI_API_KEY", `${KEY}\n`);
  vi.stubEnv("OPENAI_BASE_URL", ` ${account.simulator.url}\n`);
  expect((await new BatchClient().batches.list()).data).toEqual([]);
  vi.stubEnv("OPENAI_BASE_URL", " ");
  expect(new BatchClient().baseURL).toBe("https://api.openai.com/v1");
  vi.stubEnv("OPENAI_API_KEY", " \n");
  expect(refusalOf(() => new BatchClient()).code).toBe("missing_credential");
});

test("options win over the environment", async () => {
  await using account = await openAccount({ apiKey: KEY });
  vi.stubEnv("OPENAI_API_KEY", "sk-another");
  vi.stubEnv("OPENAI_BASE_URL", "https://example.com/v1");
  const { client } = clientFor(account.simulator.url);
  expect((await client.batches.list()).data).toEqual([]);
});

test.each([
  ["org-env ", undefined, "org-env"],
  ["org-env", "org-given", "org-given"],
  ["org-env", null, undefined],
  ["org-env", "", undefined],
  ["", undefined, undefined],
  [undefined, undefined, undefined],
])(
  "of organization and project the variable %j and the option %j make %j",
  async (variable, option, taken) => {
    vi.stubEnv("OPENAI_ORG_ID", variable);
    vi.stubEnv("OPENAI_PROJECT_ID", variable);
    await using account = await openAccount({ client: { organization: option, project: option } });
    const { client, simulator } = account;
    expect([client.organization, client.project]).toEqual([taken, taken]);
    vi.stubEnv("OPENAI_ORG_ID", "org-of-later");
    await client.batches.list();
    const headers = simulator.calls.at(-1)?.headers;
    expect(headers?.["openai-organization"]).toBe(taken);
    expect(headers?.["openai-project"]).toBe(taken);
  },
);

test("an empty key is no key", () => {
  vi.stubEnv("OPENAI_API_KEY", "");
  expect(refusalOf(() => new BatchClient({ apiKey: "" })).code).toBe("missing_credential");
});

test("a header that is no credential does not stand for a key", () => {
  vi.stubEnv("OPENAI_API_KEY", "");
  const defaultHeaders = { "x-portkey-config": "pc" };
  expect(refusalOf(() => new BatchClient({ defaultHeaders })).code).toBe("missing_credential");
});

test("a wrong key is refused with what to do", async () => {
  await using account = await openAccount({ apiKey: "sk-the-right-one" });
  const error = await failureOf(account.client.batches.list());
  expect(error).toMatchObject({ status: 401, code: "invalid_api_key" });
  expect(error.message).toContain("Check that the key is whole");
});

test("https goes through the proxy of the environment as a tunnel that carries no key", async () => {
  await using proxy = await connectProxy("HTTP/1.1 502 Bad Gateway\r\n\r\n");
  vi.stubEnv("https_proxy", proxy.origin);
  const { client, retries } = clientFor("https://api.example.test/v1", { maxRetries: 1 });
  const error = await failureOf(client.batches.retrieve("batch_1"));
  expect(error).toMatchObject({ name: "APIConnectionError" });
  expect(error.message).toContain("proxy");
  expect(retries).toHaveLength(1);
  expect(proxy.connects.map(({ target }) => target)).toEqual([
    "api.example.test:443",
    "api.example.test:443",
  ]);
  expect(JSON.stringify(proxy.connects)).not.toContain(KEY);
});

test("no_proxy keeps a host away from the proxy", async () => {
  await using proxy = await connectProxy("HTTP/1.1 502 Bad Gateway\r\n\r\n");
  await using account = await openAccount();
  vi.stubEnv("http_proxy", proxy.origin);
  vi.stubEnv("no_proxy", "127.0.0.1");
  expect((await clientFor(account.simulator.url).client.batches.list()).data).toEqual([]);
  expect(proxy.forwarded).toEqual([]);
});

test("a loopback server is called directly: a proxy would get the key in the clear", async () => {
  await using proxy = await connectProxy("HTTP/1.1 502 Bad Gateway\r\n\r\n");
  await using account = await openAccount();
  vi.stubEnv("http_proxy", proxy.origin);
  vi.stubEnv("no_proxy", "");
  await clientFor(account.simulator.url).client.batches.list();
  expect(proxy.forwarded).toEqual([]);
});

test("the system's clock sleeps, wakes up for a signal, and holds no endless timer", async () => {
  const before = systemClock.now();
  await systemClock.sleep(15);
  expect(systemClock.now() - before).toBeGreaterThanOrEqual(14);
  await systemClock.sleep(0);

  const reason = new Error("stop");
  await expect(systemClock.sleep(1e12, AbortSignal.abort(reason))).rejects.toBe(reason);
  const controller = new AbortController();
  const sleep = systemClock.sleep(1e12, controller.signal);
  setTimeout(() => {
    controller.abort(reason);
  }, 10);
  await expect(sleep).rejects.toBe(reason);
});

test("the system's clock makes a signal for a time, however long", async () => {
  expect(systemClock.timeout(1e15).aborted).toBe(false);
  const soon = systemClock.timeout(-1);
  await until(() => soon.aborted);
});
