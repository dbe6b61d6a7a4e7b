import { describe, expect, test } from "vitest";

import { normalizeBatch, normalizeFile, normalizePage } from "../../src/api/normalize.ts";
import { cancelBatch, collectResults, waitForBatches } from "../../src/index.ts";
import { clientFor, failureOf, KEY, textSource } from "../support/account.ts";
import { on } from "../support/events.ts";
import { openFolder } from "../support/folder.ts";
import { rawServer } from "../support/raw-server.ts";
import type { Answer, Dialect } from "./dialects/dialect.ts";
import { dialects } from "./dialects/table.ts";

const rows = dialects.map((dialect) => [dialect.server, dialect] as const);

describe("the normaliser", () => {
  test.each(rows)("reads %s", (_, { answers, becomes }) => {
    expect(normalizeFile(answers.file)).toEqual(becomes.file);
    expect(normalizeBatch(answers.created)).toEqual(becomes.created);
    expect(normalizeBatch(answers.batch.at(-1)?.body)).toEqual(becomes.batch);
    const listed = Object.values(answers.list).flatMap((page) => normalizePage(page)?.items ?? []);
    expect(listed.map((item) => normalizeBatch(item)?.id)).toEqual(becomes.listed);
  });

  test.each(rows)("leaves as it is what it has read of %s", (_, { becomes }) => {
    for (const batch of [becomes.created, becomes.batch]) {
      expect(normalizeBatch(batch)).toEqual(batch);
    }
    expect(normalizeFile(becomes.file)).toEqual(becomes.file);
  });
});

/** The server of a row, a client of it, and the storage host that it may redirect to. */
async function open({ base, headers = {}, keyless = false, answers }: Dialect) {
  let looks = 0;
  const answerTo = (method: string, path: string, query: URLSearchParams): Answer => {
    const call = `${method} ${path}`;
    if (call === "POST /files") return { body: answers.file };
    if (call === "POST /batches") return { body: answers.created };
    // A server without pages gives the same list whatever it is asked for.
    if (call === "GET /batches") {
      return { body: answers.list[query.get("after") ?? ""] ?? answers.list[""] };
    }
    if (call.endsWith("/cancel")) return answers.cancel;
    const [, file] = /^GET \/files\/(.+)\/content$/.exec(call) ?? [];
    const content = file === undefined ? undefined : answers.files[file];
    if (content !== undefined) {
      return answers.stored === true
        ? { status: 302, headers: { location: `${storage.origin}/blob/${file ?? ""}` }, body: "" }
        : { body: content };
    }
    if (call === "GET /batches/none") return answers.missing;
    if (call.startsWith("GET /batches/")) {
      looks += 1;
      return answers.batch[looks - 1] ?? answers.batch[answers.batch.length - 1] ?? answers.missing;
    }
    return { status: 405, body: `${call} is not what was expected.` };
  };
  const storage = await rawServer(({ url }, response) => {
    response.end(answers.files[url.replace("/blob/", "")] ?? "");
  });
  const server = await rawServer(({ method, url }, response) => {
    const { pathname, searchParams } = new URL(url, "http://server");
    const path = decodeURIComponent(pathname.slice(base.length));
    const answer = answerTo(method, pathname.startsWith(base) ? path : url, searchParams);
    response.writeHead(answer.status ?? 200, answer.headers);
    response.end(typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body));
  });
  const made = clientFor(server.origin + base, {
    ...(keyless ? { apiKey: undefined } : {}),
    defaultHeaders: headers,
  });
  return {
    ...made,
    server,
    storage,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await storage[Symbol.asyncDispose]();
    },
  };
}

describe("a batch from its file to its results", () => {
  test.each(rows)("at %s", async (_, dialect) => {
    const { becomes, headers = {}, keyless = false } = dialect;
    await using folder = await openFolder();
    await using played = await open(dialect);
    const { client, server, storage } = played;

    const file = await client.files.create({ file: textSource("{}\n"), purpose: "batch" });
    expect(file).toEqual(becomes.file);
    const created = await client.batches.create(dialect.create);
    expect(created).toEqual(becomes.created);
    expect(JSON.parse(server.requests.at(-1)?.body ?? "")).toEqual(dialect.create);

    const live: string[] = [];
    const { batches, done } = await waitForBatches(client, [created.id], {
      onEvent: on("polled", ({ batches: [batch] }) => live.push(batch?.status ?? "none")),
    });
    expect(done).toBe(true);
    expect(live).toEqual(becomes.statuses);
    expect(batches).toEqual([becomes.batch]);

    const listed: string[] = [];
    for await (const { id } of client.batches.list()) listed.push(id);
    expect(listed).toEqual(becomes.listed);
    // A finished batch is no error of a cancel, however the server says so.
    expect((await cancelBatch(client, created.id)).status).toBe(becomes.batch.status);

    const results = await collectResults(client, batches, {
      outputFile: folder.at("output.jsonl"),
      errorFile: folder.at("errors.jsonl"),
      temporaryFolder: folder.at("temporary"),
    });
    expect(results).toMatchObject({ counts: becomes.results, problems: [], unexpected: 0 });
    expect(results.failures.map(({ code }) => code).sort()).toEqual(becomes.failures ?? []);

    const missing = await failureOf(client.batches.retrieve("none"));
    expect(missing).toMatchObject({ status: becomes.missing.status, code: becomes.missing.code });
    expect(missing.message).toMatch(becomes.missing.says);
    expect(missing.message).not.toContain("<");

    for (const request of server.requests) {
      expect(request.headers).toMatchObject(
        Object.fromEntries(
          Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
        ),
      );
      expect(request.headers.authorization).toBe(keyless ? undefined : `Bearer ${KEY}`);
      expect(request.url).not.toContain("%25");
    }
    for (const request of storage.requests) {
      expect(request.headers).not.toHaveProperty("authorization");
      for (const name of Object.keys(headers)) {
        expect(request.headers).not.toHaveProperty(name.toLowerCase());
      }
    }
  });

  test("at doubleword is collected at its end only, though its output can be read before", async () => {
    const dialect = dialects.find(({ server }) => server.startsWith("doubleword"));
    if (dialect === undefined) throw new Error("This row is in the table.");
    await using played = await open(dialect);
    const id = "0f9d1e1c-3a55-4c5b-9d0e-000000000000";
    const live = await played.client.batches.retrieve(id);
    expect(live).toEqual({ ...dialect.becomes.batch, status: "in_progress" });
    await collectResults(played.client, [live]);
    expect(played.server.requests.map(({ url }) => url)).toEqual([`/ai/v1/batches/${id}`]);
  });
});
