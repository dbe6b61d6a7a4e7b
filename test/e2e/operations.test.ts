import { existsSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { describe, expect, it } from "vitest";
import { hurried } from "./hurry.ts";
import { ended, errorsOf, eventually, KEY, openJob } from "./job.ts";
import { chats, ENDPOINT, jsonl } from "./requests.ts";

const forever = { validating: Infinity };

describe("create", () => {
  it("uploads the requests, makes a batch and returns at once", async () => {
    await using job = await openJob({ phases: forever });
    const file = job.write("requests.jsonl", jsonl(chats(3)));
    const { exitCode, outputs } = await job.run({ operation: "create", "input-file": file });
    const [batch] = job.simulator.batches;
    expect(exitCode).toBe(0);
    expect(outputs).toMatchObject({
      "batch-id": batch?.id,
      "input-file-id": batch?.input_file_id,
      "output-file-id": "",
      "error-file-id": "",
      status: "validating",
      done: "false",
      conclusion: "pending",
      reused: "false",
      "request-failed": "0",
    });
    expect(JSON.parse(outputs["batches"] ?? "")).toMatchObject([
      { id: batch?.id, endpoint: ENDPOINT, completion_window: "24h" },
    ]);
    expect(job.simulator.files).toMatchObject([{ purpose: "batch" }]);
    expect(job.simulator.files[0]?.filename).toMatch(/\.jsonl$/);
  });

  it("takes a file that is already uploaded", async () => {
    await using job = await openJob({ phases: forever });
    await job.submit();
    const [file] = job.simulator.files;
    const { exitCode, outputs } = await job.run({
      operation: "create",
      "input-file-id": file?.id,
      endpoint: ENDPOINT,
      metadata: "sprint=42",
    });
    expect(exitCode).toBe(0);
    expect(job.simulator.files).toHaveLength(1);
    expect(outputs["input-file-id"]).toBe(file?.id);
    expect(job.simulator.batches.at(-1)).toMatchObject({ input_file_id: file?.id });
  });

  it("passes metadata, expiries and the completion window on", async () => {
    await using job = await openJob();
    const file = job.write("requests.jsonl", jsonl(chats(1)));
    const { exitCode } = await job.run({
      operation: "create",
      "input-file": file,
      metadata: "team = search \nnote=a=b\nempty=",
      "input-expires-after": "2h",
      "output-expires-after": "1d",
    });
    const [batch] = job.simulator.batches;
    expect(exitCode).toBe(0);
    expect(batch?.metadata).toMatchObject({ team: "search", note: "a=b", empty: "" });
    await ended(job);
    const [input, output] = job.simulator.files;
    expect((input?.expires_at ?? 0) - (input?.created_at ?? 0)).toBe(7_200);
    expect((output?.expires_at ?? 0) - (output?.created_at ?? 0)).toBe(86_400);
  });

  it("takes the one file that a glob matches", async () => {
    await using job = await openJob();
    const content = jsonl(chats(2));
    job.write("data/a.jsonl", content);
    job.write("data/notes.txt", "none");
    const { exitCode } = await job.run({ operation: "create", "input-file": "data/*.jsonl" });
    expect(exitCode).toBe(0);
    expect(job.simulator.files[0]?.bytes).toBe(content.length);
  });

  it("sends requests without a byte order mark and blank lines (Azure's docs)", async () => {
    await using job = await openJob();
    const clean = jsonl(chats(2));
    const file = job.write("requests.jsonl", `\uFEFF${clean.replace("\n", "\r\n\r\n \n")}\n\n`);
    const { exitCode } = await job.run({ operation: "run", "input-file": file });
    expect(exitCode).toBe(0);
    expect(job.simulator.batches).toMatchObject([
      { status: "completed", request_counts: { total: 2, failed: 0 } },
    ]);
  });
});

describe("create, then wait in a later step", () => {
  it.each<[string, (ids: readonly string[]) => string]>([
    ["one id", ([id = ""]) => id],
    ["ids with commas", (ids) => ids.join(", ")],
    ["ids on lines", (ids) => `${ids.join("\n")}\n`],
    ["a JSON array", (ids) => JSON.stringify(ids)],
  ])("is joined by the outputs, given as %s", async (_, spell) => {
    await using job = await openJob();
    const ids: string[] = [];
    for (const name of ["a", "b"]) {
      const file = job.write(`${name}.jsonl`, jsonl(chats(2, name)));
      const created = await job.run({ operation: "create", "input-file": file });
      ids.push(created.outputs["batch-id"] ?? "");
    }
    const wanted = spell(ids) === ids[0] ? ids.slice(0, 1) : ids;
    const { exitCode, outputs } = await job.run({
      operation: "wait",
      "batch-id": spell(ids),
      "output-file": "out/results.jsonl",
    });
    expect(exitCode).toBe(0);
    expect(outputs).toMatchObject({
      "batch-id": wanted.join(","),
      status: "completed",
      done: "true",
      conclusion: "success",
      "request-total": String(wanted.length * 2),
    });
    expect(job.results("out/results.jsonl").map((line) => line.custom_id)).toEqual(
      ["a1", "a2", "b1", "b2"].slice(0, wanted.length * 2),
    );
  });
});

describe("the id of a batch", () => {
  it.each(["run", "wait"])("is an output of %s before the first look", async (operation) => {
    await using job = await openJob();
    const looks = { method: "GET", path: "/batches/*" };
    const id = operation === "wait" ? await job.submit() : undefined;
    const file = job.write("requests.jsonl", jsonl(chats(1)));
    job.simulator.addFault({ ...looks, times: Infinity, fault: { kind: "hang" } });
    const step = job.start({
      operation,
      ...(id === undefined ? { "input-file": file } : { "batch-id": id }),
    });
    await eventually(() => job.calls().some((call) => call.startsWith("GET /batches/batch_")));
    const expected = job.simulator.batches.at(-1)?.id;
    expect(step.outputs()["batch-id"]).toBe(expected);
    const killed = await step.kill();
    expect(killed).toMatchObject({ signal: "SIGKILL", outputs: { "batch-id": expected } });
  });

  it("of the input file is an output even when no batch could be made", async () => {
    await using job = await openJob();
    job.simulator.addFault({
      method: "POST",
      path: "/batches",
      fault: { kind: "status", status: 400 },
    });
    const file = job.write("requests.jsonl", jsonl(chats(1)));
    const { exitCode, outputs } = await job.run({ operation: "create", "input-file": file });
    expect(exitCode).toBe(1);
    expect(outputs["input-file-id"]).toBe(job.simulator.files[0]?.id);
    expect(outputs["batch-id"]).toBeUndefined();
  });
});

describe("run", () => {
  it("creates, waits and writes every answer", async () => {
    await using job = await openJob();
    const file = job.write("requests.jsonl", jsonl(chats(5)));
    const result = await job.run({
      operation: "run",
      "input-file": file,
      "output-file": "new/folder/results.jsonl",
      "error-file": "new/errors.jsonl",
    });
    const { outputs } = result;
    expect(result.exitCode).toBe(0);
    expect(errorsOf(result)).toEqual([]);
    expect(job.results("new/folder/results.jsonl").map((line) => line.custom_id)).toEqual([
      "r1",
      "r2",
      "r3",
      "r4",
      "r5",
    ]);
    expect(outputs).toMatchObject({
      status: "completed",
      conclusion: "success",
      done: "true",
      reused: "false",
      "request-total": "5",
      "request-completed": "5",
      "request-failed": "0",
      "output-file": join(job.workspace, "new/folder/results.jsonl"),
      "output-file-id": job.simulator.batches[0]?.output_file_id,
    });
    expect(isAbsolute(outputs["output-file"] ?? "")).toBe(true);
    const [input, output] = [Number(outputs["input-tokens"]), Number(outputs["output-tokens"])];
    expect(input).toBeGreaterThan(0);
    expect(output).toBeGreaterThan(0);
    expect(Number(outputs["total-tokens"])).toBe(input + output);
    expect(result.summary).toContain("success");
    expect(result.summary).toContain(outputs["batch-id"]);
  });

  it("tells the batch's progress in the log, each state once", async () => {
    await using job = await openJob({ phases: { inProgress: 100 } });
    const file = job.write("requests.jsonl", jsonl(chats(5)));
    const { log } = await job.run({ operation: "run", "input-file": file });
    const said = log.filter((line) => /^batch_\w+: (validating|in_progress|completed)/.test(line));
    const without = said.map((line) => line.replace(/ \(after .*\)$/, ""));
    expect(new Set(without).size).toBe(said.length);
    expect(said.at(-1)).toMatch(/completed █{20} 100%, 5 of 5 requests done/);
  });
});

describe("wait", () => {
  it("writes what the others have, and fails for the id that does not exist", async () => {
    await using job = await openJob();
    const id = await job.submit();
    const result = await job.run(
      { operation: "wait", "batch-id": `batch_none,${id}`, "output-file": "results.jsonl" },
      { env: hurried(20) },
    );
    expect(result.exitCode).toBe(1);
    expect(errorsOf(result)).toEqual([expect.stringContaining("/batches/batch_none")]);
    expect(job.results("results.jsonl")).toHaveLength(4);
    expect(result.outputs).toMatchObject({ status: "completed", "request-completed": "4" });
  });

  it("tells the status of the others while it waits, and leaves the unknown id out of its state", async () => {
    await using job = await openJob({ phases: forever });
    const id = await job.submit();
    const ids = { operation: "wait", "batch-id": `batch_none,${id}` };
    const step = job.start(ids, { env: hurried(20) });
    await eventually(() => step.outputs()["status"] === "validating");
    // An id may be new, so that it is given up after some seconds only.
    await step.waitForLine(/The server knows no batch batch_none; it is not followed any longer/);
    const { state, outputs } = await step.kill();
    expect([state["batch_0"], JSON.parse(state["batch_1"] ?? "{}")]).toMatchObject(["{}", { id }]);
    expect(outputs).toMatchObject({ "batch-id": id, done: "false" });
  });
});

describe("cancel", () => {
  it("cancels what runs and leaves what has finished", async () => {
    await using job = await openJob();
    const finished = await job.submit();
    await ended(job);
    await using slow = await openJob({ phases: { inProgress: Infinity, cancelling: Infinity } });
    const running = await slow.submit();
    const first = await job.run({ operation: "cancel", "batch-id": finished });
    expect(first).toMatchObject({
      exitCode: 0,
      outputs: { status: "completed", done: "true", "batch-id": finished },
    });
    const second = await slow.run({ operation: "cancel", "batch-id": running });
    expect(second).toMatchObject({
      exitCode: 0,
      outputs: { status: "cancelling", done: "false", conclusion: "pending" },
    });
    expect(slow.simulator.batches[0]?.status).toBe("cancelling");
  });

  it("cancels every batch that it can, and fails for the one that does not exist", async () => {
    await using job = await openJob({ phases: { inProgress: Infinity } });
    const running = await job.submit();
    const result = await job.run({ operation: "cancel", "batch-id": `batch_none,${running}` });
    expect(result.exitCode).toBe(1);
    expect(errorsOf(result)).toEqual([expect.stringContaining("batch_none")]);
    expect(job.simulator.batches[0]?.status).toMatch(/^cancel/);
    expect(result.outputs["batch-id"]).toBe(running);
  });
});

describe("retrieve", () => {
  it("looks once and does not wait", async () => {
    await using job = await openJob({ phases: forever });
    const id = await job.submit();
    const before = job.calls().length;
    const result = await job.run({
      operation: "retrieve",
      "batch-id": id,
      "output-file": "results.jsonl",
    });
    expect(result).toMatchObject({
      exitCode: 0,
      outputs: { "batch-id": id, status: "validating", done: "false", "output-file": "" },
    });
    expect(job.calls().slice(before)).toEqual([`GET /batches/${id}`]);
    expect(existsSync(join(job.workspace, "results.jsonl"))).toBe(false);
  });

  it("writes the results of a batch that has ended", async () => {
    await using job = await openJob({ outcome: { kind: "mixed", failedShare: 0.5 } });
    const id = await job.submit();
    await ended(job);
    const { exitCode, outputs } = await job.run({
      operation: "retrieve",
      "batch-id": id,
      "output-file": "results.jsonl",
      "error-file": "errors.jsonl",
    });
    expect(exitCode).toBe(0);
    expect(outputs).toMatchObject({
      conclusion: "partial",
      "request-completed": "2",
      "request-failed": "2",
    });
    expect(job.results("results.jsonl")).toHaveLength(2);
    expect(job.results("errors.jsonl")).toHaveLength(2);
  });

  it("reports the status furthest from completed for several batches", async () => {
    await using job = await openJob();
    const done = await job.submit();
    const failed = await job.submit({ metadata: { simulator_outcome: "failed" } });
    await ended(job);
    expect(job.simulator.batches.map(({ status }) => status)).toEqual(["completed", "failed"]);
    const { exitCode, outputs } = await job.run({
      operation: "retrieve",
      "batch-id": `${done},${failed}`,
    });
    expect(exitCode).toBe(1);
    expect(outputs).toMatchObject({
      "batch-id": `${done},${failed}`,
      status: "failed",
      done: "true",
      conclusion: "failure",
    });
  });
});

describe("every operation", () => {
  it("writes no summary when none is wanted", async () => {
    await using job = await openJob({ phases: forever });
    const id = await job.submit();
    const quiet = await job.run({ operation: "retrieve", "batch-id": id, summary: "false" });
    const usual = await job.run({ operation: "retrieve", "batch-id": id });
    expect(quiet).toMatchObject({ exitCode: 0, summary: "" });
    expect(usual.summary).toContain(id);
  });

  it("takes key and server from OpenAI's own variables", async () => {
    await using job = await openJob({ apiKey: KEY });
    const id = await job.submit();
    const result = await job.run(
      { operation: "retrieve", "batch-id": id, "api-key": undefined, "base-url": undefined },
      {
        env: {
          OPENAI_API_KEY: KEY,
          OPENAI_BASE_URL: job.simulator.url,
          OPENAI_ORG_ID: "org-1",
          OPENAI_PROJECT_ID: "proj_1",
        },
      },
    );
    expect(result.exitCode).toBe(0);
    expect(job.simulator.calls.at(-1)?.headers).toMatchObject({
      "openai-organization": "org-1",
      "openai-project": "proj_1",
    });
  });
});
