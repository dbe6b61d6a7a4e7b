import { describe, expect, it } from "vitest";
import { errorsOf, openJob } from "./job.ts";
import { chats, jsonl } from "./requests.ts";

type Case = readonly [
  what: string,
  inputs: Readonly<Record<string, string | undefined>>,
  told: RegExp,
];

const create = { operation: "create", "input-file": "requests.jsonl" };
const wait = { operation: "wait", "batch-id": "batch_1" };
const pairs = (count: number) =>
  Array.from({ length: count }, (_, index) => `k${index}=v`).join("\n");

const cases: readonly Case[] = [
  ["no operation", { operation: "" }, /`operation`.*create, wait, run, cancel, retrieve, list/],
  ["an operation that is none", { operation: "creat" }, /`creat`/],
  ["no key", { ...wait, "api-key": "" }, /API key.*secrets\.OPENAI_API_KEY/],
  [
    "a key that no header can hold",
    {
      ...wait,
      "api-key": "sk-one-0123456789\nsk-two-0123456789",
      timeout: "0.2s",
      "max-retries": "0",
    },
    /api-key/,
  ],
  ["two inputs", { ...create, "input-file-id": "file-1", endpoint: "/v1/x" }, /both/],
  ["no input", { operation: "run" }, /Neither `input-file` nor `input-file-id`/],
  ["a file that is not there", { ...create, "input-file": "none.jsonl" }, /none\.jsonl/],
  [
    "a file id without an endpoint",
    { operation: "create", "input-file-id": "file-1" },
    /`endpoint`/,
  ],
  ["no batch id", { operation: "wait" }, /`batch-id`/],
  ["a timeout that is no duration", { ...wait, timeout: "soon" }, /`timeout` is `soon`/],
  ["an unknown unit", { ...wait, "max-poll-interval": "5 weeks" }, /`max-poll-interval`/],
  ["retries that are no number", { ...wait, "max-retries": "many" }, /`max-retries` is `many`/],
  ["a negative limit", { operation: "list", limit: "-1" }, /`limit` is `-1`/],
  ["a limit that is no number", { operation: "list", limit: "all" }, /`limit`/],
  ["failures that are no number", { ...wait, "max-request-failures": "few" }, /`few`/],
  ["too much metadata", { ...create, metadata: pairs(17) }, /17 pairs.*16/],
  ["a long metadata key", { ...create, metadata: `${"k".repeat(65)}=v` }, /65 characters.*64/],
  ["a long metadata value", { ...create, metadata: `k=${"v".repeat(513)}` }, /513.*512/],
  ["plain http to elsewhere", { ...wait, "base-url": "http://api.example.com/v1" }, /plain http/],
];

describe("a wrong input ends the step with one clear error and no call", () => {
  it.each(cases)("%s", async (_, inputs, told) => {
    await using job = await openJob();
    job.write("requests.jsonl", jsonl(chats(1)));
    const result = await job.run(inputs);
    const errors = errorsOf(result);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(told);
    expect(result).toMatchObject({ exitCode: 1, conclusion: "failure" });
    expect(result.log.join("\n")).not.toMatch(/^\s+at /m);
    expect(job.simulator.calls).toEqual([]);
  });

  it("however many are wrong", async () => {
    await using job = await openJob();
    const result = await job.run({
      operation: "run",
      "api-key": "",
      "base-url": "ftp://example.com",
      timeout: "never",
      "max-retries": "x",
      "max-request-failures": "x",
      metadata: pairs(20),
    });
    const [error, ...more] = errorsOf(result);
    expect(more).toEqual([]);
    for (const name of ["base-url", "timeout", "max-retries", "max-request-failures", "metadata"]) {
      expect(error).toContain(`\`${name}\``);
    }
    expect(error).toContain("There is no API key");
    expect(error).toContain("Neither");
    expect(error).toMatch(/^7 inputs are wrong:\n- /);
    expect(job.simulator.calls).toEqual([]);
  });

  it("also when the key came in the variable of the environment and is not needed", async () => {
    await using job = await openJob();
    const result = await job.run(
      { operation: "list", limit: "x", "api-key": undefined },
      { env: { OPENAI_API_KEY: "sk-env-0123456789" } },
    );
    expect(errorsOf(result)).toEqual([expect.stringMatching(/^`limit` is `x`/)]);
  });
});

describe("an input that is misspelt", () => {
  it("gets GitHub's own warning and no second one, and the step goes on", async () => {
    await using job = await openJob();
    const result = await job.run({ operation: "list", "batch-ids": "batch_1" });
    expect(result.exitCode).toBe(0);
    expect(result.annotations).toEqual([
      expect.objectContaining({
        kind: "warning",
        message: expect.stringContaining("Unexpected input(s)") as string,
      }),
    ]);
  });
});
