import { rmSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { errorsOf, type Job, openJob, said } from "./job.ts";

const prompt = `model: openai/gpt-4o-mini
messages:
  - role: user
    content: "Is this positive? {{review}}"
`;
const rows = 'id,review\nr1,"good, ""really"""\nr2,"bad\n{{review}}"\n';
const run = {
  operation: "run",
  "input-file": "reviews.csv",
  template: "review.prompt.yml",
  "output-file": "out.jsonl",
};

function filled(job: Job): Job {
  job.write("reviews.csv", rows);
  job.write("review.prompt.yml", prompt);
  return job;
}

describe("rows and a prompt file", () => {
  it("are made requests, run, and answered in the rows' order", async () => {
    await using job = filled(await openJob());
    const result = await job.run(run);
    expect(errorsOf(result)).toEqual([]);
    expect(result.exitCode).toBe(0);
    expect(result.outputs).toMatchObject({ "request-total": "2", "request-completed": "2" });
    expect(job.results("out.jsonl").map(({ custom_id: id }) => id)).toEqual(["r1", "r2"]);
    const [file] = job.simulator.files;
    expect(file?.filename).toMatch(/^reviews-[0-9a-f]{16}\.jsonl$/);
    // The publisher is dropped on OpenAI's own hosts only.
    expect(result.log.join("\n")).toContain("openai/gpt-4o-mini");
  });

  it("make the same batch again in a re-run, which pays nothing", async () => {
    await using job = filled(await openJob());
    const first = await job.run(run);
    const again = await job.run(run, { context: { run_attempt: "2" } });
    expect(again.outputs["batch-id"]).toBe(first.outputs["batch-id"]);
    expect(again.outputs["reused"]).toBe("true");
    expect(job.simulator.batches).toHaveLength(1);
  });

  it("make responses where the endpoint says so", async () => {
    await using job = filled(await openJob());
    const result = await job.run({
      ...run,
      operation: "create",
      "output-file": undefined,
      endpoint: "/v1/responses",
    });
    expect(errorsOf(result)).toEqual([]);
    expect(job.simulator.batches[0]?.endpoint).toBe("/v1/responses");
  });

  it("that are gone or changed while the batch runs change nothing", async () => {
    await using job = filled(
      await openJob({
        phases: { inProgress: 400 },
        respond: () => ({ status_code: 500, body: {} }),
      }),
    );
    const step = job.start({ ...run, "retry-failed": "1", "error-file": "errors.jsonl" });
    await step.waitForLine(/batch_/);
    job.write("reviews.csv", "id,review\nr1,other\n");
    rmSync(join(job.workspace, "review.prompt.yml"));
    await step.done;
    expect(job.results("errors.jsonl").map(({ custom_id: id }) => id)).toEqual(["r1", "r2"]);
    const sizes = job.simulator.files
      .filter(({ purpose }) => purpose === "batch")
      .map(({ bytes }) => bytes);
    expect(sizes).toHaveLength(2);
    expect(sizes[0]).toBe(sizes[1]);
  });

  it("have every problem told at its file and line, before any call, without a row's text", async () => {
    await using job = filled(await openJob());
    job.write("reviews.csv", "id,review\nr1,the secret\nr1,x\nthe secret\n");
    job.write("more.jsonl", '{"id":"r5"}\n');
    job.write("review.prompt.yml", "model: m\nmodelParameters: the secret\n");
    const result = await job.run({ ...run, "input-file": "reviews.csv\nmore.jsonl" });
    const told = result.annotations.filter(({ file }) => file !== undefined);
    expect(told.map(({ file, line }) => [file, line])).toEqual([
      ["review.prompt.yml", undefined],
      ["review.prompt.yml", 2],
      ["reviews.csv", 4],
    ]);
    job.write("review.prompt.yml", prompt);
    const second = await job.run({ ...run, "input-file": "reviews.csv\nmore.jsonl" });
    expect(
      second.annotations
        .filter(({ file }) => file !== undefined)
        .map(({ file, line }) => [file, line]),
    ).toEqual([
      ["reviews.csv", 3],
      ["reviews.csv", 4],
      ["more.jsonl", 1],
    ]);
    expect(errorsOf(second).at(-1)).toContain("3 problems in the rows and their template");
    expect(said(result) + said(second)).not.toContain("secret");
    expect(job.calls()).toEqual([]);
  });
});

describe("rows that cannot be made requests", () => {
  it.each<[string, Readonly<Record<string, string | undefined>>, readonly string[]]>([
    [
      "a table without a template",
      { template: undefined },
      ["reviews.csv holds rows and no requests; give `template` too"],
    ],
    ["no such template", { template: "no.yml" }, ["`template`: there is no file no.yml"]],
    [
      "a template of another kind",
      { template: "reviews.csv" },
      [".yml, .yaml, .json", "`template` and `input-file` are the same file"],
    ],
    [
      "rows of another kind",
      { "input-file": "review.prompt.yml" },
      [".csv, .tsv, .jsonl, .ndjson"],
    ],
    [
      "a template beside an uploaded file",
      { "input-file": undefined, "input-file-id": "file-1", endpoint: "/v1/x" },
      ["`template` makes a request of each row"],
    ],
    [
      "results over the template",
      { "output-file": "review.prompt.yml" },
      ["`output-file` and `template` are the same file"],
    ],
    ["two mistakes", { template: "no.yml", "input-file": "no.csv" }, ["no.yml", "no.csv"]],
  ])("have it told in one message: %s", async (_, inputs, words) => {
    await using job = filled(await openJob());
    const result = await job.run({ ...run, ...inputs });
    expect(result.exitCode).toBe(1);
    const [error = "", ...more] = errorsOf(result);
    expect(more).toEqual([]);
    for (const word of words) expect(error).toContain(word);
    expect(job.calls()).toEqual([]);
  });
});
