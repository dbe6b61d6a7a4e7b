import {
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";

import { parse } from "csv-parse/sync";
import { describe, expect, it, test } from "vitest";

import { standingText } from "../../../src/batch/answers/standing-text.ts";
import type { Row, SourceRows } from "../../../src/batch/rows/source-rows.ts";
import {
  type Batch,
  type CollectedResults,
  type CollectOptions,
  collectResults,
  runBatch,
  scanInput,
} from "../../../src/index.ts";
import { clientFor, requestLines, rejectionOf } from "../../support/account.ts";
import { type Folder, openFolder, textOf } from "../../support/folder.ts";
import { answerLine, failedLine, jsonl, resultServer, stream } from "../results/result-server.ts";

/** A line whose answer is this text. */
const says = (id: string, content: string, fields: object = {}) =>
  answerLine(id, {
    response: {
      status_code: 200,
      body: {
        model: "own-model",
        choices: [{ finish_reason: "stop", message: { content }, ...fields }],
        usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
      },
    },
  });
const json = (id: string, value: unknown) => says(id, JSON.stringify(value));

/** A millionth of a dollar for each token. */
const prices = { "own-model": "1/1" };

const columns = [
  "custom_id",
  "answer",
  "problem",
  "message",
  "finish_reason",
  "model",
  "input_tokens",
  "cached_input_tokens",
  "output_tokens",
  "reasoning_tokens",
  "cost",
];

function rowsOf(rows: readonly Row[]): SourceRows {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return { columns, rowOf: (request) => rows[request] ?? {} };
}

interface Collecting extends CollectOptions {
  readonly lines: readonly string[];
  readonly errors?: readonly string[];
  readonly requests?: number;
  readonly rows?: readonly Row[];
  /** Of the batch as it is collected. */
  readonly batch?: Partial<Batch>;
}

/** Collects a batch of requests `r1`, `r2`, … whose files hold these lines. */
async function collect(
  folder: Folder,
  { lines, errors, requests, rows, batch, ...options }: Collecting,
): Promise<CollectedResults> {
  await using server = await resultServer({
    results: () => ({
      output: jsonl(lines),
      ...(errors === undefined ? {} : { error: jsonl(errors) }),
    }),
    show: () => ({ ...batch }),
  });
  const { client } = clientFor(server.url);
  const input = folder.at("in.jsonl");
  writeFileSync(input, requestLines(requests ?? lines.length));
  const scan = await scanInput(input);
  const { batches } = await runBatch(client, { input: scan });
  return await collectResults(client, batches, {
    input: { ...scan, rows: rows && rowsOf(rows) },
    temporaryFolder: folder.path,
    ...options,
  });
}

/** The cells of a CSV, the header first. */
const cellsIn = (text: string) => parse(text, { record_delimiter: "\r\n" });
const objectsIn = (text: string): readonly Readonly<Record<string, string>>[] =>
  parse(text, { columns: true });
const linesIn = (text: string) =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);

describe("a file of answers", () => {
  test("has a row for each request, in the order of the input, whatever became of it", async () => {
    await using folder = await openFolder();
    const answersFile = folder.at("out/answers.csv");
    const results = await collect(folder, {
      lines: [says("r3", "three"), says("r1", "one")],
      errors: [failedLine("r2", 400, "invalid_value")],
      requests: 4,
      answersFile,
      prices,
    });
    expect(results).toMatchObject({ answersFile, lines: { answers: 4 } });
    expect(cellsIn(await textOf(answersFile))).toEqual([
      columns,
      ["r1", "one", "", "", "stop", "own-model", "3", "0", "2", "0", "0.000005"],
      ["r2", "", "invalid_value", "no", "", "", "", "", "", "", ""],
      ["r3", "three", "", "", "stop", "own-model", "3", "0", "2", "0", "0.000005"],
      [
        "r4",
        "",
        "result_missing",
        "The server gave no result for this request.",
        ...Array<string>(7).fill(""),
      ],
    ]);
  });

  test("is in the order of the lines where that is asked for", async () => {
    await using folder = await openFolder();
    const answersFile = folder.at("answers.csv");
    const order = "completion";
    const lines = [says("r3", "three"), says("r1", "one"), json("r2", { b: 1, a: 2 })];
    await collect(folder, {
      lines,
      answersFile,
      order,
      rows: [{ n: "1" }, { n: "2" }, { n: "3" }],
    });
    const rows = objectsIn(await textOf(answersFile));
    expect(rows.map(({ n, custom_id: id }) => `${n} ${id}`)).toEqual(["3 r3", "1 r1", "2 r2"]);
  });

  test("is written without the input too, with what the server names", async () => {
    await using folder = await openFolder();
    const answersFile = folder.at("answers.jsonl");
    const lines = [says("b", "two"), says("a", "one"), "{broken"];
    await collect(folder, { lines, answersFile, input: undefined });
    expect(
      linesIn(await textOf(answersFile)).map(({ custom_id, answer, problem }) => [
        custom_id,
        answer,
        problem,
      ]),
    ).toEqual([
      ["b", "two", null],
      ["a", "one", null],
      [null, null, "unreadable_line"],
    ]);
  });

  test("in JSON lines has numbers as numbers, nothing as null, the row, and the answer in JSON", async () => {
    await using folder = await openFolder();
    const answersFile = folder.at("ANSWERS.JSONL");
    const lines = [
      says("r1", '{\n "id": 12345678901234567890 }'),
      says("r2", "prose"),
      failedLine("r3", 500, "x"),
    ];
    const rows = [{ city: "Bonn", size: 3 }, { city: "Rom" }, {}];
    await collect(folder, { lines, rows, answersFile, prices: { "own-model": "0/125000" } });
    const text = await textOf(answersFile);
    expect(linesIn(text)).toEqual([
      {
        row: { city: "Bonn", size: 3 },
        custom_id: "r1",
        answer: '{\n "id": 12345678901234567890 }',
        problem: null,
        message: null,
        finish_reason: "stop",
        model: "own-model",
        input_tokens: 3,
        cached_input_tokens: 0,
        output_tokens: 2,
        reasoning_tokens: 0,
        cost: 0.25,
        json: JSON.parse('{"id":12345678901234567890}') as unknown,
      },
      expect.objectContaining({ row: { city: "Rom" }, custom_id: "r2", json: null }),
      expect.objectContaining({
        row: {},
        custom_id: "r3",
        answer: null,
        input_tokens: null,
        cost: null,
      }),
    ]);
    // With all its digits, on one line.
    expect(text.split("\n")[0]).toContain('"json":{  "id": 12345678901234567890 }}');
  });
});

describe("the columns of a CSV", () => {
  test("begin with those of the rows, and end with the keys of answers in JSON as they appear", async () => {
    await using folder = await openFolder();
    const answersFile = folder.at("answers.csv");
    const lines = [
      json("r4", { b: 1, c: { d: [1] } }),
      says("r2", "prose"),
      json("r3", { c: null, a: "x,y" }),
      json("r1", { a: true, b: "" }),
      json("r5", [1, 2]),
      json("r6", {}),
    ];
    const rows = [
      { q: 'say "hi"' },
      { q: "a\nb", n: 7 },
      { q: "=1+1" },
      { q: " x " },
      {},
      { q: null },
    ];
    await collect(folder, { lines, rows, answersFile });
    const [header, ...cells] = cellsIn(await textOf(answersFile));
    expect(header).toEqual(["q", "n", ...columns, "answer.a", "answer.b", "answer.c"]);
    expect(cells.map((row) => [row[0], row[1], row[2], ...row.slice(-3)])).toEqual([
      ['say "hi"', "", "r1", "true", "", ""],
      ["a\nb", "7", "r2", "", "", ""],
      ["=1+1", "", "r3", "x,y", "", ""],
      [" x ", "", "r4", "", "1", '{"d":[1]}'],
      ["", "", "r5", "", "", ""],
      ["", "", "r6", "", "", ""],
    ]);
  });

  test("keep numbers of more digits than a double holds", async () => {
    await using folder = await openFolder();
    const answersFile = folder.at("answers.csv");
    const text = '{"id":12345678901234567890,"in":{"ids":[9007199254740993]},"n":1}';
    await collect(folder, { lines: [says("r1", text)], answersFile });
    expect(objectsIn(await textOf(answersFile))).toMatchObject([
      {
        answer: text,
        "answer.id": "12345678901234567890",
        "answer.in": '{"ids":[9007199254740993]}',
        "answer.n": "1",
      },
    ]);
  });

  test("of the rows that have a name of ours are named after the row", async () => {
    await using folder = await openFolder();
    const answersFile = folder.at("answers.csv");
    const row = {
      answer: "1",
      custom_id: "2",
      "row.answer": "3",
      "answer.x": "4",
      "answer.y": "5",
      Answer: "6",
    };
    await collect(folder, { lines: [json("r1", { x: 0 })], rows: [row], answersFile });
    const [header, cells] = cellsIn(await textOf(answersFile));
    expect(header?.slice(0, 6)).toEqual([
      "row.row.answer",
      "row.custom_id",
      "row.answer",
      "row.answer.x",
      "answer.y",
      "Answer",
    ]);
    expect(cells?.slice(0, 6)).toEqual(["1", "2", "3", "4", "5", "6"]);
    expect(new Set(header).size).toBe(header?.length);
  });

  test("are made of the results of a moderation, which are objects too", async () => {
    await using folder = await openFolder();
    const answersFile = folder.at("answers.csv");
    const body = { model: "m", results: [{ flagged: true, categories: { hate: false } }] };
    const line = answerLine("r1", { response: { status_code: 200, body } });
    await collect(folder, { lines: [line], answersFile });
    expect(objectsIn(await textOf(answersFile))).toMatchObject([
      { "answer.flagged": "true", "answer.categories": '{"hate":false}' },
    ]);
  });

  test("are at most a thousand for answers in JSON, which is told; nothing is lost", async () => {
    await using folder = await openFolder();
    const answersFile = folder.at("answers.csv");
    const answerOf = (index: number) =>
      Object.fromEntries(Array.from({ length: 15 }, (_, key) => [`k${index * 15 + key}`, key]));
    const lines = Array.from({ length: 70 }, (_, index) => json(`r${index + 1}`, answerOf(index)));
    const { keysLeftOut } = await collect(folder, { lines, answersFile });
    expect(keysLeftOut).toBe(4);
    const rows = objectsIn(await textOf(answersFile));
    expect(Object.keys(rows[0] ?? {})).toHaveLength(columns.length + 1_000);
    expect(rows[0]).toMatchObject({ "answer.k0": "0", "answer.k14": "14", "answer.k15": "" });
    expect(rows[65]).toMatchObject({ "answer.k0": "", "answer.k975": "0" });
    expect(rows[69]?.["answer"]).toBe(JSON.stringify(answerOf(69)));
  });

  test("hold no answer that another has replaced, and not its keys either", async () => {
    await using folder = await openFolder();
    const answersFile = folder.at("answers.csv");
    const lines = [json("r1", { first: 1 }), json("r1", { second: 2 })];
    const { duplicates } = await collect(folder, { lines, requests: 1, answersFile });
    expect(duplicates).toBe(1);
    const [row = {}] = objectsIn(await textOf(answersFile));
    expect(row).toMatchObject({ "answer.first": "1" });
    expect(Object.keys(row)).not.toContain("answer.second");
  });

  test("end their rows as RFC 4180 has it, without a mark at the start", async () => {
    await using folder = await openFolder();
    const answersFile = folder.at("answers.csv");
    const lines = [says("r1", "ä\rb"), says("r2", 'c "d"')];
    await collect(folder, { lines, answersFile, prices });
    const [first, second, third, rest] = readFileSync(answersFile, "utf8").split("\r\n");
    expect(first).toBe(columns.join(","));
    expect(second).toBe('r1,"ä\rb",,,stop,own-model,3,0,2,0,0.000005');
    expect(third).toBe('r2,"c ""d""",,,stop,own-model,3,0,2,0,0.000005');
    expect(rest).toBe("");
  });

  test("have a cost without an exponent", async () => {
    await using folder = await openFolder();
    const answersFile = folder.at("answers.csv");
    const prices = { "own-model": "0/0.125" };
    await collect(folder, { lines: [says("r1", "x")], answersFile, prices });
    expect(objectsIn(await textOf(answersFile))).toMatchObject([{ cost: "0.00000025" }]);
  });
});

describe("a file of answers appears whole, or not at all", () => {
  test("together with the others", async () => {
    await using folder = await openFolder();
    const [outputFile, answersFile] = [folder.at("out.jsonl"), folder.at("full.csv")];
    symlinkSync("/dev/full", answersFile);
    writeFileSync(outputFile, "old\n");
    const error = await rejectionOf(
      collect(folder, { lines: [says("r1", "x"), says("r2", "y")], outputFile, answersFile }),
    );
    expect(String(error)).toMatch(/could not be written to .*full\.csv: ENOSPC/);
    expect(await folder.list()).toEqual(["full.csv", "in.jsonl", "out.jsonl"]);
    expect(await textOf(outputFile)).toBe("old\n");
  });

  test("through a link, which stays", async () => {
    await using folder = await openFolder();
    writeFileSync(folder.at("real.csv"), "old");
    symlinkSync("real.csv", folder.at("link.csv"));
    await collect(folder, { lines: [says("r1", "x")], answersFile: folder.at("link.csv") });
    expect(lstatSync(folder.at("link.csv")).isSymbolicLink()).toBe(true);
    expect(objectsIn(await textOf(folder.at("real.csv")))).toMatchObject([{ answer: "x" }]);
  });

  test("and nothing is left of what was kept for it, which nobody else could read", async () => {
    await using folder = await openFolder();
    const seen: number[] = [];
    await collect(folder, {
      lines: [says("r1", "x".repeat(2_000_000)), says("r2", "y".repeat(400_000))],
      answersFile: folder.at("answers.csv"),
      onEvent: ({ type }) => {
        if (type !== "downloaded") return;
        for (const name of readdirSync(folder.path)) {
          if (name.endsWith(".part")) seen.push(statSync(folder.at(name)).mode & 0o777);
        }
      },
    });
    expect(seen).toEqual([0o600]);
    expect(await folder.list()).toEqual(["answers.csv", "in.jsonl"]);
  });

  test("also where the results come whole only at the second try", async () => {
    await using folder = await openFolder();
    const lines = [says("r1", "one"), json("r2", { a: 1 })];
    let looks = 0;
    await using server = await resultServer({
      results: () => ({ output: jsonl(lines) }),
      content: ({ count, whole, response }) => {
        looks = count;
        stream(response, count === 1 ? whole.slice(0, whole.indexOf("\n") + 1) : whole);
      },
    });
    const { client } = clientFor(server.url);
    writeFileSync(folder.at("in.jsonl"), requestLines(2));
    const { results } = await runBatch(client, {
      input: folder.at("in.jsonl"),
      answersFile: folder.at("answers.csv"),
      temporaryFolder: folder.path,
    });
    expect([looks, results?.lines.answers]).toEqual([2, 2]);
    const rows = objectsIn(await textOf(folder.at("answers.csv")));
    expect(rows.map(({ answer }) => answer)).toEqual(["one", '{"a":1}']);
    expect(await folder.list()).toEqual(["answers.csv", "in.jsonl"]);
  });
});

describe("a file of answers that is not to be", () => {
  it.each([
    ["answers.txt", /The answers file .*answers\.txt has to end in \.csv or \.jsonl/],
    ["answers", /has to end in \.csv or \.jsonl/],
    ["in.jsonl", /The answers file and the input file are the same file/],
    ["out.jsonl", /The answers file and the output file are the same file/],
  ])("is refused before anything is paid: %s", async (name, message) => {
    await using folder = await openFolder();
    await using server = await resultServer({});
    writeFileSync(folder.at("in.jsonl"), requestLines(1));
    const error = await rejectionOf(
      runBatch(clientFor(server.url).client, {
        input: folder.at("in.jsonl"),
        outputFile: folder.at("out.jsonl"),
        answersFile: folder.at(name),
      }),
    );
    expect(String(error)).toMatch(message);
    expect(server.requests).toEqual([]);
  });
});

describe("answers of several batches and rounds", () => {
  test("are merged; a request has one row", async () => {
    await using folder = await openFolder();
    const results = [
      {
        output: jsonl([json("r2", { a: 1 })]),
        error: jsonl([failedLine("r1", 500, "server_error")]),
      },
      { output: jsonl([says("r3", "three")]) },
      { output: jsonl([json("r1", { b: 2 })]) },
    ];
    await using server = await resultServer({ results: (_, batch) => results[batch] ?? {} });
    writeFileSync(folder.at("in.jsonl"), requestLines(3));
    await runBatch(clientFor(server.url).client, {
      input: folder.at("in.jsonl"),
      limits: { maxRequests: 2 },
      answersFile: folder.at("answers.csv"),
      retryFailed: 1,
    });
    const rows = cellsIn(await textOf(folder.at("answers.csv")));
    expect(rows.map((row) => [row[0], row[1], row[2], ...row.slice(columns.length)])).toEqual([
      ["custom_id", "answer", "problem", "answer.b", "answer.a"],
      ["r1", '{"b":2}', "", "2", ""],
      ["r2", '{"a":1}', "", "", "1"],
      ["r3", "three", "", "", ""],
    ]);
  });
});

describe("answers that are rejected", () => {
  const cut = { finish_reason: "length" };

  test("count as failed, go to the error file, keep their tokens, and are not paid for again", async () => {
    await using folder = await openFolder();
    await using server = await resultServer({
      results: () => ({
        output: jsonl([says("r1", "one"), says("r2", "tw", cut), says("r3", "")]),
      }),
    });
    writeFileSync(folder.at("in.jsonl"), requestLines(3));
    const [outputFile, errorFile] = [folder.at("out.jsonl"), folder.at("err.jsonl")];
    const answersFile = folder.at("answers.csv");
    const { results } = await runBatch(clientFor(server.url).client, {
      input: folder.at("in.jsonl"),
      ...{ outputFile, errorFile, answersFile, retryFailed: 2 },
      rejectAnswers: ["truncated"],
    });
    expect(
      server.requests.filter(({ method, url }) => `${method} ${url}` === "POST /v1/batches"),
    ).toHaveLength(1);
    expect(results).toMatchObject({
      counts: { total: 3, completed: 2, failed: 1 },
      failures: [{ code: "truncated", count: 1, examples: ["r2"] }],
      unusable: [
        { problem: "truncated", count: 1, rejected: true, examples: ["r2"] },
        { problem: "empty", count: 1, rejected: false, examples: ["r3"] },
      ],
      usage: { input: 9, output: 6 },
    });
    expect(await textOf(errorFile)).toBe(`${says("r2", "tw", cut)}\n`);
    expect(objectsIn(await textOf(answersFile))).toMatchObject([
      { custom_id: "r1", answer: "one", problem: "" },
      { custom_id: "r2", answer: "tw", problem: "truncated" },
      { custom_id: "r3", answer: "", problem: "empty" },
    ]);
  });

  test("are counted without any file", async () => {
    await using folder = await openFolder();
    const { counts, unusable } = await collect(folder, {
      lines: [says("r1", "x", cut), says("r2", "y", cut)],
      rejectAnswers: ["truncated"],
    });
    expect(counts).toEqual({ total: 2, completed: 0, failed: 2 });
    expect(unusable).toMatchObject([{ count: 2, rejected: true }]);
  });

  test("give way to a good answer, and not to a failure that might be sent again", async () => {
    await using folder = await openFolder();
    const { counts, failures } = await collect(folder, {
      lines: [says("r1", "x", cut), says("r1", "good"), says("r2", "y", cut)],
      errors: [failedLine("r2", 500, "server_error")],
      requests: 2,
      rejectAnswers: ["truncated"],
    });
    expect(counts).toEqual({ total: 2, completed: 1, failed: 1 });
    expect(failures).toMatchObject([{ code: "truncated" }]);
  });
});

test("that JSON was asked for is known from the request", async () => {
  await using folder = await openFolder();
  const request = (custom_id: string, body: object) =>
    JSON.stringify({
      custom_id,
      method: "POST",
      url: "/v1/chat/completions",
      body: { model: "m", ...body },
    });
  writeFileSync(
    folder.at("in.jsonl"),
    jsonl([
      request("plain", { messages: [] }),
      request("object", { response_format: { type: "json_object" } }),
      request("schema", { response_format: { type: "json_schema" } }),
      request("text", { response_format: { type: "text" } }),
      request("response", { text: { format: { type: "json_schema" } } }),
    ]),
  );
  const ids = ["plain", "object", "schema", "text", "response"];
  await using server = await resultServer({
    results: () => ({ output: jsonl(ids.map((id) => says(id, "Sorry."))) }),
  });
  const { results } = await runBatch(clientFor(server.url).client, {
    input: folder.at("in.jsonl"),
    outputFile: folder.at("out.jsonl"),
    idempotencyKey: undefined,
  });
  expect(results?.unusable).toEqual([
    { problem: "not-json", count: 3, rejected: false, examples: ["object", "schema", "response"] },
  ]);
});

describe("a text that stands in its line as it is", () => {
  const long = "All work and no play. ".repeat(40).trim();
  const texts: readonly string[] = [
    long,
    `${long}, with a comma`,
    `${long} äöü 😀`,
    `${long} "quoted"`,
    `${long}\nin two lines`,
    `${long} \\ back`,
    long.slice(0, 300),
    // As the start of another text in the line.
    long.slice(0, 280),
  ];
  const twice = (id: string, content: string) =>
    says(id, content).replace('"custom_id"', `"note":${JSON.stringify(long)},"custom_id"`);

  it.each([".csv", ".jsonl"])("is copied from there, byte for byte (%s)", async (extension) => {
    for (const outputFile of [undefined, "out.jsonl"]) {
      await using folder = await openFolder();
      const answersFile = folder.at(`answers${extension}`);
      const ids = [...texts.keys()].map((index) => `r${index + 1}`);
      const lines = texts.map((content, index) =>
        (index % 2 ? says : twice)(ids[index] ?? "", content),
      );
      await collect(folder, {
        lines,
        answersFile,
        outputFile: outputFile && folder.at(outputFile),
        temporaryFolder: folder.at("tmp"),
      });
      const written = await textOf(answersFile);
      const rows = extension === ".csv" ? objectsIn(written) : linesIn(written);
      expect(rows.map(({ custom_id: id, answer, model }) => [id, answer, model])).toEqual(
        texts.map((content, index) => [ids[index], content, "own-model"]),
      );
    }
  });

  it("is found only where it is the whole text", () => {
    const standing = (line: string, text: string, escapes = false) =>
      standingText(text, { line, length: Buffer.byteLength(line), escapes });
    expect(standing(`{"a":"${long}"}`, long)).toEqual({ start: 6, end: 6 + long.length });
    expect(standing(`{"a":"${long}x"}`, long)).toBeUndefined();
    expect(standing(`{"a":"${long}`, long)).toBeUndefined();
    expect(standing(`{"a":"${long}\\n"}`, `${long}\n`)).toBeUndefined();
    expect(standing(`{"a":"${long}\\u00e4"}`, `${long}ä`)).toBeUndefined();
    expect(standing(`{"a":"${long}ä"}`, `${long}ä`)).toEqual({ start: 6, end: 8 + long.length });
    expect(standing(`{"ä":"${long}"}`, long)).toEqual({ start: 7, end: 7 + long.length });
    expect(standing(`{"a":"${long}","b":""}`, `${long}","b":"`)).toBeUndefined();
    const escaped = { start: 6, end: 8 + long.length };
    expect(standing(`{"a":"${long}\\n"}`, `${long}\n`, true)).toEqual(escaped);
    expect(standing(`{"a":"${long}\\u000a"}`, `${long}\n`, true)).toBeUndefined();
    expect(standing(`{"a":"${long}\\\\"}`, `${long}\\`, true)).toEqual(escaped);
    expect(standing(`{"a":"${long}\ufffd"}`, `${long}\ufffd`)).toBeUndefined();
  });
});

test("an id that CSV has to quote stands before a text that is copied", async () => {
  await using folder = await openFolder();
  const answersFile = folder.at("answers.csv");
  const long = "words, and words ".repeat(30);
  const ids = ['a "b"', "c,d", '"', '",,', "", "e\nf", '",'];
  await collect(folder, { lines: ids.map((id) => says(id, long)), answersFile, input: undefined });
  expect(
    objectsIn(await textOf(answersFile)).map((row) => [row["custom_id"], row["answer"]]),
  ).toEqual(ids.map((id) => [id, long]));
});
