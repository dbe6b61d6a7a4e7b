import { expect, test, vi } from "vitest";

import { proxyFor } from "../../src/api/proxy.ts";
import { BatchClient } from "../../src/index.ts";
import { clientFor, failureOf, KEY } from "../support/account.ts";
import { connectProxy } from "../support/proxy.ts";
import { rawServer } from "../support/raw-server.ts";

const proxy = "http://proxy.test:3128/";

test.each([
  [{ https_proxy: proxy }, proxy],
  [{ HTTPS_PROXY: proxy }, proxy],
  [{ https_proxy: proxy, HTTPS_PROXY: "http://other.test" }, proxy],
  [{ https_proxy: "", HTTPS_PROXY: proxy }, proxy],
  [{ HTTPS_PROXY: "proxy.test:3128" }, proxy],
  [{ HTTPS_PROXY: " http://proxy.test:3128 " }, proxy],
  [{ HTTPS_PROXY: "https://proxy.test" }, "https://proxy.test/"],
  [{ HTTPS_PROXY: "user:pass@proxy.test:3128" }, "http://user:pass@proxy.test:3128/"],
  [{ HTTP_PROXY: proxy }, undefined],
  [{}, undefined],
])("https with %j goes through %s", (env, expected) => {
  expect(proxyFor(new URL("https://api.corp.test/v1"), env)?.href).toBe(expected);
});

test.each([
  ["corp.test", true],
  [".corp.test", true],
  ["*.corp.test", true],
  ["api.corp.test", true],
  ["API.Corp.Test", true],
  ["other.test, corp.test", true],
  ["other.test corp.test", true],
  ["*", true],
  ["other.test,*", true],
  ["corp.test:443", true],
  ["corp.test:8443", false],
  ["rp.test", false],
  ["api.corp", false],
  ["v2.api.corp.test", false],
  ["", false],
  [",", false],
])("no_proxy=%s covers api.corp.test: %s", (no_proxy, covered) => {
  const env = { https_proxy: proxy, no_proxy };
  expect(proxyFor(new URL("https://api.corp.test/v1"), env) === undefined).toBe(covered);
});

test.each([
  ["https://corp.test:8443", "corp.test:8443", true],
  ["https://corp.test", "corp.test:8443", false],
  ["https://10.0.0.1", "10.0.0.1", true],
  ["https://[fd00::1]", "fd00::1", true],
  ["https://[fd00::1]", "[fd00::1]:443", true],
  ["https://[fd00::1]", "fd00::2", false],
  ["https://localhost", "", true],
  ["https://127.0.0.1", "", true],
])("%s is called directly with no_proxy=%s: %s", (url, no_proxy, direct) => {
  expect(proxyFor(new URL(url), { https_proxy: proxy, no_proxy }) === undefined).toBe(direct);
});

test.each([
  "http://builder:tulip#pw@127.0.0.1:3128",
  "http://builder:12#tulip@127.0.0.1:3128",
  "http://builder:12/tulip@127.0.0.1:3128",
  "http://builder:tulip%zz@127.0.0.1:3128",
  "socks5://builder:tulip@127.0.0.1:1080",
  "http://",
])(
  "a proxy that cannot be used (%s) is an error that names its variable and never its value",
  (value) => {
    vi.stubEnv("https_proxy", "");
    vi.stubEnv("HTTPS_PROXY", value);
    const make = () => new BatchClient({ apiKey: KEY, baseURL: "https://api.corp.test/v1" });
    expect(make).toThrow(expect.objectContaining({ code: "invalid_proxy" }));
    expect(make).toThrow(/HTTPS_PROXY/);
    expect(make).not.toThrow(/tulip|builder/);
    // What is not called through it does not mind.
    vi.stubEnv("no_proxy", "corp.test");
    make();
    vi.unstubAllEnvs();
  },
);

test("a proxy gets its credentials, the server's key stays in the tunnel, and a refusal tells neither", async () => {
  await using refusing = await connectProxy("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
  const { host } = new URL(refusing.origin);
  vi.stubEnv("https_proxy", `builder:tu%23lip@${host}`);
  const { client, retries } = clientFor("https://api.corp.test/v1", { maxRetries: 1 });
  const error = await failureOf(client.batches.retrieve("batch_1"));
  vi.unstubAllEnvs();
  expect(error).toMatchObject({ name: "APIConnectionError", outcomeUnknown: false });
  expect(error.message).toContain("the proxy said 407");
  expect(error.message).not.toMatch(/tu#lip|tu%23lip|builder/);
  expect(retries).toHaveLength(1);
  const credentials = Buffer.from("builder:tu#lip").toString("base64");
  for (const { headers, target } of refusing.connects) {
    expect(target).toBe("api.corp.test:443");
    expect(headers["proxy-authorization"]).toBe(`Basic ${credentials}`);
    expect(headers).not.toHaveProperty("authorization");
  }
});

test("a redirect to another host goes the way to that host, with no credential", async () => {
  await using refusing = await connectProxy("HTTP/1.1 502 Bad Gateway\r\n\r\n");
  await using server = await rawServer((_request, response) => {
    response.writeHead(302, { location: "https://storage.test/blob" }).end();
  });
  vi.stubEnv("https_proxy", refusing.origin);
  const { client } = clientFor(server.url, { maxRetries: 0 });
  const error = await failureOf(client.files.content("file-1"));
  vi.unstubAllEnvs();
  expect(error.message).toContain("the proxy said 502");
  expect(refusing.connects.map(({ target }) => target)).toEqual(["storage.test:443"]);
  expect(JSON.stringify(refusing.connects)).not.toContain(KEY);
});
