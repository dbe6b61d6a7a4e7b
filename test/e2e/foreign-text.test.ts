import { describe, expect, it } from "vitest";
import { expectNoMarkup } from "../support/markdown.ts";
import { hurried } from "./hurry.ts";
import { openJob } from "./job.ts";
import { chat, chats, ENDPOINT, jsonl } from "./requests.ts";

const nasty =
  "first\n::error::forged\r::warning::forged\n##[notice]forged | <script>alert(1)</script> " +
  "<!-- --> @octocat/team [link](https://evil.example) ![x](https://evil.example/x.png) " +
  "https://evil.example www.evil.example `code` **bold** ~~gone~~\n# title\n\n- item";

describe("a text of the server cannot break out", () => {
  it("when it is the reason why a batch failed", async () => {
    await using job = await openJob({
      outcome: {
        kind: "failed",
        errors: [{ code: nasty, message: nasty, param: null, line: 1 }],
      },
    });
    const id = await job.submit();
    const result = await job.run({ operation: "wait", "batch-id": id });
    expect(result.exitCode).toBe(1);
    expect(result.annotations.map(({ kind }) => kind)).toEqual(["error"]);
    expect(result.annotations[0]?.message).toContain("forged");
    expectNoMarkup(result.summary);
    expect(result.summary).toContain("evil");
  });

  it("when it is the code of a failed request", async () => {
    await using job = await openJob({
      respond: () => ({ error: { code: nasty, message: nasty } }),
    });
    const file = job.write("requests.jsonl", jsonl([chat(`${nasty}1`), chat(`${nasty}2`)]));
    const result = await job.run({
      operation: "run",
      "input-file": file,
      "error-file": "errors.jsonl",
    });
    expect(result).toMatchObject({ exitCode: 0, annotations: [] });
    expect(result.outputs["request-failed"]).toBe("2");
    expectNoMarkup(result.summary);
    expect(result.summary).toContain("forged");
  });

  it("when it is the message of an error", async () => {
    await using job = await openJob({
      faults: [
        {
          times: Infinity,
          fault: { kind: "status", status: 400, body: { error: { message: nasty, code: nasty } } },
        },
      ],
    });
    const result = await job.run({ operation: "retrieve", "batch-id": "batch_1" });
    expect(result.exitCode).toBe(1);
    expect(result.annotations.map(({ kind }) => kind)).toEqual(["error"]);
  });

  it.each(["status", "id", "endpoint"])("when it is the %s of a batch", async (field) => {
    await using job = await openJob();
    const id = await job.submit();
    const body = { ...job.simulator.batches[0], status: "completed", [field]: nasty };
    job.simulator.addFault({
      path: "/batches/*",
      times: Infinity,
      fault: { kind: "status", status: 200, body },
    });
    const given = { operation: "retrieve", "batch-id": id };
    const result = await job.run(given, { env: hurried(20) });
    // Another id is told in the error of the look: one annotation, and none of the text's own.
    const titles = result.annotations.map(({ kind }) => kind);
    expect(titles).toEqual(field === "id" ? ["error"] : []);
    expectNoMarkup(result.summary);
  });
});

describe("a text of the request file cannot break out", () => {
  it.each<[string, object]>([
    ["model", { ...chat("r1"), body: { model: nasty } }],
    ["url", { ...chat("r1"), url: `${ENDPOINT}${nasty}` }],
    ["custom_id", chat(nasty)],
  ])("when it is a %s", async (_, line) => {
    await using job = await openJob();
    const file = job.write("requests.jsonl", jsonl([line, line, "no json"]));
    const good = job.write("good.jsonl", jsonl([line]));
    const bad = await job.run({ operation: "create", "input-file": file });
    const result = await job.run({ operation: "create", "input-file": good, "max-retries": "0" });
    const titles = bad.annotations.map(({ kind, file: where }) => [kind, where]);
    expect(bad.exitCode).toBe(1);
    expect(titles).toEqual([
      ["error", "requests.jsonl"],
      ["error", "requests.jsonl"],
      ["error", undefined],
    ]);
    expect(result.annotations.filter(({ message }) => message === "forged")).toEqual([]);
    expect(result.annotations.map(({ kind }) => kind)).not.toContain("warning");
    expect(result.annotations.map(({ kind }) => kind)).not.toContain("notice");
  });

  it("when it is the name of the file", async () => {
    await using job = await openJob();
    const name = "requests\n::warning::forged.jsonl";
    job.write(name, jsonl(chats(1)));
    const result = await job.run({ operation: "create", "input-file": "req*.jsonl" });
    expect(result).toMatchObject({ exitCode: 0, annotations: [] });
  });
});
