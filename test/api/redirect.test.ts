import { expect, test } from "vitest";

import { clientFor, failureOf, KEY, paramsFor, textSource } from "../support/account.ts";
import { batchJson, rawServer, reply } from "../support/raw-server.ts";

const headers = {
  "api-key": "azure-secret-key",
  "x-gateway-token": "gateway-secret",
  cookie: "session=secret",
};
const secrets = new RegExp(
  [
    "authorization",
    "openai-organization",
    "openai-project",
    KEY,
    ...Object.keys(headers),
    ...Object.values(headers),
  ].join("|"),
);

test.each([301, 302, 303, 307, 308])(
  "a %d of a download to a storage host is followed there without a credential",
  async (status) => {
    await using storage = await rawServer((_request, response) => {
      response.end("line\n");
    });
    await using server = await rawServer((_request, response) => {
      response.writeHead(status, { location: `${storage.origin}/blob?sig=1` }).end();
    });
    const { client } = clientFor(server.url, {
      defaultHeaders: headers,
      organization: "org-1",
      project: "proj_1",
    });
    const response = await client.files.content("file-1");
    expect(await response.text()).toBe("line\n");
    expect(server.requests[0]?.headers).toMatchObject(headers);
    expect(storage.requests).toMatchObject([{ method: "GET", url: "/blob?sig=1" }]);
    expect(JSON.stringify(storage.requests[0]?.headers)).not.toMatch(secrets);
  },
);

test("the answer of a read that moved to another origin is taken, its credentials are not given", async () => {
  await using other = await rawServer((_request, response) => {
    reply(response, 200, batchJson("batch_1"));
  });
  await using server = await rawServer((_request, response) => {
    response.writeHead(302, { location: `${other.origin}/b` }).end();
  });
  const { client } = clientFor(server.url, { defaultHeaders: headers });
  expect((await client.batches.retrieve("batch_1")).id).toBe("batch_1");
  expect(JSON.stringify(other.requests[0]?.headers)).not.toMatch(secrets);
});

test("a credential once dropped does not come back on a later hop", async () => {
  await using server = await rawServer(({ url }, response) => {
    if (url === "/final") response.end("line\n");
    else response.writeHead(302, { location: `${storage.origin}/hop` }).end();
  });
  await using storage = await rawServer((_request, response) => {
    response.writeHead(302, { location: `${server.origin}/final` }).end();
  });
  const { client } = clientFor(server.url, { defaultHeaders: headers });
  await (await client.files.content("file-1")).text();
  expect(JSON.stringify(server.requests.at(-1)?.headers)).not.toMatch(secrets);
});

test("a redirect within the origin keeps the credential", async () => {
  await using server = await rawServer(({ url }, response) => {
    if (url === "/v2") reply(response, 200, batchJson("batch_1"));
    else response.writeHead(307, { location: "/v2" }).end();
  });
  const { client } = clientFor(server.url);
  await client.batches.retrieve("batch_1");
  expect(server.requests[1]?.headers.authorization).toBe(`Bearer ${KEY}`);
});

test.each([301, 302, 303, 307, 308])(
  "a %d of a call that changes something is not followed, and says what to do",
  async (status) => {
    await using server = await rawServer((_request, response) => {
      response.writeHead(status, { location: "/elsewhere" }).end();
    });
    const { client } = clientFor(server.url);
    const calls = [
      client.batches.create(paramsFor("file-1")),
      client.batches.cancel("batch_1"),
      client.files.create({ file: textSource("{}\n"), purpose: "batch" }),
      client.files.delete("file-1"),
    ];
    for (const error of await Promise.all(calls.map(failureOf))) {
      expect(error).toMatchObject({ status });
      expect(error.message).toContain("Set the base URL");
    }
    expect(server.requests.map(({ url }) => url)).not.toContain("/elsewhere");
    expect(server.requests).toHaveLength(4);
  },
);

test("a redirect in a circle ends", async () => {
  await using server = await rawServer((_request, response) => {
    response.writeHead(302, { location: "/v1/batches/batch_1" }).end();
  });
  const { client } = clientFor(server.url, { maxRetries: 0 });
  expect((await failureOf(client.batches.retrieve("batch_1"))).message).toContain("Redirected");
  expect(server.requests.length).toBeLessThan(20);
});

test.each(["ftp://example.com/x", "file:///etc/passwd"])(
  "a redirect to %s reads nothing there",
  async (location) => {
    await using server = await rawServer((_request, response) => {
      response.writeHead(302, { location }).end();
    });
    const { client } = clientFor(server.url, { maxRetries: 0 });
    expect(await failureOf(client.files.content("file-1"))).toBeInstanceOf(Error);
  },
);
