import { rmSync, writeFileSync } from "node:fs";

import { describe, expect, it, test } from "vitest";

import { APIError } from "../../../src/index.ts";
import { reply } from "../../support/raw-server.ts";
import {
  answerLine,
  type ContentCall,
  failedLine,
  idsIn,
  jsonl,
  type Ran,
  runAgainst,
  stream,
} from "./result-server.ts";

/** Nothing was paid again, and the results came in the end. */
function expectAll({ paid, results, output, errors }: Ran, requests = 3): void {
  expect(paid).toBe(1);
  expect(idsIn(output)).toEqual(Array.from({ length: requests }, (_, at) => `r${at + 1}`));
  expect(errors).toBe("");
  expect(results).toMatchObject({ problems: [], unknown: 0 });
}

/** Nothing was paid again, and the run says that it does not know. */
function expectProblem({ paid, results, error }: Ran): void {
  expect(paid).toBe(1);
  if (error === undefined) expect(results?.problems).not.toEqual([]);
  else expect(error).toBeInstanceOf(APIError);
}

describe("what is no result file is asked for again, and never paid for again", () => {
  const bodies = {
    "an error object": '{"error":{"message":"file is being prepared","code":"not_ready"}}',
    "a pretty one": JSON.stringify({ error: { message: "x", code: "y" } }, undefined, 2),
    "a link": '{"url":"https://files.example/out.jsonl"}',
    "a line of text": "upstream is starting up\n",
    "an empty object": "{}",
    nothing: "",
    "blank lines": "\n \n",
    "an array": "[]",
    "a web page": "<html><body>502</body></html>",
    "a cut line": answerLine("r1").slice(0, 40),
  };

  it.each(Object.entries(bodies))("%s, once", async (_name, text) => {
    const content = ({ count, whole, response }: ContentCall) =>
      response.end(count === 1 ? text : whole);
    expectAll(await runAgainst({ content }));
  });

  it.each(Object.entries(bodies))("%s, always", async (_name, text) => {
    const ran = await runAgainst({ content: ({ response }) => response.end(text) });
    expectProblem(ran);
    expect(ran.error).toMatchObject({ code: "result_unknown" });
    expect(ran.left).not.toContain("out.jsonl");
    // All that was downloaded on the way is gone.
    expect(ran.left).toEqual(["in.jsonl", "tmp"]);
  });
});

describe("a file that is cut at the end of a line", () => {
  const cut = (text: string) => `${text.split("\n").slice(0, 5).join("\n")}\n`;

  test("is fetched again where the file's length says that it is short", async () => {
    const content = ({ count, whole, response }: ContentCall) => {
      stream(response, count === 1 ? cut(whole) : whole);
    };
    expectAll(await runAgainst({ content }, { requests: 8 }), 8);
  });

  test("is fetched again where the batch's counts say that it is short", async () => {
    const show = () => ({ request_counts: { total: 8, completed: 8, failed: 0 } });
    const content = ({ count, whole, response }: ContentCall) => {
      stream(response, count === 1 ? cut(whole) : whole);
    };
    expectAll(await runAgainst({ content, show, bytes: () => undefined }, { requests: 8 }), 8);
  });

  test.each([
    ["the file is said to be longer", (whole: string) => whole.length],
    ["nothing says how long it is", () => undefined],
    ["its length is told as 0", () => 0],
  ])("is never trusted when %s", async (_name, bytes) => {
    const content = ({ whole, response }: ContentCall) => {
      stream(response, cut(whole));
    };
    const ran = await runAgainst({ content, bytes }, { requests: 8 });
    expectProblem(ran);
    // What came was paid for, and is written.
    expect(idsIn(ran.output)).toHaveLength(5);
    expect(ran.results?.failures).toEqual([
      { code: "result_unknown", count: 3, resendable: 0, examples: ["r6", "r7", "r8"] },
    ]);
    expect(ran.results?.unknown).toBe(3);
    expect(ran.errors).toContain("may have been answered and billed");
  });

  test("whose length the server names lacks what the server did not give", async () => {
    const results = (ids: readonly string[]) => ({
      output: jsonl(ids.filter((id) => id !== "r2").map((id) => answerLine(id))),
    });
    const ran = await runAgainst({
      results,
      content: ({ whole, response }) => {
        response.setHeader("content-length", Buffer.byteLength(whole));
        response.end(whole);
      },
    });
    // A complete file that does not name r2: it is sent again, in a second batch.
    expect(ran.paid).toBe(2);
  });
});

describe("files that are named late", () => {
  const unnamed = { output_file_id: null, error_file_id: null };

  test.each([
    ["without counts", {}],
    ["with counts", { request_counts: { total: 3, completed: 3, failed: 0 } }],
    ["with counts that are late too", { request_counts: { total: 3, completed: 0, failed: 0 } }],
  ])("are waited for, on a server %s", async (_name, counts) => {
    const counted = { total: 3, completed: 3, failed: 0 };
    const show = (look: number) =>
      look < 6 ? { ...counts, ...unnamed } : { request_counts: counted };
    expectAll(await runAgainst({ show }));
  });

  test("are waited for no longer than half a minute, and then unknown", async () => {
    const ran = await runAgainst({ show: () => unnamed });
    expectProblem(ran);
    expect(ran.pauses.filter((pause) => pause >= 1_000)).toEqual([
      1_000, 2_000, 4_000, 8_000, 15_000,
    ]);
    expect(ran.error).toHaveProperty(
      "message",
      expect.stringContaining("names no file of results"),
    );
  });

  test("are not waited for where the server says that nothing ran, which is sent again", async () => {
    const show = (_look: number, batch: number) =>
      batch > 0
        ? {}
        : {
            ...unnamed,
            status: "expired",
            request_counts: { total: 3, completed: 0, failed: 0 },
          };
    const ran = await runAgainst({ show });
    expect(ran.paid).toBe(2);
    expect(idsIn(ran.output)).toEqual(["r1", "r2", "r3"]);
  });

  test("of failures, beside answers that are there, are waited for", async () => {
    const request_counts = { total: 3, completed: 2, failed: 1 };
    const ran = await runAgainst({
      results: (ids) => ({
        output: jsonl(ids.slice(0, 2).map((id) => answerLine(id))),
        error: jsonl(ids.slice(2).map((id) => failedLine(id, 400, "invalid_value"))),
      }),
      show: (look) => ({ request_counts, ...(look < 4 ? { error_file_id: null } : {}) }),
    });
    expect(ran.paid).toBe(1);
    expect(idsIn(ran.output)).toEqual(["r1", "r2"]);
    expect(idsIn(ran.errors)).toEqual(["r3"]);
    expect(ran.results?.problems).toEqual([]);
  });
});

describe("content that is refused just after the end", () => {
  it.each([404, 400, 403, 425])("with %s is asked for again", async (status) => {
    const content = ({ count, whole, response }: ContentCall) => {
      if (count <= 2) reply(response, status, { error: { message: "The file is not ready yet" } });
      else response.end(whole);
    };
    expectAll(await runAgainst({ content }));
  });

  it.each([404, 400, 403, 425])("with %s for good is never paid for again", async (status) => {
    const content = ({ response }: ContentCall) => {
      reply(response, status, { error: { message: "no" } });
    };
    const ran = await runAgainst({ content });
    expectProblem(ran);
    expect(ran.error).toMatchObject({ status });
  });
});

describe("lines that cannot be set against a request", () => {
  const without = (id: string, other: string) => (ids: readonly string[]) => ({
    output: jsonl(ids.map((one) => (one === id ? other : answerLine(one)))),
  });

  it.each([
    ["without a custom_id", answerLine("r2", { custom_id: undefined })],
    ["with a custom_id of null", answerLine("r2", { custom_id: null })],
    ["with an id that the input does not have", answerLine("request-2")],
    ["that is cut in the middle", answerLine("r2").slice(0, 50)],
  ])("%s leave the request unknown", async (_name, line) => {
    const ran = await runAgainst({ results: without("r2", line) });
    expectProblem(ran);
    expect(idsIn(ran.output)).toEqual(["r1", "r3"]);
    expect(ran.results?.failures).toEqual([
      { code: "result_unknown", count: 1, resendable: 0, examples: ["r2"] },
    ]);
    // The line itself was paid for, and is kept.
    expect(ran.errors).toContain(line);
  });

  test("are no reason to doubt a file in which every request has its line", async () => {
    const results = (ids: readonly string[]) => ({
      output: jsonl([...ids, "stranger"].map((id) => answerLine(id))),
    });
    const ran = await runAgainst({ results });
    expect(ran.paid).toBe(1);
    expect(ran.results).toMatchObject({ problems: [], unexpected: 1, counts: { completed: 3 } });
  });
});

describe("answers in other servers' hands", () => {
  it.each<[string, (line: string) => string]>([
    ["NaN", (line) => line.replace('"stop"', '"stop","score":NaN')],
    ["a status that is a text", (line) => line.replace("200", '"200"')],
    ["an error with empty fields", (line) => line.replace("null", '{"code":"","message":""}')],
    ["zero bytes behind the line", (line) => `${line}\0\0`],
  ])("with %s are not paid for again", async (_name, change) => {
    const ran = await runAgainst({
      results: (ids) => ({ output: jsonl(ids.map((id) => change(answerLine(id)))) }),
    });
    expect(ran.paid).toBe(1);
    expect(ran.results?.counts).toEqual({ total: 3, completed: 3, failed: 0 });
    expect(ran.output).not.toContain("\0");
  });
});

test("requests that failed because a limit is spent are not sent again", async () => {
  const ran = await runAgainst({
    results: ([first = "", ...others]) => ({
      output: jsonl([answerLine(first)]),
      error: jsonl(others.map((id) => failedLine(id, 429, "insufficient_quota"))),
    }),
  });
  expect(ran.paid).toBe(1);
  expect(ran.results?.failures).toEqual([
    { code: "insufficient_quota", count: 2, resendable: 0, examples: ["r2", "r3"] },
  ]);
});

test("a request that is unknown after it was sent again is not told by its earlier failure", async () => {
  const ran = await runAgainst({
    results: (ids, batch) => ({
      output: jsonl(
        ids.map((id) => (id === "r2" ? failedLine(id, 503, "overloaded") : answerLine(id))),
      ),
      ...(batch > 0 && { output: "{}" }),
    }),
  });
  expect(ran.paid).toBe(2);
  expect(idsIn(ran.output)).toEqual(["r1", "r3"]);
  expect(ran.results?.failures).toEqual([
    { code: "result_unknown", count: 1, resendable: 0, examples: ["r2"] },
  ]);
  expect(ran.errors).not.toContain("overloaded");
  expect(idsIn(ran.errors)).toEqual(["r2"]);
});

describe("an input that changes while its batch runs", () => {
  const withoutR2 = (ids: readonly string[]) => ({
    output: jsonl(ids.filter((id) => id !== "r2").map((id) => answerLine(id))),
  });
  const request_counts = { total: 3, completed: 2, failed: 1 };

  it.each<[string, (path: string) => void]>([
    [
      "written over",
      (path) => {
        writeFileSync(path, "confidential walnut ".repeat(50));
      },
    ],
    [
      "written over with other requests",
      (path) => {
        writeFileSync(path, '{"custom_id":"walnut"}\n'.repeat(50));
      },
    ],
    [
      "deleted",
      (path) => {
        rmSync(path);
      },
    ],
  ])("costs a name at most: %s", async (_name, whileWaiting) => {
    const ran = await runAgainst(
      { results: withoutR2, show: () => ({ request_counts }) },
      { whileWaiting },
    );
    expect(ran.error).toBeUndefined();
    expect(idsIn(ran.output)).toEqual(["r1", "r3"]);
    expect(idsIn(ran.errors)).toEqual([]);
    expect(ran.results?.counts).toEqual({ total: 3, completed: 2, failed: 1 });
    expect(ran.results?.problems.join(" ")).toContain(
      "1 request without a result could not be named",
    );
    expect(JSON.stringify(ran)).not.toContain("alnut");
  });

  test("a request is named that the input still holds where it was", async () => {
    const ran = await runAgainst({ results: withoutR2, show: () => ({ request_counts }) });
    expect(idsIn(ran.errors)).toEqual(["r2"]);
  });
});
