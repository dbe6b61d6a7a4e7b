import { readFile } from "node:fs/promises";

import { expect, test } from "vitest";

import { clientFor, openAccount, textSource } from "../support/account.ts";
import { openFolder } from "../support/folder.ts";
import { rawServer, type RawHandler } from "../support/raw-server.ts";

const text = Array.from({ length: 500_000 }, (_, line) => `{"line":${line}}\n`).join("");
/** More than what is on its way between the server and the disk, which a break takes along. */
const cutAt = 6_000_001;

/** Downloads what the server gives, and tells what was asked for. */
async function fetchFrom(handler: RawHandler) {
  await using server = await rawServer(handler);
  await using folder = await openFolder();
  const { client, retries } = clientFor(server.url);
  const { path, bytes } = await client.files.download("file-1", folder.at("out.jsonl"), {
    check: async (at) =>
      (await readFile(at, "utf8")).endsWith("\n") ? undefined : "its last line is cut",
  });
  const content = await readFile(path, "utf8");
  const asked = server.requests.map(({ headers }) => headers);
  return { content, bytes, asked, retries, left: await folder.list() };
}

/** Sends the beginning of the text under its whole length, then breaks. */
const cut =
  (headers: Readonly<Record<string, string>> = {}): RawHandler =>
  (_request, response, { socket }) => {
    response.writeHead(200, { "content-length": String(text.length), ...headers });
    response.write(text.slice(0, cutAt), () => {
      socket.destroySoon();
    });
  };

function startOf(range: string | undefined): number {
  return Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1]);
}

test.each([
  ["a strong entity tag, which has to be the same still", '"v1"', '"v1"'],
  ["a weak one, which may not be used with ranges", 'W/"v1"', undefined],
  ["none", undefined, undefined],
])("a cut download goes on where it ended, with %s", async (_name, etag, ifRange) => {
  const headers = etag === undefined ? {} : { etag };
  const { content, bytes, asked, left } = await fetchFrom((request, response, context) => {
    if (context.count === 1) {
      cut(headers)(request, response, context);
      return;
    }
    const start = startOf(request.headers.range);
    const range = `bytes ${start}-${text.length - 1}/${text.length}`;
    response.writeHead(206, { "content-range": range, ...headers }).end(text.slice(start));
  });
  expect(content === text).toBe(true);
  expect(bytes).toBe(text.length);
  expect(asked.map(({ range }) => range !== undefined)).toEqual([false, true]);
  expect(startOf(asked[1]?.range)).toBeGreaterThan(0);
  expect(startOf(asked[1]?.range)).toBeLessThanOrEqual(cutAt);
  expect(asked[1]?.["if-range"]).toBe(ifRange);
  expect(left).toEqual(["out.jsonl"]);
});

test("a download that is cut again and again goes on from where each one ended", async () => {
  await using account = await openAccount();
  const { id } = await account.client.files.create({ file: textSource(text), purpose: "batch" });
  await using folder = await openFolder();
  const fault = { kind: "cut-body", bytes: 1_500_000 } as const;
  account.simulator.addFault({ path: "/files/*/content", times: 4, fault });
  const { path } = await account.client.files.download(id, folder.at("out.jsonl"));
  expect((await readFile(path, "utf8")) === text).toBe(true);
  expect(account.simulator.calls.filter(({ path }) => path.endsWith("/content"))).toHaveLength(5);
});

test("a server that does not know ranges sends all again", async () => {
  const { content, bytes } = await fetchFrom((request, response, context) => {
    if (context.count < 3) cut()(request, response, context);
    else response.end(text);
  });
  expect(content === text).toBe(true);
  expect(bytes).toBe(text.length);
});

test("a server that refuses the range is asked for all of it", async () => {
  const { content, asked } = await fetchFrom((request, response, context) => {
    if (context.count === 1) cut()(request, response, context);
    else if (request.headers.range !== undefined) response.writeHead(416).end();
    else response.end(text);
  });
  expect(content === text).toBe(true);
  expect(asked.map(({ range }) => range !== undefined)).toEqual([false, true, false]);
});

test("a file that has changed meanwhile is fetched anew, not glued together", async () => {
  const other = text.replaceAll("line", "LINE");
  const { content, asked } = await fetchFrom((request, response, context) => {
    if (context.count === 1) cut({ etag: '"v1"' })(request, response, context);
    else response.writeHead(200, { etag: '"v2"' }).end(other);
  });
  expect(asked[1]?.["if-range"]).toBe('"v1"');
  expect(content === other).toBe(true);
});

test("the rest of another version, from a server that ignores If-Range, is not glued to ours", async () => {
  const other = text.replaceAll("line", "LINE");
  const { content } = await fetchFrom((request, response, context) => {
    if (context.count === 1) {
      cut({ etag: '"v1"' })(request, response, context);
      return;
    }
    const start = startOf(request.headers.range);
    if (Number.isNaN(start)) {
      response.writeHead(200, { etag: '"v2"' }).end(other);
      return;
    }
    const range = `bytes ${start}-${other.length - 1}/${other.length}`;
    response.writeHead(206, { "content-range": range, etag: '"v2"' }).end(other.slice(start));
  });
  expect(content === other).toBe(true);
});

test("a part of which the server does not say where it belongs is not taken for the whole", async () => {
  const { content } = await fetchFrom((request, response, context) => {
    if (context.count === 1) {
      cut()(request, response, context);
      return;
    }
    const start = startOf(request.headers.range);
    if (Number.isNaN(start)) response.end(text);
    else response.writeHead(206).end(text.slice(start));
  });
  expect(content === text).toBe(true);
});

test("a part from another place than asked for is not taken for the whole", async () => {
  const { content } = await fetchFrom((request, response, context) => {
    if (context.count === 1) {
      cut()(request, response, context);
      return;
    }
    const start = startOf(request.headers.range);
    if (Number.isNaN(start)) {
      response.end(text);
      return;
    }
    const from = text.lastIndexOf("\n", start) + 1;
    const range = `bytes ${from}-${text.length - 1}/${text.length}`;
    response.writeHead(206, { "content-range": range }).end(text.slice(from));
  });
  expect(content === text).toBe(true);
});

test("a part that ends before the file's end is gone on with", async () => {
  const { content } = await fetchFrom((request, response, context) => {
    if (context.count === 1) {
      cut()(request, response, context);
      return;
    }
    const start = startOf(request.headers.range);
    if (Number.isNaN(start)) {
      response.end(text);
      return;
    }
    // A cache that gives at most some lines at a time.
    const end = text.indexOf("\n", Math.min(text.length - 2, start + 300_000)) + 1;
    const range = `bytes ${start}-${end - 1}/${text.length}`;
    response.writeHead(206, { "content-range": range }).end(text.slice(start, end));
  });
  expect(content === text).toBe(true);
});

test("a last line that is cut, of a server that names no length, is fetched again (openai-python#2959)", async () => {
  const { content, retries } = await fetchFrom((_request, response, { count }) => {
    response.writeHead(200, { "transfer-encoding": "chunked" });
    response.end(count === 1 ? text.slice(0, -5) : text);
  });
  expect(content === text).toBe(true);
  expect(retries.map(({ error }) => error.code)).toEqual(["cut_short"]);
});
