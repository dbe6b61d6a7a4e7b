import { readFile, writeFile } from "node:fs/promises";

import { expect, test } from "vitest";

import { BatchReading } from "../../../src/batch/results/batch-reading.ts";
import { ResultBook } from "../../../src/batch/results/book.ts";
import { splitInput } from "../../../src/batch/split.ts";
import {
  type Batch,
  collectResults,
  type CollectedResults,
  scanInput,
} from "../../../src/index.ts";
import { clientFor, failureOf, requestLine } from "../../support/account.ts";
import { openFolder, textOf } from "../../support/folder.ts";
import { batchJson, rawServer } from "../../support/raw-server.ts";

const good = (id: string | undefined, text = "") =>
  JSON.stringify({ custom_id: id, response: { status_code: 200, body: { text } }, error: null });
const bad = (id: string, status = 400, code = "invalid_value") =>
  JSON.stringify({
    custom_id: id,
    response: { status_code: status, body: { error: { code } } },
    error: null,
  });
const never = (id: string, code: string) =>
  JSON.stringify({ custom_id: id, response: null, error: { code, message: "" } });
const text = (...lines: readonly string[]) => lines.map((line) => `${line}\n`).join("");

interface Case {
  /** `custom_id`s of the input; none for a collection without it. */
  readonly input?: readonly string[];
  /** Output and error file of each batch. */
  readonly batches: readonly (readonly [
    output: string | undefined,
    error?: string | undefined,
    more?: object,
  ])[];
  readonly order?: "input" | "completion";
  /** How many requests a part has, for batches that failed. */
  readonly perPart?: number;
}

interface Collected {
  readonly results: CollectedResults;
  readonly output: string;
  readonly errors: string;
}

async function collect({ input, batches, order, perPart }: Case): Promise<Collected> {
  const texts = new Map<string, string>();
  const objects = batches.map(([output, error, more], index) => {
    const fields: Record<string, unknown> = { status: "completed", ...more };
    for (const [kind, content] of Object.entries({ output, error })) {
      if (content === undefined) continue;
      texts.set(`${kind}-${index}`, content);
      fields[`${kind}_file_id`] = `${kind}-${index}`;
    }
    // In the shape of the reference.
    return batchJson(`batch_${index}`, fields) as unknown as Batch;
  });
  await using server = await rawServer(({ url }, response) => {
    const content = texts.get(url.split("/").at(-2) ?? "");
    if (content === undefined) response.writeHead(404).end();
    else response.end(content);
  });
  await using folder = await openFolder();
  const { client } = clientFor(server.url);
  await writeFile(folder.at("in.jsonl"), text(...(input ?? []).map(requestLine)));
  const scan = input === undefined ? undefined : await scanInput(folder.at("in.jsonl"));
  const parts = scan && splitInput(scan, { maxRequests: perPart });
  const results = await collectResults(client, objects, {
    outputFile: folder.at("output.jsonl"),
    errorFile: folder.at("errors.jsonl"),
    temporaryFolder: folder.path,
    order,
    input: scan,
    parts: parts && new Map(parts.map((part) => [`batch_${part.index}`, part])),
  });
  return {
    results,
    output: await readFile(folder.at("output.jsonl"), "utf8"),
    errors: await textOf(folder.at("errors.jsonl")),
  };
}

const absent = (line: string | undefined) =>
  // A line of our own; what it holds is compared.
  JSON.parse(line ?? "{}") as { custom_id?: string; error?: { code: string; message: string } };

test("lines are in the input's order, over all batches, although servers shuffle (tidyllm#37)", async () => {
  const { output, errors } = await collect({
    input: ["a", "b", "c", "d", "e", "f"],
    batches: [
      [text(good("c"), good("a")), text(bad("b"))],
      [text(good("f")), text(bad("e"), bad("d"))],
    ],
  });
  expect(output).toBe(text(good("a"), good("c"), good("f")));
  expect(errors).toBe(text(bad("b"), bad("d"), bad("e")));
});

test("lines are in the server's order when that is asked for, and missing ones come last", async () => {
  const { output, errors } = await collect({
    input: ["a", "b", "c", "d"],
    batches: [[text(good("c"), good("a")), text(bad("d"))]],
    order: "completion",
  });
  expect(output).toBe(text(good("c"), good("a")));
  const [first, second] = errors.split("\n");
  expect(first).toBe(bad("d"));
  expect(absent(second)).toMatchObject({ custom_id: "b", error: { code: "result_missing" } });
});

test("a request that no line tells of gets one that says so (openai-python#2959)", async () => {
  const { results, errors } = await collect({
    input: ["a", "b", "c"],
    batches: [[text(good("a")), text(bad("c"))]],
  });
  expect(results.counts).toEqual({ total: 3, completed: 1, failed: 2 });
  const lines = errors.trimEnd().split("\n");
  expect(lines).toHaveLength(2);
  expect(absent(lines[0])).toMatchObject({
    custom_id: "b",
    response: null,
    error: { code: "result_missing" },
  });
});

test("each request of a failed batch is told its batch's error", async () => {
  const data = [{ code: "model_not_found", message: "No such model.", param: null, line: 1 }];
  const { results, output, errors } = await collect({
    input: ["a", "b", "c", "d"],
    perPart: 2,
    batches: [
      [text(good("b"), good("a"))],
      [undefined, undefined, { status: "failed", errors: { data } }],
    ],
  });
  expect(output).toBe(text(good("a"), good("b")));
  const lines = errors.trimEnd().split("\n").map(absent);
  expect(lines.map(({ custom_id: id, error }) => [id, error?.code])).toEqual([
    ["c", "model_not_found"],
    ["d", "model_not_found"],
  ]);
  expect(lines[0]?.error?.message).toContain("No such model.");
  expect(results.failures).toEqual([
    { code: "model_not_found", count: 2, resendable: 0, examples: ["c", "d"] },
  ]);
});

test("lines for requests that the input does not have are kept apart and reported", async () => {
  const { results, output, errors } = await collect({
    input: ["a"],
    batches: [[text(good("a"), good("stranger"), good(undefined)), text(bad("other"), "{oops")]],
  });
  expect(results).toMatchObject({
    counts: { total: 1, completed: 1, failed: 0 },
    unexpected: 4,
  });
  expect(output).toBe(text(good("a")));
  expect(errors).toBe(text(good("stranger"), good(undefined), bad("other"), "{oops"));
});

test.each([
  ["two answers", [good("a", "1"), good("a", "2")], [], good("a", "1"), ""],
  ["an answer and a failure", [good("a", "1")], [bad("a")], good("a", "1"), ""],
  ["a failure and an answer", [bad("a"), good("a", "2")], [], good("a", "2"), ""],
  ["two failures", [], [bad("a", 400), bad("a", 429)], "", bad("a", 429)],
])(
  "of %s for one request one line is kept, an answer where there is one",
  async (_name, out, err, output, errors) => {
    for (const input of [["a"], undefined]) {
      const collected = await collect({
        batches: [[text(...out), text(...err)]],
        ...(input && { input }),
      });
      expect(collected.output.trimEnd()).toBe(output);
      expect(collected.errors.trimEnd()).toBe(errors);
      expect(collected.results.counts.total).toBe(1);
      expect(collected.results.duplicates).toBe(1);
    }
  },
);

test("batches with the same custom_ids and no input at hand keep all their lines", async () => {
  const { results, output, errors } = await collect({
    batches: [[text(good("a", "1"), good("b", "1"))], [text(good("b", "2")), text(bad("a"))]],
  });
  expect(output).toBe(text(good("a", "1"), good("b", "1"), good("b", "2")));
  expect(errors).toBe(text(bad("a")));
  expect(results).toMatchObject({
    counts: { total: 4, completed: 3, failed: 1 },
    duplicates: 0,
    unexpected: 0,
  });
});

test("an answer without a custom_id is counted as what it is written as", async () => {
  const { results, output, errors } = await collect({
    batches: [[text(good(undefined), good("a"))]],
  });
  const { completed, failed } = results.counts;
  expect(completed).toBe(output.trimEnd().split("\n").length);
  expect(failed).toBe(errors === "" ? 0 : errors.trimEnd().split("\n").length);
});

test("a byte order mark before a failed request's line is no reason to fail", async () => {
  const { results } = await collect({ batches: [[undefined, `\ufeff${text(bad("a"))}`]] });
  expect(results.failures).toEqual([
    { code: "invalid_value", count: 1, resendable: 0, examples: ["a"] },
  ]);
});

test("a byte order mark of a server's file does not get into the middle of ours", async () => {
  const { output } = await collect({
    batches: [[text(good("a"))], [`\ufeff${text(good("b"))}`]],
  });
  expect(output).toBe(text(good("a"), good("b")));
});

test.each([
  ["no final newline", `${good("b")}\n${good("a")}`],
  ["blank lines", `\n${good("b")}\n\n \n${good("a")}\n\n`],
  ["carriage returns", `${good("b")}\r\n${good("a")}\r\n`],
])("an output file with %s loses and glues nothing", async (_name, out) => {
  const { output } = await collect({ input: ["a", "b"], batches: [[out]] });
  expect(output.split("\n").map((line) => line.trimEnd())).toEqual([good("a"), good("b"), ""]);
});

test("empty result files say that nothing is known of any request", async () => {
  const call = collect({ input: ["a", "b"], batches: [["", ""]] });
  expect(await failureOf(call)).toMatchObject({ code: "result_unknown" });
});

test("20,000 shuffled lines come back in order", async () => {
  const ids = Array.from({ length: 20_000 }, (_, index) => `r${index}`);
  const order = ids.map((_, index) => ids[(index * 7_919) % ids.length] ?? "");
  const { results, output } = await collect({
    input: ids,
    batches: [[text(...order.map((id) => good(id, "é".repeat(id.length * 9))))]],
  });
  expect(results.counts).toEqual({ total: 20_000, completed: 20_000, failed: 0 });
  const found = output
    .split("\n")
    .slice(0, -1)
    .map((line) => absent(line).custom_id);
  expect(found).toEqual(ids);
});

test("a line of megabytes passes as it came", async () => {
  const long = good("a", "x".repeat(5_000_000));
  const { output } = await collect({ input: ["a", "b"], batches: [[text(good("b"), long)]] });
  expect(output === text(long, good("b"))).toBe(true);
});

test.each([
  ["429", bad("a", 429), true],
  ["408", bad("a", 408), true],
  ["500", bad("a", 500), true],
  ["503 with a code of its own", bad("a", 503, "overloaded"), true],
  [
    "status 0 (ellmer#830)",
    '{"custom_id":"a","response":{"status_code":0,"request_id":"","body":{}},"error":null}',
    true,
  ],
  ["status 0 and the server's reason", bad("a", 0), false],
  ["expired", never("a", "batch_expired"), true],
  ["cancelled", never("a", "batch_cancelled"), true],
  ["no line at all", "", true],
  ["400", bad("a", 400), false],
  ["401", bad("a", 401), false],
  ["404", bad("a", 404), false],
  ["an answer", good("a"), false],
])("a request with %s may be sent again: %o", async (_name, line, again) => {
  await using folder = await openFolder();
  await writeFile(folder.at("in.jsonl"), text(requestLine("a"), requestLine("b")));
  await writeFile(folder.at("out.jsonl"), text(good("b"), line));
  const scan = await scanInput(folder.at("in.jsonl"));
  const book = new ResultBook(scan);
  const reading = new BatchReading(book.states, scan);
  await reading.add(folder.at("out.jsonl"));
  book.take(reading);
  expect([...book.resendable()]).toEqual(again ? [0] : []);
});

test.each([
  ["failed", never("a", "server_error")],
  ["expired", never("a", "batch_expired")],
  ["not named", ""],
])(
  "a request that one batch may have answered is not sent again because it is %s in another",
  async (_name, line) => {
    await using folder = await openFolder();
    await writeFile(folder.at("in.jsonl"), text(requestLine("a"), requestLine("b")));
    await writeFile(folder.at("out.jsonl"), text(good("b"), line));
    const scan = await scanInput(folder.at("in.jsonl"));
    const book = new ResultBook(scan);
    const unknown = { state: "unknown", code: "result_unknown", message: "It is cut." } as const;
    book.absent([0], { ...unknown, state: unknown });
    const reading = new BatchReading(book.states, scan);
    await reading.add(folder.at("out.jsonl"));
    book.take(reading);
    book.absent(reading.unnamedOf([0, 1]), {
      state: { state: "missing" },
      code: "result_missing",
      message: "",
    });
    expect([...book.resendable()]).toEqual([]);
    expect(book.stateOf(0)).toEqual(unknown);
  },
);
