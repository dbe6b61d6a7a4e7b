import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openJob } from "../e2e/job.ts";
import { chats, jsonl } from "../e2e/requests.ts";
import { act } from "./act.ts";

type Case = readonly [
  what: string,
  inputs: Readonly<Record<string, string | undefined>>,
  told: RegExp,
];

const create = { operation: "create", "input-file": "requests.jsonl" };
const wait = { operation: "wait", "batch-id": "batch_1" };

const cases: readonly Case[] = [
  ["a glob without a match", { ...create, "input-file": "no/*.jsonl" }, /no\/\*\.jsonl/],
  ["a folder as a file", { ...create, "input-file": "folder" }, /folder/],
  ["an endpoint without a slash", { ...create, endpoint: "v1/responses" }, /slash/],
  ["a batch id of blanks", { operation: "retrieve", "batch-id": " , \n" }, /`batch-id`/],
  ["a batch id with a space", { operation: "cancel", "batch-id": "batch_1 batch_2" }, /`batch-id`/],
  [
    "an id that leads elsewhere",
    { operation: "cancel", "batch-id": "batch_1, ../files" },
    /^`batch-id`: `\.\.\/files` is no id: it is a path to something else\.$/,
  ],
  [
    "an id that leads elsewhere, of a run",
    { operation: "run", "batch-id": "batch_1,." },
    /^`batch-id`: `\.` is no id/,
  ],
  ["an id list that is no JSON", { operation: "cancel", "batch-id": '["a",' }, /`batch-id`/],
  ...["cancel", "wait", "retrieve"].flatMap((operation): Case[] => [
    [
      `an empty filter of metadata (${operation})`,
      { operation, "match-metadata": "{}" },
      /^`match-metadata` is given but names nothing/,
    ],
    [
      `an empty list of statuses (${operation})`,
      { operation, "match-status": "[]" },
      /^`match-status` is given but names nothing/,
    ],
    [
      `an empty list of statuses beside a filter (${operation})`,
      { operation, "match-metadata": "team=search", "match-status": "," },
      /^`match-status` is given but names nothing/,
    ],
  ]),
  [
    "a cancel of all that run, whosever they are",
    { operation: "cancel", "match-status": "in_progress" },
    /^`match-status` alone.*`match-metadata` too/,
  ],
  ["a timeout of nothing", { ...wait, timeout: "0s" }, /`timeout`/],
  ["a negative interval", { ...wait, "poll-interval": "-5s" }, /`poll-interval`/],
  [
    "intervals the wrong way round",
    { ...wait, "poll-interval": "10s", "max-poll-interval": "5s" },
    /`max-poll-interval`/,
  ],
  ["a request timeout that is none", { ...wait, "request-timeout": "x" }, /`request-timeout`/],
  ["half a retry", { ...wait, "max-retries": "1.5" }, /`max-retries`/],
  ["a limit beyond numbers", { operation: "list", limit: "9".repeat(20) }, /`limit`/],
  ["on-timeout of its own", { ...wait, "on-timeout": "retry" }, /fail, continue, cancel/],
  ["a status that is not final", { ...wait, "fail-on": "in_progress" }, /`in_progress`/],
  ["never and something", { ...wait, "fail-on": "never, failed" }, /`never`/],
  ["failures over 100%", { ...wait, "max-request-failures": "101%" }, /`max-request-failures`/],
  ["metadata without pairs", { ...create, metadata: "team" }, /key=value/],
  ["metadata of broken JSON", { ...create, metadata: '{"a":' }, /`metadata`/],
  ["metadata given twice", { ...create, metadata: "a=1\na=2" }, /`a` is given twice/],
  ["a filter without pairs", { operation: "list", "match-metadata": "x" }, /`match-metadata`/],
  ["an expiry that is none", { ...create, "input-expires-after": "ever" }, /`input-expires-after`/],
  [
    "expiries out of OpenAI's range",
    {
      ...create,
      "base-url": undefined,
      "input-expires-after": "59m",
      "output-expires-after": "31d",
    },
    /`input-expires-after`.*`output-expires-after`/s,
  ],
  ["headers without a colon", { ...wait, headers: "api-key" }, /`headers`/],
  ["a header that cannot be sent", { ...wait, headers: "bad name: x" }, /`bad name`/],
  [
    "headers that frame a call",
    { ...wait, headers: "Content-Length: 5\ntransfer-encoding: chunked" },
    /`headers`: `Content-Length` differs from call to call and is set by itself.*`transfer-encoding` differs/s,
  ],
  ["a base URL that is none", { ...wait, "base-url": "api.openai.com" }, /`base-url`/],
  ["a base URL with a query", { ...wait, "base-url": "https://a.example/v1?x=1" }, /query/],
  ["a summary that is neither", { ...wait, summary: "maybe" }, /`summary` is `maybe`/],
  [
    "one file for answers and failures",
    { ...wait, "output-file": "out.jsonl", "error-file": "out.jsonl" },
    /same file/,
  ],
  [
    "one file for answers and failures under two names",
    { ...wait, "output-file": "out.jsonl", "error-file": "./x/../out.jsonl" },
    /same file/,
  ],
  [
    "one file for answers and their table",
    { ...wait, "output-file": "out.jsonl", "answers-file": "out.jsonl" },
    /^`answers-file` and `output-file` are the same file\.$/,
  ],
  [
    "a table of answers of another kind",
    { ...wait, "answers-file": "answers.xlsx" },
    /^`answers-file`: answers\.xlsx has to end in \.csv or \.jsonl, which decides its format\.$/,
  ],
  [
    "a problem of answers that is none",
    { ...wait, "reject-answers": "truncate, refused" },
    /^`reject-answers`: `truncate` is none of: truncated, .*Did you mean `truncated`\?$/,
  ],
  [
    "never and a problem of answers",
    { ...wait, "reject-answers": "never, empty" },
    /^`reject-answers`: `never` stands alone\.$/,
  ],
];

describe("a wrong input ends the step with one clear error and no call", () => {
  it.each(cases)("%s", async (_, inputs, told) => {
    await using job = await openJob();
    for (const name of ["requests.jsonl", "more.jsonl", "folder/requests.jsonl"]) {
      job.write(name, jsonl(chats(1)));
    }
    const file = inputs["input-file"];
    const { failures } = await act(job, {
      ...inputs,
      "input-file": file === undefined ? undefined : join(job.workspace, file),
    });
    expect(failures).toEqual([expect.stringMatching(told)]);
    expect(job.simulator.calls).toEqual([]);
  });
});

describe("an input file", () => {
  it("is the one that a glob matches, folders aside", async () => {
    await using job = await openJob({ phases: { validating: Infinity } });
    job.write("data/one.jsonl", jsonl(chats(1)));
    job.write("data/folder.jsonl/inner", "");
    const { failures } = await act(job, {
      operation: "create",
      "input-file": join(job.workspace, "data/*.jsonl"),
    });
    expect(failures).toEqual([]);
    expect(job.simulator.batches).toHaveLength(1);
  });

  it("is taken by its name, also where that could be a glob", async () => {
    await using job = await openJob({ phases: { validating: Infinity } });
    const content = jsonl(chats(2));
    job.write("[ab].jsonl", content);
    job.write("a.jsonl", "");
    const { failures } = await act(job, {
      operation: "create",
      "input-file": join(job.workspace, "[ab].jsonl"),
    });
    expect(failures).toEqual([]);
    expect(job.simulator.files[0]?.bytes).toBe(content.length);
  });

  it("below a file is none", async () => {
    await using job = await openJob();
    job.write("file", "");
    const path = join(job.workspace, "file/requests.jsonl");
    const { failures } = await act(job, { operation: "create", "input-file": path });
    expect(failures).toEqual([expect.stringContaining("there is no file")]);
  });
});
