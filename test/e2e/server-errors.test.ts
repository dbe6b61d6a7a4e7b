import { describe, expect, it } from "vitest";
import type { Fault } from "../../src/simulator/index.ts";
import { hurried } from "./hurry.ts";
import { errorsOf, openJob } from "./job.ts";
import { chats, jsonl } from "./requests.ts";
import type { MainResult } from "./runner.ts";

function quotaError(code: string, message: string) {
  return { error: { message, type: code, param: null, code } };
}

/** The one error of a step, which must say what was called and hold no stack trace. */
function errorOf(result: MainResult, call: string): string {
  const [error = "", ...more] = errorsOf(result);
  expect(result.exitCode).toBe(1);
  expect(more).toEqual([]);
  expect(error).toContain(call);
  expect(result.log.join("\n")).not.toMatch(/^\s+at |node_modules|index\.js:\d/m);
  return error;
}

const once = { "max-retries": "0", timeout: "5s" };
const looked = "GET /batches/batch_";

describe("a call that fails for good ends the step with one clear error", () => {
  it.each<[string, Fault, RegExp]>([
    ["a web page with status 200", { kind: "html", status: 200 }, /200 and a web page.*req_/],
    ["a web page of a gateway", { kind: "html" }, /502.*req_/],
    ["nothing at all", { kind: "empty" }, /200 and nothing.*req_/],
    ["half an answer", { kind: "cut-body" }, /got no whole answer.*req_/],
    ["a server error", { kind: "status", status: 500 }, /500.*req_.*server had an error/i],
    ["a redirect", { kind: "status", status: 404, body: "lost" }, /404.*req_/],
    [
      "FastAPI's error",
      { kind: "status", status: 422, body: { detail: [{ msg: "field required" }] } },
      /422.*req_.*field required/,
    ],
    ["JSON without a batch", { kind: "status", status: 200, body: { ok: true } }, /no batch/],
    ["JSON that is no object", { kind: "status", status: 200, body: [] }, /no batch/],
  ])("when a look is answered with %s", async (_, fault, told) => {
    await using job = await openJob();
    const id = await job.submit();
    job.simulator.addFault({ path: "/batches/*", times: Infinity, fault });
    const result = await job.run({ ...once, operation: "retrieve", "batch-id": id });
    expect(errorOf(result, looked)).toMatch(told);
  });

  it.each<[string, Fault, RegExp]>([
    ["a web page", { kind: "html" }, /502.*req_/],
    ["nothing", { kind: "empty" }, /nothing.*req_/],
    ["half an answer", { kind: "cut-body" }, /got no whole answer/],
    ["a list of its own shape", { kind: "status", status: 200, body: { rows: [] } }, /no list/],
  ])("when a list is answered with %s", async (_, fault, told) => {
    await using job = await openJob({ faults: [{ path: "/batches", times: Infinity, fault }] });
    const result = await job.run({ ...once, operation: "list" });
    expect(errorOf(result, "GET /batches")).toMatch(told);
  });

  it.each<[string, Fault, RegExp]>([
    ["a web page", { kind: "html" }, /502.*req_/],
    ["too large", { kind: "status", status: 413 }, /413.*req_.*split/],
    ["nothing", { kind: "empty" }, /nothing.*req_/],
  ])("when an upload is answered with %s, and makes no batch", async (_, fault, told) => {
    await using job = await openJob();
    job.write("requests.jsonl", jsonl(chats(1)));
    job.simulator.addFault({ method: "POST", path: "/files", times: Infinity, fault });
    const result = await job.run({ ...once, operation: "run", "input-file": "requests.jsonl" });
    expect(errorOf(result, "POST /files")).toMatch(told);
    expect(job.simulator.batches).toEqual([]);
  });

  it("when an id does not exist", async () => {
    await using job = await openJob();
    for (const operation of ["retrieve", "cancel"]) {
      const result = await job.run({ operation, "batch-id": "batch_none" });
      expect(errorOf(result, "/batches/batch_none")).toMatch(/404.*req_.*No batch found/);
    }
    const looks = job.simulator.calls.filter(({ method }) => method === "GET");
    // A cancel looks before and behind.
    expect(looks).toHaveLength(3);
  });

  it("when an id that is waited for goes on not to exist for ten seconds: it may be new", async () => {
    await using job = await openJob();
    const interval = { "poll-interval": "6s", "max-poll-interval": "6s" };
    const result = await job.run(
      { operation: "wait", "batch-id": "batch_none", ...interval },
      { env: hurried(20) },
    );
    expect(errorOf(result, "/batches/batch_none")).toMatch(/404.*req_.*No batch found/);
    expect(result.outputs).toMatchObject({ "batch-id": "batch_none" });
    expect(job.simulator.calls).toHaveLength(3);
  });

  it("when a file id does not exist", async () => {
    await using job = await openJob();
    const result = await job.run({
      ...once,
      operation: "create",
      "input-file-id": "file-none",
      endpoint: "/v1/responses",
    });
    expect(errorOf(result, "/batches")).toMatch(/404|400/);
    expect(errorsOf(result).join()).toContain("file-none");
  });

  it("when the key is wrong, with the first call", async () => {
    await using job = await openJob({ apiKey: "sk-the-right-one" });
    const result = await job.run({ operation: "wait", "batch-id": "batch_1" });
    expect(errorOf(result, looked)).toMatch(/401 invalid_api_key.*req_.*[Cc]heck/);
    expect(job.simulator.calls).toHaveLength(1);
  });

  it("when the quota is used up, although it is a 429 (openai-python#2084)", async () => {
    const body = quotaError("insufficient_quota", "You exceeded your current quota.");
    await using job = await openJob({
      faults: [
        {
          method: "POST",
          path: "/batches",
          times: Infinity,
          fault: { kind: "status", status: 429, body },
        },
      ],
    });
    job.write("requests.jsonl", jsonl(chats(1)));
    const result = await job.run({ operation: "create", "input-file": "requests.jsonl" });
    expect(errorOf(result, "POST /batches")).toMatch(/429 insufficient_quota.*req_.*credit/);
    expect(job.calls().filter((call) => call === "POST /batches")).toHaveLength(1);
  });

  it("when nobody listens", async () => {
    await using job = await openJob();
    await job.simulator.close();
    const result = await job.run({ ...once, operation: "retrieve", "batch-id": "batch_1" });
    expect(errorOf(result, looked)).toMatch(/ECONNREFUSED.*base URL/);
  });

  it("when the server stays silent, after the request timeout", async () => {
    await using job = await openJob({
      faults: [{ path: "/batches/*", times: Infinity, fault: { kind: "hang" } }],
    });
    const result = await job.run({
      ...once,
      operation: "retrieve",
      "batch-id": "batch_1",
      "request-timeout": "0.2s",
    });
    expect(errorOf(result, looked)).toContain("0.2 s");
  });

  it("before any call when the results cannot be written", async () => {
    await using job = await openJob();
    const id = await job.submit();
    const result = await job.run({
      ...once,
      operation: "wait",
      "batch-id": id,
      "output-file": `long${"x".repeat(300)}`,
    });
    expect(errorsOf(result).join()).toContain("ENAMETOOLONG");
    expect(result.exitCode).toBe(1);
    expect(job.calls().filter((call) => call.startsWith("GET"))).toEqual([]);
  });
});

describe("a call that fails for a moment", () => {
  it("is made again after as long as the server asks", async () => {
    await using job = await openJob();
    const id = await job.submit();
    job.simulator.addFault({
      path: "/batches/*",
      fault: { kind: "status", status: 429, headers: { "retry-after-ms": "150" } },
    });
    const result = await job.run({ operation: "retrieve", "batch-id": id });
    const [first, second] = job.simulator.calls.slice(-2);
    expect(result.exitCode).toBe(0);
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(149);
    expect(result.log.join("\n")).toMatch(/attempt 1 failed \(429\); trying again in 0\.\d s/);
  });

  it("is made as often as max-retries says", async () => {
    await using job = await openJob({
      faults: [
        {
          path: "/batches/*",
          times: Infinity,
          fault: { kind: "status", status: 503, headers: { "retry-after-ms": "1" } },
        },
      ],
    });
    const inputs = { operation: "retrieve", "batch-id": "batch_1" };
    await job.run({ ...inputs, "max-retries": "2" });
    expect(job.simulator.calls).toHaveLength(3);
    await job.run({ ...inputs, "max-retries": "0" });
    expect(job.simulator.calls).toHaveLength(4);
  });
});
