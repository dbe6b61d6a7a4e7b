import { describe, expect, it } from "vitest";
import type { OperationName } from "../../src/action/inputs.ts";
import { InputError } from "../../src/action/inputs.ts";
import { reportOf } from "../../src/action/outputs.ts";
import { errorSummary, summaryOf } from "../../src/action/summary.ts";
import type { SummaryContext } from "../../src/action/summary/context.ts";
import type { Facts } from "../../src/action/facts.ts";
import { APIError } from "../../src/api/errors.ts";
import type { Batch } from "../../src/api/types.ts";
import type { CollectedResults } from "../../src/batch/results.ts";
import { expectNoMarkup, readMarkdown } from "../support/markdown.ts";
import { batchOf } from "./batch.ts";

const mebibyte = 1_024 * 1_024;
const at = Date.UTC(2026, 0, 1) / 1000;
const now = (at + 3_600) * 1000;

function contextOf(
  batches: readonly Batch[],
  fields: Partial<SummaryContext> & { readonly results?: CollectedResults } = {},
): SummaryContext {
  const { results, ...rest } = fields;
  return {
    report: reportOf(batches, { results }),
    operation: "run",
    makes: true,
    baseURL: "https://api.openai.com/v1",
    now,
    facts: factsOf(),
    origins: new Map(),
    failure: undefined,
    ...rest,
  };
}

function factsOf(fields: Partial<Facts> = {}): Facts {
  return { adopted: new Set(), requests: new Map(), rounds: new Map(), ...fields };
}

function resultsOf(fields: Partial<CollectedResults> = {}): CollectedResults {
  return {
    counts: { total: 4, completed: 3, failed: 1 },
    failures: [{ code: "rate_limit_exceeded", count: 1, resendable: 1, examples: ["r1"] }],
    usage: { input: 1_000, output: 200, total: 1_200, cachedInput: 0, reasoning: 0 },
    usageByModel: [],
    cachedByModel: [],
    batches: [],
    unexpected: 0,
    unknown: 0,
    files: new Map(),
    lines: { output: 3, error: 1, answers: 0 },
    duplicates: 0,
    problems: [],
    outputFile: "/w/out.jsonl",
    errorFile: "/w/err.jsonl",
    answersFile: undefined,
    unusable: [],
    keysLeftOut: 0,
    ...fields,
  };
}

const usage = {
  input_tokens: 1_000,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: 200,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 1_200,
};
const times = {
  created_at: at,
  in_progress_at: at + 60,
  finalizing_at: at + 600,
  completed_at: at + 660,
};

describe("answers that cannot be used", () => {
  it("are shown by what is wrong with them, with a few ids and what to change", () => {
    const unusable = [
      { problem: "truncated", count: 1_200, rejected: true, examples: ["r1", "r2", "r3"] },
      { problem: "not-json", count: 1, rejected: false, examples: ["<b>"] },
    ] as const;
    const results = resultsOf({ failures: [], unusable, answersFile: "/w/answers.csv" });
    const read = expectNoMarkup(summaryOf(contextOf([batchOf(times)], { results })));
    expect(read.text).toContain("**1,201 unusable**");
    expect(read.tables.at(-1)?.map((row) => row.slice(0, 4))).toEqual([
      ["Unusable answers", "Count", "Rejected", "For example"],
      ["truncated", "1,200", "yes", "r1, r2, r3, …"],
      ["not-json", "1", "no", "<b>"],
    ]);
    expect(read.tables.at(-1)?.[1]?.[4]).toContain("max_completion_tokens");
    expect(read.items).toContain("0 rows of answers: /w/answers.csv");
  });

  it("have a failed request's advice where they are rejected", () => {
    const failures = [{ code: "refused", count: 1, resendable: 0, examples: [] }];
    const read = expectNoMarkup(
      summaryOf(contextOf([batchOf(times)], { results: resultsOf({ failures }) })),
    );
    expect(read.tables.at(-1)?.[1]?.[3]).toMatch(/^The model refused/);
  });
});

it("a cost is not known where nobody has told the model, whatever the requests name", () => {
  const cost = { cost: undefined, listCost: undefined, unpriced: ["tiny", ""], source: "a list" };
  const { text } = readMarkdown(summaryOf(contextOf([batchOf()], { cost })));
  expect(text).toContain("cost not known (no price for tiny and answers that name no model)");
});

it("requests that were not sent or have not come to an end are not called failed", () => {
  const failures = [
    { code: "not_sent", count: 3, resendable: 0, examples: ["r2"] },
    { code: "http_500", count: 1, resendable: 1, examples: ["r1"] },
  ];
  const { tables } = readMarkdown(
    summaryOf(contextOf([batchOf()], { results: resultsOf({ failures }) })),
  );
  expect(tables.slice(1).map((rows) => rows.map((row) => row.slice(0, 2)))).toEqual([
    [
      ["Failed requests", "Count"],
      ["http_500", "1"],
    ],
    [
      ["Open requests", "Count"],
      ["not_sent", "3"],
    ],
  ]);
});

it("failures are called transient where a retry round takes them, whatever their code is", () => {
  const failures = [
    { code: "overloaded", count: 3, resendable: 2, examples: ["r1"] },
    { code: "invalid_value", count: 1, resendable: 0, examples: ["r4"] },
    { code: "batch_cancelled", count: 1, resendable: 1, examples: ["r5"] },
  ];
  const counts = { total: 9, completed: 4, failed: 5 };
  const { items } = readMarkdown(
    summaryOf(contextOf([batchOf()], { results: resultsOf({ failures, counts }) })),
  );
  expect(items.join("\n")).toContain("2 of 5 failures are transient");
});

it("requests of a batch that failed as a whole are not called transient: no retry round takes them", () => {
  const failed = batchOf({
    status: "failed",
    errors: { data: [{ code: "server_error", message: "Sorry." }] },
  });
  const failures = [{ code: "server_error", count: 4, resendable: 0, examples: ["r1"] }];
  const { tables, items } = readMarkdown(
    summaryOf(contextOf([failed], { results: resultsOf({ failures }) })),
  );
  expect([...tables.flat(2), ...items].join("\n")).not.toContain("retry-failed");
});

describe("the summary of one batch", () => {
  it("has a row with what the lines told, the failures, and what to do next", () => {
    const batch = batchOf({ ...times, model: "gpt-5-mini" });
    const read = expectNoMarkup(summaryOf(contextOf([batch], { results: resultsOf() })));
    expect(read.headings).toEqual(["⚠️ OpenAI batch: partial"]);
    expect(read.text).toContain(
      "4 requests · 3 answered · **1 failed** · 1,200 tokens (1,000 in, 200 out) · gpt-5-mini · /v1/chat/completions",
    );
    expect(read.tables).toEqual([
      [
        ["Batch", "Status", "Requests", "Failed", "Tokens", "Duration", "Reused"],
        [
          "[batch_1](https://platform.openai.com/batches/batch_1)",
          "✅ completed",
          "4",
          "1",
          "1,200",
          "11 min",
          "no",
        ],
      ],
      [
        ["Failed requests", "Count", "For example", "What to do"],
        ["rate_limit_exceeded", "1", "r1", expect.stringContaining("retry-failed: 1")],
      ],
    ]);
    expect(read.items).toEqual([
      expect.stringContaining(
        "1 of 1 failure is transient: operation: run sends such requests again within the step, in as many rounds as retry-failed allows.",
      ),
      "3 answers: /w/out.jsonl",
      "1 failed request: /w/err.jsonl",
      expect.stringContaining("actions/upload-artifact"),
    ]);
  });

  it("has a chart of its phases", () => {
    const { charts } = expectNoMarkup(summaryOf(contextOf([batchOf(times)])));
    expect(charts[0]?.slice(2)).toEqual([
      "    title When (UTC)",
      "    dateFormat YYYY-MM-DD HH:mm:ss",
      "    axisFormat %H:%M",
      "    section batch_1",
      "    validating 1 min :done, 2026-01-01 00:00:00, 2026-01-01 00:01:00",
      "    in progress 9 min :done, 2026-01-01 00:01:00, 2026-01-01 00:10:00",
      "    finalizing 1 min :done, 2026-01-01 00:10:00, 2026-01-01 00:11:00",
    ]);
  });

  it.each<[string, Partial<Batch>, RegExp]>([
    ["runs", { status: "in_progress", in_progress_at: at + 60 }, /in progress 59 min :active/],
    ["expired", { status: "expired", in_progress_at: at + 60, expired_at: at + 90 }, /30 s :crit/],
  ])("that %s shows so in the chart", (_, fields, line) => {
    const { charts } = readMarkdown(summaryOf(contextOf([batchOf({ created_at: at, ...fields })])));
    expect(charts.flat().join("\n")).toMatch(line);
  });

  it("has no chart of less than a second", () => {
    const made = batchOf({ status: "validating", created_at: now / 1000 - 0.5 });
    expect(readMarkdown(summaryOf(contextOf([made]))).charts).toEqual([]);
  });

  it("has no chart where the server names no times", () => {
    expect(readMarkdown(summaryOf(contextOf([batchOf({ created_at: 0 })]))).charts).toEqual([]);
  });

  it.each([
    ["https://api.openai.com/v1", "batch_1", true],
    ["https://api.openai.com.evil.example/v1", "batch_1", false],
    ["http://127.0.0.1:1/v1", "batch_1", false],
    ["https://api.openai.com/v1", "batch_1)[x](https://evil.example", false],
    ["https://api.openai.com/v1", "../settings", false],
  ])("links to its page only on the official server: %s %s", (baseURL, id, linked) => {
    const read = expectNoMarkup(summaryOf(contextOf([batchOf({ id })], { baseURL })));
    expect(read.links).toEqual(linked ? [`https://platform.openai.com/batches/${id}`] : []);
  });

  it("counts a rejected answer in its row also beside answers from the cache", () => {
    const batch = batchOf({ request_counts: { total: 2, completed: 2, failed: 0 } });
    const rowOf = (cached: number) => {
      const results = resultsOf({ counts: { total: 5, completed: 4, failed: 1 } });
      const report = reportOf([batch], { results, cached });
      return readMarkdown(summaryOf({ ...contextOf([batch]), report })).tables[0]?.[1]?.slice(2, 4);
    };
    expect(rowOf(3)).toEqual(["2", "1"]);
    // It was made before the cache had some of its answers, so its own failures are not known.
    expect(rowOf(4)).toEqual(["2", "0"]);
  });

  it("says whether it was reused, and nothing of it where no batch is made", () => {
    const facts = factsOf({ adopted: new Set(["batch_1"]) });
    const adopted = readMarkdown(summaryOf(contextOf([batchOf()], { facts })));
    expect(adopted.tables[0]?.map((row) => row.at(-1))).toEqual(["Reused", "yes"]);
    const waited = readMarkdown(
      summaryOf(contextOf([batchOf()], { operation: "wait", makes: false })),
    );
    expect(waited.tables[0]?.[0]).not.toContain("Reused");
    const given = readMarkdown(summaryOf(contextOf([batchOf()], { makes: false })));
    expect(given.tables[0]?.[0]).not.toContain("Reused");
  });
});

describe("the errors of a batch that failed", () => {
  const error = { code: "invalid_json_line", message: "Not JSON.", line: 7 };
  const other = { code: "invalid_json_line", message: "Not JSON either.", line: 9 };
  const failed = batchOf({ status: "failed", errors: { data: [error, other, {}] } });

  it("are grouped by code, with places, the server's words and what to do", () => {
    const origins = new Map([[error, { file: "requests.jsonl", line: 12 }]]);
    const read = expectNoMarkup(summaryOf(contextOf([failed], { origins, failure: "It failed." })));
    expect(read.tables[1]?.slice(1)).toEqual([
      [
        "invalid_json_line",
        "2",
        "requests.jsonl:12, line 9",
        "Not JSON.",
        expect.stringContaining("one whole JSON object"),
      ],
      ["error", "1", "", "", expect.stringContaining("Fix what the server names")],
    ]);
    expect(read.text).toContain("> [!CAUTION]\n> It failed.");
    expect(read.items[0]).toContain("Fix what the server found");
  });

  it("name a place in a long path by its end", () => {
    const file = `${"folder/".repeat(40)}requests.jsonl`;
    const origins = new Map([[error, { file, line: 12 }]]);
    expect(summaryOf(contextOf([failed], { origins }))).toContain("/requests.jsonl:12</code>");
  });
});

describe("the summary of several batches", () => {
  it("is one table with a row of sums", () => {
    const counts = { total: 10, completed: 9, failed: 1 };
    const batches = [
      batchOf({ ...times, id: "batch_1", request_counts: counts, usage }),
      batchOf({ ...times, id: "batch_2", request_counts: counts, usage, completed_at: at + 1_200 }),
      batchOf({ id: "batch_3", created_at: 0 }),
    ];
    const facts = factsOf({ adopted: new Set(["batch_2"]), requests: new Map([["batch_3", 5]]) });
    const { tables, headings } = expectNoMarkup(summaryOf(contextOf(batches, { facts })));
    expect(headings).toEqual(["⚠️ OpenAI batches: partial"]);
    expect(tables[0]?.slice(1).map((row) => row.slice(2))).toEqual([
      ["10", "1", "1,200", "11 min", "no"],
      ["10", "1", "1,200", "20 min", "yes"],
      ["5", "", "", "", "no"],
      ["**20**", "**2**", "**2,400**", "**20 min**", "**1**"],
    ]);
  });

  it("has a column for the round where requests were sent again, and says what the last row counts", () => {
    const batches = [
      batchOf({ request_counts: { total: 10, completed: 8, failed: 2 } }),
      batchOf({ id: "batch_2", request_counts: { total: 2, completed: 2, failed: 0 } }),
    ];
    const facts = factsOf({
      rounds: new Map([
        ["batch_1", 0],
        ["batch_2", 1],
      ]),
    });
    const { tables, text } = readMarkdown(summaryOf(contextOf(batches, { facts })));
    expect(tables[0]?.[0]?.slice(0, 4)).toEqual(["Batch", "Round", "Status", "Requests"]);
    expect(tables[0]?.slice(1).map((row) => row[1])).toEqual(["1", "2", ""]);
    expect(text).toContain("The last row counts each request once");
  });

  it("names each of the files that were written, a few where they are many", () => {
    const itemOf = (files: number) => {
      const paths = Array.from({ length: files }, (_, at) => `/w/${at}.csv`).join("\n");
      const lines = { output: 0, error: 0, answers: 9 };
      const results = resultsOf({ lines, answersFile: paths, errorFile: undefined });
      return readMarkdown(summaryOf(contextOf([batchOf()], { results }))).items;
    };
    expect(itemOf(2)).toContain("9 rows of answers: /w/0.csv, /w/1.csv");
    expect(itemOf(9)).toContain(
      "9 rows of answers: /w/0.csv, /w/1.csv, /w/2.csv, /w/3.csv, /w/4.csv and 4 more",
    );
  });

  it("claims nothing of results that the server names and nobody has fetched", () => {
    const batch = batchOf({ output_file_id: "file-out" });
    const { items } = readMarkdown(summaryOf(contextOf([batch])));
    expect(items).toEqual([
      "The server names result files that were not fetched: operation: wait with output-file and error-file fetches them (batch-id: batch_1).",
    ]);
  });

  it("says why its rows do not add up where the lines say other than the server, and only there", () => {
    const request_counts = { total: 2, completed: 2, failed: 0 };
    const batches = [batchOf({ request_counts }), batchOf({ id: "batch_2", request_counts })];
    const textOf = (failed: number) => {
      const counts = { total: 4, completed: 4 - failed, failed };
      return readMarkdown(summaryOf(contextOf(batches, { results: resultsOf({ counts }) }))).text;
    };
    const note = "The rows go by the server's counts, the last one by the result lines.";
    expect(textOf(1)).toContain(note);
    expect(textOf(0)).not.toContain(note);
  });

  it("has no such column where there was one round", () => {
    const batches = [batchOf(), batchOf({ id: "batch_2" })];
    const facts = factsOf({ rounds: new Map([["batch_1", 0]]) });
    const { tables, text } = readMarkdown(summaryOf(contextOf(batches, { facts })));
    expect(tables[0]?.[0]?.slice(0, 2)).toEqual(["Batch", "Status"]);
    expect(text).not.toContain("The last row");
  });

  it("says of one that a later round made up for that it was sent again", () => {
    const batches = [batchOf({ status: "expired" }), batchOf({ id: "batch_2" })];
    const report = reportOf(batches, { superseded: new Set(["batch_1"]) });
    expect(summaryOf({ ...contextOf([]), report })).toContain("expired (sent again)");
  });

  it("shows first those that did not just complete where there are too many for a table", () => {
    const batches = Array.from({ length: 300 }, (_, index) =>
      batchOf({ id: `batch_${index}`, status: index === 299 ? "expired" : "completed" }),
    );
    const { tables, text } = readMarkdown(summaryOf(contextOf(batches)));
    expect(tables[0]?.[1]?.[0]).toContain("batch_299");
    expect(tables[0]).toHaveLength(202);
    expect(text).toContain("… and 100 batches more");
  });
});

describe("what to do next", () => {
  const running = batchOf({ status: "in_progress" });
  const withFiles = batchOf({ output_file_id: "file-2" });

  it.each<[string, OperationName, Batch, readonly string[]]>([
    ["create", "create", running, ["Wait for it, ", "operation: cancel"]],
    ["a wait whose time was up", "wait", running, ["Go on waiting, ", "operation: cancel"]],
    ["cancel", "cancel", batchOf({ status: "cancelling" }), ["operation: retrieve"]],
    ["a retrieve without files", "retrieve", withFiles, ["operation: retrieve with output-file"]],
    ["a wait without files", "wait", withFiles, ["operation: wait with output-file"]],
    ["a cancel that came too late", "cancel", withFiles, ["operation: retrieve with output-file"]],
    ["a batch without results", "retrieve", batchOf(), []],
    ["list", "list", running, []],
  ])("is said after %s", (_, operation, batch, told) => {
    const { items } = expectNoMarkup(summaryOf(contextOf([batch], { operation })));
    expect(items).toHaveLength(told.length);
    for (const [index, text] of told.entries()) {
      expect(items[index]).toContain(text);
      expect(items[0]).toContain("batch_1");
    }
  });

  it("names the output where there are too many ids to list", () => {
    const many = Array.from({ length: 20 }, (_, index) => ({ ...running, id: `batch_${index}` }));
    const { items } = readMarkdown(summaryOf(contextOf(many, { operation: "create" })));
    expect(items[0]).toContain("the batch-id output of this step");
  });
});

describe("the summary of a list", () => {
  it("is the table alone", () => {
    const read = expectNoMarkup(summaryOf(contextOf([batchOf(times)], { operation: "list" })));
    expect(read.headings).toEqual(["OpenAI batches: 1 listed"]);
    expect(read.charts).toEqual([]);
  });

  it("of nothing says so", () => {
    expect(summaryOf(contextOf([], { operation: "list" }))).toBe("### OpenAI batches: 0 listed\n");
  });
});

describe("the summary of a step that ended on an error", () => {
  it("is a box with what went wrong and what to do, and what to name to the server's support", () => {
    const error = new APIError("GET /batches was answered with 401. Check the API key.", {
      status: 401,
      code: "invalid_api_key",
      requestID: "req_1",
    });
    const text = errorSummary(error, error.message);
    expectNoMarkup(text);
    expect(text).toContain(
      "> [!CAUTION]\n> GET /batches was answered with 401. Check the API key.",
    );
    expect(readMarkdown(text).text).toContain(
      "status 401 · code invalid_api_key · request id req_1",
    );
  });

  it("has every problem of the inputs", () => {
    const error = new InputError(["`timeout` is wrong.", "`limit` is wrong."]);
    expect(errorSummary(error, error.message)).toContain("> - <code>limit</code> is wrong.");
  });
});

describe("the summary fits into what GitHub shows", () => {
  const nasty = "`|<b>\n::error::[x](https://evil.example)#1;%%@team:tada:\u202E\u0000";

  it("however many batches there are", () => {
    const batches = Array.from({ length: 2_000 }, (_, index) =>
      batchOf({ ...times, id: `batch_${String(index).padStart(32, "0")}` }),
    );
    const text = summaryOf(contextOf(batches));
    expect(Buffer.byteLength(text)).toBeLessThan(mebibyte / 8);
    expect(expectNoMarkup(text).charts[0]?.filter((line) => line.includes("section"))).toHaveLength(
      8,
    );
  });

  it("however little a name leaves for a chart", () => {
    const ids = ["__proto__", "世界", ";#%%:", "end", "section"];
    const { charts } = expectNoMarkup(
      summaryOf(contextOf(ids.map((id) => batchOf({ ...times, id })))),
    );
    const sections = charts[0]?.filter((line) => line.includes("    section "));
    expect(sections?.map((line) => line.trim().replace("section ", ""))).toEqual([
      "proto",
      "batch",
      "batch",
      "end",
      "section",
    ]);
  });

  it("however many codes there are", () => {
    const failures = Array.from({ length: 10_000 }, (_, index) => ({
      code: `code_${index}`,
      count: 1,
      resendable: 0,
      examples: ["r".repeat(512)],
    }));
    const text = summaryOf(contextOf([batchOf()], { results: resultsOf({ failures }) }));
    expect(Buffer.byteLength(text)).toBeLessThan(mebibyte / 8);
    expect(text).toContain("… and 9,980 requests with 9,980 other codes");
  });

  it("however long and nasty every text is, all at once", () => {
    const long = nasty.repeat(50);
    const data = Array.from({ length: 200 }, (_, index) => ({
      code: `${index}${long}`,
      message: long,
    }));
    const batches = Array.from({ length: 2_000 }, (_, index) => ({
      ...batchOf({ ...times, id: `${index}${long}`, errors: { data }, model: `${index}${long}` }),
      endpoint: long,
      // Servers do send others than the reference knows.
      status: `${long}${index}` as Batch["status"],
    }));
    const failures = data.map(({ code }) => ({
      code,
      count: 1,
      resendable: 1,
      examples: [long, long, long],
    }));
    const results = resultsOf({ failures, outputFile: long, errorFile: long });
    const origins = new Map(data.map((error) => [error, { file: long, line: 1 }]));
    const text = summaryOf(
      contextOf(batches, { results, origins, failure: `${long}\n`.repeat(50) }),
    );
    expectNoMarkup(text);
    expect(Buffer.byteLength(text)).toBeLessThan(mebibyte);
  });

  it("also when it is only an error", () => {
    const long = nasty.repeat(20_000);
    const text = errorSummary(new APIError(long, { code: long, requestID: long }), long);
    expectNoMarkup(text);
    expect(Buffer.byteLength(text)).toBeLessThan(mebibyte / 8);
  });
});
