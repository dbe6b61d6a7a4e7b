import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runStep } from "../../src/action/step.ts";
import { type Job, KEY, openJob } from "../e2e/job.ts";
import { chat, chats, ENDPOINT, jsonl } from "../e2e/requests.ts";
import { expectNoMarkup } from "../support/markdown.ts";
import { until } from "../support/until.ts";
import { act } from "./act.ts";
import { recordingToolkit } from "./toolkit.ts";

function requestFile(job: Job, lines: readonly (object | string)[] = chats(4)): string {
  return join(job.workspace, job.write("requests.jsonl", jsonl(lines)));
}

async function allEnded(job: Job): Promise<void> {
  const ends = ["completed", "failed", "expired", "cancelled"];
  await until(() => job.simulator.batches.every(({ status }) => ends.includes(status)));
}

describe("create", () => {
  it("tells the ids as soon as they are known", async () => {
    await using job = await openJob({ phases: { validating: Infinity } });
    const file = requestFile(job);
    const { outputs, failures, said } = await act(job, { operation: "create", "input-file": file });
    expect(failures).toEqual([]);
    expect(outputs).toMatchObject({
      "batch-id": job.simulator.batches[0]?.id,
      "input-file-id": job.simulator.files[0]?.id,
      reused: "false",
    });
    expect(said.join("\n")).toMatch(/4 requests, .* gpt-5-nano, \/v1\/chat\/completions/);
  });

  it("of an uploaded file needs no file here", async () => {
    await using job = await openJob({ phases: { validating: Infinity } });
    await job.submit();
    const { failures, outputs } = await act(job, {
      operation: "create",
      "input-file-id": job.simulator.files[0]?.id,
      endpoint: ENDPOINT,
    });
    expect(failures).toEqual([]);
    expect(outputs["input-file-id"]).toBe(job.simulator.files[0]?.id);
  });

  it("takes lines without a model, and says so", async () => {
    await using job = await openJob();
    const file = requestFile(job, [{ ...chat("r1"), body: {} }]);
    const { failures, said } = await act(job, { operation: "create", "input-file": file });
    expect(failures).toEqual([]);
    expect(said.join("\n")).toContain("no model named");
    const two = requestFile(job, [{ ...chat("r1"), body: {} }, chat("r2")]);
    const { said: told } = await act(job, { operation: "check", "input-file": two });
    expect(told).toContainEqual(
      expect.stringMatching(
        /^warning: The requests name 1 model \([^()]+\), and some name none\. /,
      ),
    );
  });

  it("takes an endpoint with or without /v1 for the same (Azure)", async () => {
    await using job = await openJob();
    const file = requestFile(job, [{ ...chat("r1"), url: "/chat/completions" }]);
    const inputs = { operation: "create", "input-file": file, endpoint: ENDPOINT };
    const { failures } = await act(job, inputs);
    expect(failures).toEqual([]);
    expect(job.simulator.batches).toMatchObject([{ endpoint: ENDPOINT }]);
  });

  it("uploads nothing of a file with bad lines", async () => {
    await using job = await openJob();
    const file = requestFile(job, [...Array.from({ length: 60 }, () => "bad"), chat("r1")]);
    const { failures, said } = await act(job, {
      operation: "create",
      "input-file": file,
      endpoint: "/v1/embeddings",
    });
    expect(failures).toHaveLength(1);
    expect(failures[0]).toContain("60 problems in the request file");
    expect(failures[0]).toContain("… and 40 more");
    expect(failures[0]).toContain("`endpoint` is `/v1/embeddings`");
    expect(said.filter((line) => line.startsWith("error: "))).not.toEqual([]);
    expect(job.simulator.files).toEqual([]);
  });
});

describe("run", () => {
  it("writes answers and failures and counts them by line", async () => {
    await using job = await openJob({ outcome: "mixed" });
    const file = requestFile(job);
    const { outputs, failures, summary } = await act(job, {
      operation: "run",
      "input-file": file,
      "output-file": join(job.workspace, "out/results.jsonl"),
      "error-file": join(job.workspace, "out/errors.jsonl"),
    });
    expect(failures).toEqual([]);
    expect(outputs).toMatchObject({ conclusion: "partial", "request-failed": "1", done: "true" });
    expect(job.results("out/results.jsonl")).toHaveLength(3);
    expect(job.results("out/errors.jsonl")).toHaveLength(1);
    expect(summary()).toContain("invalid");
  });
});

describe("wait", () => {
  it("fails for a status of fail-on after it has written the results", async () => {
    await using job = await openJob({ outcome: "expired" });
    const id = await job.submit();
    const { failures, outputs } = await act(job, {
      operation: "wait",
      "batch-id": id,
      "output-file": join(job.workspace, "results.jsonl"),
    });
    expect(failures).toEqual([expect.stringContaining(`${id} is expired`)]);
    expect(outputs).toMatchObject({ status: "expired", "request-completed": "2" });
    expect(job.results("results.jsonl")).toHaveLength(2);
  });

  it("that times out writes nothing and says so", async () => {
    await using job = await openJob({ phases: { inProgress: Infinity } });
    const id = await job.submit();
    const path = join(job.workspace, "results.jsonl");
    const { failures, said } = await act(job, {
      operation: "wait",
      "batch-id": id,
      timeout: "0.05s",
      "output-file": path,
    });
    expect(failures).toEqual([expect.stringContaining("was still running when last seen")]);
    expect(said.join("\n")).toContain("notice: No batch had ended when last seen");
    expect(existsSync(path)).toBe(false);
  });

  it("that times out writes what the others have", async () => {
    await using job = await openJob();
    const done = await job.submit();
    await allEnded(job);
    await using slow = await openJob({ phases: { inProgress: Infinity }, seed: 2 });
    const running = await slow.submit({ lines: chats(1, "slow") });
    slow.simulator.addFault({
      path: `/batches/${done}`,
      times: Infinity,
      fault: {
        kind: "status",
        status: 200,
        body: {
          ...job.simulator.batches[0],
          status: "expired",
          output_file_id: null,
          request_counts: { total: 4, completed: 0, failed: 0 },
        },
      },
    });
    const { failures, said, outputs } = await act(slow, {
      operation: "wait",
      "batch-id": `${running},${done}`,
      timeout: "0.05s",
      "on-timeout": "continue",
      "fail-on": "never",
      "error-file": join(slow.workspace, "errors.jsonl"),
    });
    expect(failures).toEqual([]);
    expect(said.join("\n")).toContain("1 of 2 batches had not ended");
    expect(outputs).toMatchObject({ "batch-id": `${running},${done}`, done: "false" });
  });

  it("cancels what is unfinished when it is to, and says what it could not cancel", async () => {
    await using job = await openJob({ phases: { inProgress: Infinity, cancelling: Infinity } });
    const first = await job.submit({ lines: chats(1, "a") });
    const second = await job.submit({ lines: chats(1, "b") });
    job.simulator.addFault({
      path: `/batches/${second}/cancel`,
      times: Infinity,
      fault: { kind: "status", status: 403 },
    });
    const { failures, outputs } = await act(job, {
      operation: "wait",
      "batch-id": [first, second].join("\n"),
      timeout: "0.05s",
      "on-timeout": "cancel",
    });
    expect(failures).toHaveLength(1);
    expect(failures[0]).toContain("`timeout`");
    expect(failures[0]).toContain(`POST /batches/${second}/cancel`);
    expect(outputs).toMatchObject({ status: "cancelling", done: "false" });
  });

  it("that times out as its batch ends says why the step fails", async () => {
    await using job = await openJob({ phases: { inProgress: Infinity } });
    const id = await job.submit();
    const done = { ...job.simulator.batches[0], status: "completed" };
    job.simulator.addFault({
      path: `/batches/${id}/cancel`,
      fault: { kind: "status", status: 200, body: done },
    });
    const { failures } = await act(job, {
      operation: "wait",
      "batch-id": id,
      timeout: "0.05s",
      "on-timeout": "cancel",
    });
    // Whether this fails is open to debate; a failure without a word is not.
    expect(failures).not.toContain("");
  });

  it("warns of a look that failed, and goes on", async () => {
    await using job = await openJob();
    const id = await job.submit();
    job.simulator.addFault({ path: "/batches/*", fault: { kind: "status", status: 503 } });
    const { failures, said } = await act(job, {
      operation: "wait",
      "batch-id": id,
      "max-retries": "0",
    });
    expect(failures).toEqual([]);
    expect(said.filter((line) => line.startsWith("warning: "))).toEqual([
      expect.stringContaining(`A look at ${id} failed; still waiting.`),
    ]);
  });

  it("keeps the id although the server never answered", async () => {
    await using job = await openJob({
      faults: [{ times: Infinity, fault: { kind: "status", status: 503 } }],
    });
    const { failures, outputs } = await act(job, {
      operation: "wait",
      "batch-id": "batch_1",
      timeout: "0.05s",
      "max-retries": "0",
    });
    expect(failures).toHaveLength(1);
    expect(outputs).toMatchObject({ "batch-id": "batch_1", done: "false", status: "" });
  });
});

describe("retrieve, cancel and list", () => {
  it("report what they saw", async () => {
    await using job = await openJob();
    const id = await job.submit({ metadata: { team: "ads" } });
    await allEnded(job);
    const inputs = { "batch-id": id };
    const retrieved = await act(job, { ...inputs, operation: "retrieve" });
    const cancelled = await act(job, { ...inputs, operation: "cancel" });
    const listed = await act(job, {
      operation: "list",
      "match-metadata": "team=ads",
      "match-status": "completed",
      limit: "0",
    });
    for (const { outputs, failures } of [retrieved, cancelled, listed]) {
      expect(failures).toEqual([]);
      expect(outputs).toMatchObject({ "batch-id": id, status: "completed", done: "true" });
    }
    expect(listed.outputs).toMatchObject({ "has-more": "false", "last-id": id });
    expect(listed.said).toContain("group: 1 batch");
  });

  it("list every batch where a filter is given empty", async () => {
    await using job = await openJob();
    const id = await job.submit();
    const filter = { "match-metadata": "{}", "match-status": "," };
    const { outputs, failures } = await act(job, { operation: "list", ...filter });
    expect(failures).toEqual([]);
    expect(outputs["batch-id"]).toBe(id);
  });

  it("are done where the whole list shows no such batch", async () => {
    await using job = await openJob();
    await job.submit();
    const inputs = { operation: "list", "match-metadata": "team=none" };
    const { outputs, failures } = await act(job, inputs);
    expect(failures).toEqual([]);
    expect(outputs).toMatchObject({ done: "true", "has-more": "false" });

    job.simulator.addFault({
      path: "/batches",
      fault: {
        kind: "rewrite",
        rewrite: () => ({ object: "list", data: [], has_more: true, last_id: null }),
      },
    });
    const cut = await act(job, inputs);
    expect(cut.outputs).toMatchObject({ done: "false" });
  });

  it("warn of a status that the API does not have, and go on", async () => {
    await using job = await openJob();
    const { said, failures } = await act(job, { operation: "list", "match-status": "in-progress" });
    expect(failures).toEqual([]);
    expect(said).toContainEqual(expect.stringMatching(/^warning: .*`in_progress`\?$/));
  });

  it("fail for a batch that is not there", async () => {
    await using job = await openJob();
    for (const operation of ["retrieve", "cancel"]) {
      const { failures } = await act(job, { operation, "batch-id": "batch_none" });
      expect(failures).toEqual([expect.stringContaining("404")]);
    }
  });
});

describe("a step", () => {
  it("tells every problem of its inputs in one failure, and makes no call", async () => {
    await using job = await openJob();
    const { failures } = await act(job, { operation: "wait", timeout: "x", "fail-on": "y" });
    expect(failures).toEqual([expect.stringMatching(/^3 inputs are wrong:\n- .*\n- .*\n- .*$/)]);
    expect(job.simulator.calls).toEqual([]);
  });

  it("has no summary when none is wanted", async () => {
    await using job = await openJob();
    const id = await job.submit();
    const inputs = { operation: "retrieve", "batch-id": id };
    expect((await act(job, { ...inputs, summary: "false" })).summary()).toBe("");
    expect((await act(job, inputs)).summary()).toContain(id);
  });

  it("has a summary of what went wrong when a call failed for good", async () => {
    await using job = await openJob();
    const { summary, failures } = await act(job, { operation: "cancel", "batch-id": "batch_no" });
    expect(failures).toHaveLength(1);
    const { text } = expectNoMarkup(summary());
    expect(text).toContain("> [!CAUTION]\n> POST /batches/batch_no/cancel was answered with 404");
    expect(text).toContain("Check the id and the base URL");
  });

  it("has a summary of the batches that are there when a later call failed", async () => {
    await using job = await openJob({ phases: { validating: Infinity } });
    const file = requestFile(job);
    const forbidden = { kind: "status", status: 403 } as const;
    job.simulator.addFault({ method: "POST", path: "/batches", skip: 1, fault: forbidden });
    const { summary, failures } = await act(job, {
      operation: "create",
      "input-file": file,
      "max-requests-per-batch": "2",
    });
    expect(failures).toEqual([expect.stringContaining("POST /batches was answered with 403")]);
    const { tables, text } = expectNoMarkup(summary());
    expect(tables[0]?.[1]?.slice(0, 3)).toEqual([
      job.simulator.batches[0]?.id,
      "⏳ validating",
      "2",
    ]);
    expect(text).toContain("> POST /batches was answered with 403");
  });

  it.each([
    { operation: "create", "input-file": "bad.jsonl" },
    { operation: "retrieve", "batch-id": "batch_none" },
    { operation: "nonsense" },
  ])("has no summary of a failure either when none is wanted: %j", async (inputs) => {
    await using job = await openJob();
    const file = requestFile(job, ["bad"]);
    const given = "input-file" in inputs ? { ...inputs, "input-file": file } : inputs;
    const { summary, failures } = await act(job, { ...given, summary: "false" });
    expect(failures).toHaveLength(1);
    expect(summary()).toBe("");
    expect((await act(job, given)).summary()).toContain("❌");
  });

  it("says what failed on this machine, and shows the stack to debuggers only", async () => {
    await using job = await openJob();
    const id = await job.submit();
    const { failures, said } = await act(job, {
      operation: "wait",
      "batch-id": id,
      "output-file": "/dev/full",
    });
    expect(failures).toEqual([expect.stringMatching(/\/dev\/full: ENOSPC.*debug logging/)]);
    expect(said.filter((line) => /^debug: Error: .*\n\s+at /s.test(line))).toHaveLength(1);
  });

  it("tells each call to debuggers, and each retry to everybody", async () => {
    await using job = await openJob();
    const fault = { kind: "status", status: 503, headers: { "retry-after-ms": "1" } } as const;
    job.simulator.addFault({ fault });
    const { said } = await act(job, { operation: "list" });
    expect(said.filter((line) => line.startsWith("debug: GET /batches "))).toHaveLength(2);
    expect(said.join("\n")).toContain("info: GET /batches: attempt 1 failed (503)");
  });

  it("tells debuggers every call of a run, uploads, downloads and retries too, and nothing of what is in them", async () => {
    await using job = await openJob({ outcome: "mixed" });
    const file = requestFile(job);
    const fault = { kind: "status", status: 503, headers: { "retry-after-ms": "1" } } as const;
    job.simulator.addFault({ method: "POST", path: "/files", fault });
    job.simulator.addFault({ path: "/files/*/content", fault });
    const { said, failures } = await act(job, {
      operation: "run",
      "input-file": file,
      "output-file": join(job.workspace, "results.jsonl"),
      "error-file": join(job.workspace, "errors.jsonl"),
    });
    expect(failures).toEqual([]);
    const told = said.filter((line) => /^debug: (GET|POST) /.test(line));
    const calls = told.map((line) => line.split(" ").slice(1, 3).join(" "));
    const unordered = (list: readonly string[]) => [...list].sort();
    expect(unordered(calls)).toEqual(unordered(job.calls()));
    expect(calls.filter((call) => call === "POST /files")).toHaveLength(2);
    expect(calls.filter((call) => call.endsWith("/content"))).toHaveLength(3);
    for (const line of told) {
      expect(line).toMatch(/^debug: (GET|POST) \/[\w/-]+ \d{3} \d+ ms req_\w+$/);
    }
    expect(told.join("\n")).not.toMatch(/Tell me about|sk-test|\?|authorization/i);
  });

  it("does not fail because its summary cannot be written", async () => {
    await using job = await openJob();
    const id = await job.submit();
    await allEnded(job);
    const recorded = recordingToolkit({
      operation: "retrieve",
      "batch-id": id,
      "api-key": KEY,
      "base-url": job.simulator.url,
    });
    const write = () => Promise.reject(new Error("Unable to find GITHUB_STEP_SUMMARY"));
    const summary = Object.assign(recorded.toolkit.summary, { write });
    await runStep({ ...recorded.toolkit, summary }, {});
    expect(recorded.failures).toEqual([]);
    expect(recorded.outputs).toMatchObject({ status: "completed" });
  });
});
