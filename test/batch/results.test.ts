import { mkdir, readFile, writeFile } from "node:fs/promises";

import { expect, test } from "vitest";

import {
  type Batch,
  collectResults,
  type CollectedResults,
  waitForBatches,
} from "../../src/index.ts";
import { readResultLine } from "../../src/batch/results/line.ts";
import { clientFor, failureOf, openAccount, rejectionOf } from "../support/account.ts";
import { openFolder, textOf } from "../support/folder.ts";
import { batchJson, rawServer } from "../support/raw-server.ts";
import { asSoonAs } from "../support/until.ts";

const good = (id: string, usage: object = { prompt_tokens: 2, completion_tokens: 3 }) =>
  JSON.stringify({
    id: `batch_req_${id}`,
    custom_id: id,
    response: { status_code: 200, request_id: "r", body: { usage } },
    error: null,
  });
const bad = (id: string, status = 429, code = "rate_limit_exceeded") =>
  JSON.stringify({
    id: `batch_req_${id}`,
    custom_id: id,
    response: { status_code: status, body: { error: { message: "x", code } } },
    error: null,
  });

interface Collected {
  readonly results: CollectedResults;
  readonly output: string;
  readonly errors: string;
  readonly left: readonly string[];
  readonly asked: readonly string[];
}

/** Collects a batch whose files hold these texts. */
async function collect(
  files: Readonly<Record<string, string>>,
  fields: object = { output_file_id: "out", error_file_id: "err" },
): Promise<Collected> {
  await using server = await rawServer(({ url }, response) => {
    const text = files[url.split("/").at(-2) ?? ""];
    if (text === undefined) response.writeHead(404).end();
    else response.end(text);
  });
  await using folder = await openFolder();
  const { client } = clientFor(server.url);
  // What the server sent is a batch in the shape of the reference.
  const batch = batchJson("b", { status: "completed", ...fields }) as unknown as Batch;
  const results = await collectResults(client, [batch], {
    outputFile: folder.at("output.jsonl"),
    errorFile: folder.at("errors.jsonl"),
    temporaryFolder: folder.at("temporary"),
  });
  return {
    results,
    output: await readFile(folder.at("output.jsonl"), "utf8"),
    errors: await textOf(folder.at("errors.jsonl")),
    left: await folder.list(),
    asked: server.requests.map(({ url }) => url),
  };
}

test("answers go to one file and failures to the other, whichever file they came in", async () => {
  const { results, output, errors, left } = await collect({
    out: `${good("a")}\n${bad("b", 400, "invalid_value")}\n`,
    err: `${bad("c")}\n${good("d")}\n${bad("e")}\n`,
  });
  expect(output).toBe(`${good("a")}\n${good("d")}\n`);
  expect(errors).toBe(`${bad("b", 400, "invalid_value")}\n${bad("c")}\n${bad("e")}\n`);
  expect(results).toMatchObject({
    counts: { total: 5, completed: 2, failed: 3 },
    failures: [
      { code: "rate_limit_exceeded", count: 2, resendable: 2, examples: ["c", "e"] },
      { code: "invalid_value", count: 1, resendable: 0, examples: ["b"] },
    ],
    usage: { input: 4, output: 6, total: 10 },
  });
  expect(left).toEqual(["errors.jsonl", "output.jsonl", "temporary"]);
});

test("bytes are passed on as they came: order of keys, escapes, spaces, carriage returns", async () => {
  const odd =
    '{ "response":{"status_code":200,"body":{"t":"\\u00e9\u00e9\\/"}}, "custom_id":"a"}\r';
  const { output } = await collect({ out: `${odd}\n`, err: "" });
  expect(output).toBe(`${odd}\n`);
});

test.each([
  ["no final newline (llama-stack)", `${good("a")}\n${good("b")}`],
  ["blank lines", `\n${good("a")}\n\n  \n${good("b")}\n\n`],
])("a file with %s loses no line", async (_name, out) => {
  const { results, output } = await collect({ out, err: "" });
  expect(results.counts).toEqual({ total: 2, completed: 2, failed: 0 });
  expect(output).toBe(`${good("a")}\n${good("b")}\n`);
});

test("an output line behind a byte order mark is an answer all the same", async () => {
  const { results } = await collect({ out: `\ufeff${good("a")}\n`, err: "" });
  expect(results.counts).toEqual({ total: 1, completed: 1, failed: 0 });
});

test.each([
  ["no output file: all failed (litellm#33987, kaapi-backend#723)", { error_file_id: "err" }, 0, 1],
  ["no error file", { output_file_id: "out" }, 1, 0],
  ["an empty error file (Azure)", { output_file_id: "out", error_file_id: "empty" }, 1, 0],
  ["an empty output file", { output_file_id: "empty", error_file_id: "err" }, 0, 1],
])("with %s only what there is is fetched", async (_name, fields, completed, failed) => {
  const { results, asked } = await collect({ out: good("a"), err: bad("b"), empty: "" }, fields);
  expect(results.counts).toEqual({ total: completed + failed, completed, failed });
  expect(asked).toHaveLength(Object.keys(fields).length);
});

test.each([
  ["null", null],
  ["an empty text (kaibo#93)", ""],
])("an error file id that is %s is not fetched", async (_name, id) => {
  await using server = await rawServer(({ url }, response) => {
    const batch = batchJson("b", { status: "completed", output_file_id: "out", error_file_id: id });
    response.end(url.endsWith("/content") ? `${good("a")}\n` : JSON.stringify(batch));
  });
  const { client } = clientFor(server.url);
  const { batches } = await waitForBatches(client, ["b"]);
  expect((await collectResults(client, batches)).counts.total).toBe(1);
  expect(server.requests.map(({ url }) => url)).toEqual(["/v1/batches/b", "/v1/files/out/content"]);
});

test("counts come from the lines, not from the server's counts (ellmer#830)", async () => {
  const zero = JSON.stringify({
    custom_id: "z",
    response: { status_code: 0, request_id: "", body: {} },
    error: null,
  });
  const { results, errors } = await collect(
    { out: `${good("a")}\n${zero}\n` },
    { output_file_id: "out", request_counts: { total: 2, completed: 2, failed: 0 } },
  );
  expect(results.counts).toEqual({ total: 2, completed: 1, failed: 1 });
  expect(results.failures).toEqual([
    { code: "status_0", count: 1, resendable: 1, examples: ["z"] },
  ]);
  expect(errors).toBe(`${zero}\n`);
});

test("a batch without files has the counts that the server reports", async () => {
  const { results, output } = await collect(
    {},
    { status: "failed", request_counts: { total: 4, completed: 0, failed: 4 } },
  );
  expect(results).toMatchObject({
    counts: { total: 4, completed: 0, failed: 4 },
    failures: [],
    usage: undefined,
  });
  expect(output).toBe("");
});

test("files of a batch that still runs are not taken for its results (doubleword)", async () => {
  const { results, asked } = await collect(
    { out: good("a") },
    {
      status: "in_progress",
      output_file_id: "out",
      request_counts: { total: 9, completed: 1, failed: 0 },
    },
  );
  expect(results.counts).toEqual({ total: 9, completed: 1, failed: 0 });
  expect(asked).toEqual([]);
});

test("requests that the result files do not account for are not forgotten", async () => {
  const { results } = await collect(
    { out: `${good("a")}\n`, err: "" },
    {
      output_file_id: "out",
      error_file_id: "err",
      request_counts: { total: 3, completed: 3, failed: 0 },
    },
  );
  expect(results.counts).toEqual({ total: 3, completed: 1, failed: 2 });
  expect(results.failures).toEqual([
    { code: "result_unknown", count: 2, resendable: 0, examples: [] },
  ]);
  expect(results.unknown).toBe(2);
  expect(results.problems).toHaveLength(1);
});

const lines: readonly [name: string, line: string, failure: string | undefined][] = [
  ["an answer", good("a"), undefined],
  ["any 2xx", '{"custom_id":"a","response":{"status_code":207,"body":{"x":1}}}', undefined],
  [
    "a body that is a JSON text (llama-stack)",
    '{"custom_id":"a","response":{"status_code":200,"body":"{\\"x\\":1}"},"error":{}}',
    undefined,
  ],
  ["a refusal with a code in its body", bad("a"), "rate_limit_exceeded"],
  [
    "a refusal with a type and no code (llama-stack)",
    '{"custom_id":"a","response":{"status_code":500,"body":"{\\"error\\":{\\"type\\":\\"api_error\\"}}"}}',
    "api_error",
  ],
  [
    "a refusal with a number for a code",
    '{"custom_id":"a","response":{"status_code":400,"body":{"error":{"code":400}}}}',
    "400",
  ],
  ["a refusal without a reason", '{"custom_id":"a","response":{"status_code":503}}', "http_503"],
  [
    "a request that never ran",
    '{"custom_id":"a","response":null,"error":{"code":"batch_expired","message":"x"}}',
    "batch_expired",
  ],
  [
    "an error beside a 200",
    '{"custom_id":"a","response":{"status_code":200,"body":{}},"error":{"message":"x"}}',
    "error",
  ],
  ["an error that is a text", '{"custom_id":"a","response":null,"error":"boom"}', "error"],
  [
    "an error text beside a 200",
    '{"custom_id":"a","response":{"status_code":200,"body":{}},"error":"boom"}',
    "error",
  ],
  ["no response", '{"custom_id":"a","response":null,"error":null}', "no_response"],
  ["status 0 (ellmer#830)", '{"custom_id":"a","response":{"status_code":0,"body":{}}}', "status_0"],
  ["a status of null", '{"custom_id":"a","response":{"status_code":null}}', "status_0"],
  ["a cut line", '{"custom_id":"a","resp', "unreadable_line"],
  ["text", "hello", "unreadable_line"],
  ["a list", "[1]", "unreadable_line"],
  ["null", "null", "unreadable_line"],
];

test.each(lines)("a line is read: %s", (_name, line, failure) => {
  expect(readResultLine(Buffer.from(line)).failure?.code).toBe(failure);
});

test.each([
  ["chat", { prompt_tokens: 2, completion_tokens: 3, total_tokens: 5 }, [2, 3, 5]],
  [
    "chat with details",
    {
      prompt_tokens: 9,
      prompt_tokens_details: { cached_tokens: 4 },
      completion_tokens: 8,
      completion_tokens_details: { reasoning_tokens: 7 },
    },
    [9, 8, 17, 4, 7],
  ],
  ["responses", { input_tokens: 2, output_tokens: 3, total_tokens: 9 }, [2, 3, 9]],
  [
    "responses with details",
    {
      input_tokens: 9,
      input_tokens_details: { cached_tokens: 4 },
      output_tokens: 8,
      output_tokens_details: { reasoning_tokens: 7 },
      total_tokens: 17,
    },
    [9, 8, 17, 4, 7],
  ],
  ["embeddings", { prompt_tokens: 2, total_tokens: 2 }, [2, 0, 2]],
  ["no total", { prompt_tokens: 2, completion_tokens: 3 }, [2, 3, 5]],
  ["odd values", { prompt_tokens: "2", completion_tokens: null, total_tokens: -0 }, [2, 0, 2]],
])("usage of %s", (_name, usage, [input, output, total, cachedInput = 0, reasoning = 0]) => {
  expect(readResultLine(Buffer.from(good("a", usage))).usage).toEqual({
    input,
    output,
    total,
    cachedInput,
    reasoning,
  });
});

test("lines that cannot be read are failures, kept in the error file", async () => {
  const cut = good("a").slice(0, 30);
  const { results, errors } = await collect({ out: `${cut}\n${good("b")}\n`, err: "" });
  expect(results.counts).toEqual({ total: 2, completed: 1, failed: 1 });
  expect(results.failures).toEqual([
    { code: "unreadable_line", count: 1, resendable: 0, examples: [] },
  ]);
  expect(errors).toBe(`${cut}\n`);
});

test("groups of failures come most frequent first, each with three examples at most", async () => {
  const many = Array.from({ length: 10 }, (_, index) => bad(`m${index}`, 500, "server_error"));
  const { results } = await collect({ err: `${bad("x")}\n${many.join("\n")}\n`, out: "" });
  expect(results.failures).toEqual([
    { code: "server_error", count: 10, resendable: 10, examples: ["m0", "m1", "m2"] },
    { code: "rate_limit_exceeded", count: 1, resendable: 1, examples: ["x"] },
  ]);
});

test("lines longer than any chunk and more lines than any buffer come through whole", async () => {
  const long = good("long", { note: "x".repeat(700_000) });
  const many = Array.from({ length: 20_000 }, (_, index) => good(`r${index}`));
  const out = `${[long, ...many, good("last", { note: "y".repeat(700_000) })].join("\n")}\n`;
  const { results, output } = await collect({ out, err: "" });
  expect(results.counts.completed).toBe(20_002);
  expect(output === out).toBe(true);
});

test("partial results of an expired batch are collected (warmbly#333)", async () => {
  await using account = await openAccount({ outcome: { kind: "expired", completedShare: 0.75 } });
  const { id } = await account.submit(8);
  const { batches } = await waitForBatches(account.client, [id]);
  const { counts, failures } = await collectResults(account.client, batches);
  expect(counts).toEqual({ total: 8, completed: 6, failed: 2 });
  expect(failures).toMatchObject([{ code: "batch_expired", count: 2 }]);
});

test("partial results of a cancelled batch are collected (warmbly#333)", async () => {
  await using account = await openAccount({ phases: { inProgress: 1_000 } });
  const { id } = await account.submit(10);
  account.clock.advance(600);
  await account.client.batches.cancel(id);
  const { batches } = await waitForBatches(account.client, [id]);
  expect(batches[0]?.status).toBe("cancelled");
  const { counts, failures } = await collectResults(account.client, batches);
  expect(counts.completed).toBeGreaterThan(0);
  expect(counts.total).toBe(10);
  expect(failures).toMatchObject([{ code: "batch_cancelled", count: 10 - counts.completed }]);
});

test("a batch in which everything failed is no crash (litellm#33987, openai-cookbook#1564)", async () => {
  await using account = await openAccount({ outcome: "all_failed" });
  await using folder = await openFolder();
  const { id } = await account.submit(3);
  const { batches } = await waitForBatches(account.client, [id]);
  const outputFile = folder.at("out.jsonl");
  const { counts } = await collectResults(account.client, batches, { outputFile });
  expect(counts).toEqual({ total: 3, completed: 0, failed: 3 });
  expect(await readFile(outputFile, "utf8")).toBe("");
});

test("several batches add up in one pair of files", async () => {
  await using account = await openAccount({ outcome: "mixed" });
  await using folder = await openFolder();
  const ids = [(await account.submit(4)).id, (await account.submit(8)).id];
  const { batches } = await waitForBatches(account.client, ids);
  const { counts, outputFile, errorFile, usage } = await collectResults(account.client, batches, {
    outputFile: folder.at("a", "out.jsonl"),
    errorFile: folder.at("b", "err.jsonl"),
  });
  expect(counts).toEqual({ total: 12, completed: 9, failed: 3 });
  expect(usage?.total).toBeGreaterThan(0);
  expect([outputFile, errorFile]).toEqual([
    folder.at("a", "out.jsonl"),
    folder.at("b", "err.jsonl"),
  ]);
  const linesOf = async (path: string) => (await readFile(path, "utf8")).trimEnd().split("\n");
  expect(await linesOf(folder.at("a", "out.jsonl"))).toHaveLength(9);
  expect(await linesOf(folder.at("b", "err.jsonl"))).toHaveLength(3);
});

test("a download that is cut is fetched again and no line is missing or double (openai-python#2959)", async () => {
  await using account = await openAccount();
  const { id } = await account.submit(500);
  const { batches } = await waitForBatches(account.client, [id]);
  account.simulator.addFault({ path: "/files/*/content", times: 3, fault: { kind: "cut-body" } });
  const { counts } = await collectResults(account.client, batches);
  expect(counts).toEqual({ total: 500, completed: 500, failed: 0 });
});

test("where nothing can be downloaded, nothing is left behind, and old files stay as they were", async () => {
  await using account = await openAccount({ outcome: "mixed", client: { maxRetries: 1 } });
  await using folder = await openFolder();
  const { id } = await account.submit(8);
  const { batches } = await waitForBatches(account.client, [id]);
  await writeFile(folder.at("out.jsonl"), "old\n");
  account.simulator.addFault({
    path: "/files/*/content",
    times: Infinity,
    fault: { kind: "cut-body" },
  });
  const files = { outputFile: folder.at("out.jsonl"), errorFile: folder.at("err.jsonl") };
  const options = { ...files, temporaryFolder: folder.at("tmp") };
  expect(await failureOf(collectResults(account.client, batches, options))).toMatchObject({
    name: "APIConnectionError",
  });
  expect(await folder.list()).toEqual(["out.jsonl", "tmp"]);
  expect(await readFile(folder.at("out.jsonl"), "utf8")).toBe("old\n");
});

test("an aborted collection leaves nothing behind", async () => {
  await using account = await openAccount();
  await using folder = await openFolder();
  const { id } = await account.submit();
  const { batches } = await waitForBatches(account.client, [id]);
  account.simulator.addFault({ path: "/files/*/content", fault: { kind: "hang" } });
  const controller = new AbortController();
  const reason = new Error("stop");
  asSoonAs(
    () => account.simulator.calls.some(({ path }) => path.endsWith("/content")),
    () => {
      controller.abort(reason);
    },
  );
  const call = collectResults(account.client, batches, {
    outputFile: folder.at("out.jsonl"),
    temporaryFolder: folder.path,
    signal: controller.signal,
  });
  expect(await rejectionOf(call)).toBe(reason);
  expect(await folder.list()).toEqual([]);
});

test("an error file that cannot be opened leaves nothing of the output file", async () => {
  await using account = await openAccount();
  await using folder = await openFolder();
  await writeFile(folder.at("a-file"), "");
  const call = collectResults(account.client, [], {
    outputFile: folder.at("out.jsonl"),
    errorFile: folder.at("a-file", "err.jsonl"),
  });
  await rejectionOf(call);
  expect(await folder.list()).toEqual(["a-file"]);
});

test("a target that is a folder leaves nothing behind", async () => {
  await using account = await openAccount();
  await using folder = await openFolder();
  await mkdir(folder.at("out.jsonl"));
  const { id } = await account.submit();
  const { batches } = await waitForBatches(account.client, [id]);
  await rejectionOf(
    collectResults(account.client, batches, { outputFile: folder.at("out.jsonl") }),
  );
  expect(await folder.list()).toEqual(["out.jsonl"]);
});

test("one path for both files is refused before anything is fetched", async () => {
  await using account = await openAccount({ outcome: "mixed" });
  await using folder = await openFolder();
  const { id } = await account.submit(8);
  const { batches } = await waitForBatches(account.client, [id]);
  const path = folder.at("both.jsonl");
  await rejectionOf(collectResults(account.client, batches, { outputFile: path, errorFile: path }));
  expect(account.simulator.calls.filter(({ path: at }) => at.endsWith("/content"))).toEqual([]);
  expect(await folder.list()).toEqual([]);
});

test("a gateway's page with status 200 is not taken for results", async () => {
  await using account = await openAccount();
  const { id } = await account.submit();
  const { batches } = await waitForBatches(account.client, [id]);
  account.simulator.addFault({ path: "/files/*/content", fault: { kind: "html", status: 200 } });
  const { counts } = await collectResults(account.client, batches);
  expect(counts).toEqual({ total: 2, completed: 2, failed: 0 });
});

test("a result file that is gone is the server's error", async () => {
  await using account = await openAccount();
  const { id } = await account.submit();
  const { batches } = await waitForBatches(account.client, [id]);
  await account.client.files.delete(batches[0]?.output_file_id ?? "");
  expect(await failureOf(collectResults(account.client, batches))).toMatchObject({ status: 404 });
});

test("a result file that was not found for a moment is there, long after the end too", async () => {
  await using account = await openAccount();
  const { id } = await account.submit();
  const { batches } = await waitForBatches(account.client, [id]);
  account.clock.advance(86_400_000);
  const file = batches[0]?.output_file_id ?? "";
  for (const path of [`/files/${file}/content`, `/files/${file}`]) {
    account.simulator.addFault({ method: "GET", path, fault: { kind: "status", status: 404 } });
  }
  const { counts, files } = await collectResults(account.client, batches);
  expect(counts).toEqual({ total: 2, completed: 2, failed: 0 });
  expect(files.get(id)).toMatchObject([{ state: "complete" }]);
});
