import { describe, expect, it } from "vitest";
import type { Fault, Simulator } from "../../src/simulator/index.ts";
import { batchJson, rawServer, reply } from "../support/raw-server.ts";
import { hurried } from "./hurry.ts";
import { errorsOf, type Job, openJob } from "./job.ts";
import { chats, ENDPOINT, jsonl } from "./requests.ts";
import type { MainResult, PostResult, Step, StepOptions } from "./runner.ts";

/** A batch that stays as it is unless it is cancelled. */
const endless = { inProgress: Infinity, cancelling: Infinity };

type Inputs = Readonly<Record<string, string | undefined>>;
type Settings = Pick<StepOptions, "context" | "env">;

function startCreate(job: Job, inputs: Inputs = {}, settings: Settings = {}): Step {
  const file = job.write("requests.jsonl", jsonl(chats(3)));
  return job.start({ operation: "create", "input-file": file, ...inputs }, settings);
}

async function create(job: Job, inputs: Inputs = {}, settings: Settings = {}): Promise<MainResult> {
  return startCreate(job, inputs, settings).done;
}

function failCreate({ simulator }: { readonly simulator: Simulator }, fault: Fault, times = 1) {
  simulator.addFault({ method: "POST", path: "/batches", times, fault });
}

const count = (job: Job, call: string) => job.calls().filter((made) => made === call).length;

function warningsOf({ annotations }: PostResult): string {
  return annotations
    .filter(({ kind }) => kind === "warning")
    .map(({ message }) => message)
    .join("\n");
}

/** One batch, asked for once, and the step knows it: finding one's own is no reuse. */
function expectPaidOnce(job: Job, result: MainResult): void {
  expect(errorsOf(result)).toEqual([]);
  expect(result.exitCode).toBe(0);
  expect(job.simulator.batches).toHaveLength(1);
  expect(result.outputs).toMatchObject({
    "batch-id": job.simulator.batches[0]?.id,
    reused: "false",
  });
}

describe.concurrent("a create whose answer is lost (qwen-code#11874, litellm-docs#1408)", () => {
  it.each<[string, Fault]>([
    ["the connection broke", { kind: "drop-after" }],
    ["no answer came in time", { kind: "hang", processed: true }],
    ["a server error", { kind: "status-after", status: 500 }],
    ["a gateway's timeout", { kind: "status-after", status: 504 }],
    ["a request timeout of the server's own", { kind: "status-after", status: 408 }],
    ["a web page of a gateway", { kind: "html", processed: true }],
    ["a web page with status 200", { kind: "html", status: 200, processed: true }],
    ["nothing", { kind: "empty", processed: true }],
    ["half an answer", { kind: "cut-body" }],
    [
      "a server error that asks for another try",
      { kind: "status-after", status: 500, headers: { "x-should-retry": "true" } },
    ],
    ["a success in words of its own", { kind: "status-after", status: 200, body: { ok: true } }],
    ["a success that is no object", { kind: "status-after", status: 201, body: "done" }],
  ])("is not sent again: %s", async (_, fault) => {
    await using job = await openJob({ phases: endless });
    failCreate(job, fault);
    const result = await create(job, { "request-timeout": "1s" });
    expectPaidOnce(job, result);
    expect(count(job, "POST /batches")).toBe(1);
    expect(count(job, "POST /files")).toBe(1);
    expect(warningsOf(result)).toMatch(/No answer says whether .* was created/);
  });

  it("is noticed at once where the connection broke, with no timeout to wait for", async () => {
    await using job = await openJob({ phases: endless });
    failCreate(job, { kind: "drop-after" });
    const step = startCreate(job);
    expectPaidOnce(job, await step.done);
    expect(count(job, "GET /batches")).toBe(2);
  });

  it("is found although the list lags behind", async () => {
    await using job = await openJob({ phases: endless, listLag: 2_000 });
    failCreate(job, { kind: "cut-body" });
    expectPaidOnce(job, await create(job));
    expect(count(job, "POST /batches")).toBe(1);
  });

  it("is found although the list fails for a moment as well", async () => {
    await using job = await openJob({ phases: endless });
    failCreate(job, { kind: "cut-body" });
    const headers = { "retry-after-ms": "20" };
    const fault = { kind: "status", status: 502, headers } as const;
    job.simulator.addFault({ method: "GET", path: "/batches", skip: 1, times: 2, fault });
    expectPaidOnce(job, await create(job));
  });

  it("is found with reuse-existing off: that is about earlier work", async () => {
    await using job = await openJob({ phases: endless });
    failCreate(job, { kind: "status-after", status: 500 });
    expectPaidOnce(job, await create(job, { "reuse-existing": "false" }));
  });

  it("is found for a file that was uploaded by somebody else", async () => {
    await using job = await openJob({ phases: endless });
    await job.submit();
    failCreate(job, { kind: "cut-body" });
    const fileId = job.simulator.files[0]?.id;
    const input = { "input-file": undefined, "input-file-id": fileId, endpoint: ENDPOINT };
    const result = await create(job, input);
    expect(job.simulator.batches).toHaveLength(2);
    expect(result.outputs).toMatchObject({
      "batch-id": job.simulator.batches[1]?.id,
      reused: "false",
    });
  });

  it("is followed to the batch's end by run", async () => {
    await using job = await openJob();
    failCreate(job, { kind: "cut-body" });
    const result = await create(job, { operation: "run", "output-file": "results.jsonl" });
    expectPaidOnce(job, result);
    expect(result.outputs).toMatchObject({ status: "completed", "request-completed": "3" });
  });

  it("fails the step where the list cannot be read, names the file, and post tells of the batch", async () => {
    await using job = await openJob({ phases: endless });
    failCreate(job, { kind: "cut-body" });
    const refused = { kind: "status", status: 403 } as const;
    const times = Infinity;
    job.simulator.addFault({ method: "GET", path: "/batches", skip: 1, times, fault: refused });
    const step = startCreate(job, {}, { env: hurried(10) });
    const result = await step.done;
    expect(result.exitCode).toBe(1);
    expect(errorsOf(result).join()).toContain(job.simulator.files[0]?.id);
    expect(count(job, "POST /batches")).toBe(1);
    job.simulator.clearFaults();
    const post = await step.post();
    expect(post.exitCode).toBe(0);
    expect(warningsOf(post)).toContain(job.simulator.batches[0]?.id);
    expect(job.simulator.batches).toMatchObject([{ status: "in_progress" }]);
  });

  it("is sent again when the batch is certainly not there", async () => {
    await using job = await openJob({ phases: endless });
    failCreate(job, { kind: "drop-before" });
    expectPaidOnce(job, await create(job, {}, { env: hurried(10) }));
    expect(count(job, "POST /batches")).toBe(2);
    expect(count(job, "POST /files")).toBe(1);
    // The list may lag, so it was looked at again and again before.
    expect(count(job, "GET /batches")).toBeGreaterThan(3);
  });
});

describe.concurrent("a server that keeps no metadata", () => {
  /** Files and batches without metadata; the first create is done, and its answer lost. */
  async function forgetful(onCreate: (created: number, socket: { destroy(): void }) => boolean) {
    const batches: Record<string, unknown>[] = [];
    const now = () => Math.floor(Date.now() / 1000);
    const batch = (id: string, file: string) =>
      batchJson(id, { input_file_id: file, created_at: now(), endpoint: ENDPOINT });
    batches.push(batch("batch_other", "file-other"));
    const server = await rawServer(({ method, url, body }, response, { socket }) => {
      const path = url.replace(/^\/v1|\?.*$/g, "");
      if (method === "POST" && path === "/files") {
        const bytes = 1;
        reply(response, 200, { id: "file-1", object: "file", bytes, created_at: now() });
      } else if (method === "POST" && path === "/batches") {
        // The client's own request, whose shape the other tests check.
        const { input_file_id } = JSON.parse(body) as { input_file_id: string };
        const made = batch(`batch_${batches.length}`, input_file_id);
        batches.unshift(made);
        if (onCreate(batches.length - 1, socket)) reply(response, 200, made);
      } else if (method === "POST") {
        const found = batches.find(({ id }) => path === `/batches/${String(id)}/cancel`);
        if (found !== undefined) found["status"] = "cancelling";
        reply(response, found === undefined ? 404 : 200, found ?? {});
      } else {
        reply(response, 200, { object: "list", data: batches, has_more: false });
      }
    });
    return { url: server.url, batches, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
  }

  it("is asked for the batch of the file that only we have", async () => {
    await using server = await forgetful((_, socket) => {
      socket.destroy();
      return false;
    });
    await using job = await openJob();
    const result = await create(job, { "base-url": server.url });
    expect(result.outputs).toMatchObject({ "batch-id": "batch_1", reused: "false" });
    expect(server.batches).toHaveLength(2);
  });

  it("is asked by post as well, when main was killed during the create", async () => {
    const created = Promise.withResolvers<undefined>();
    await using server = await forgetful(() => {
      created.resolve(undefined);
      return false;
    });
    await using job = await openJob();
    const step = startCreate(job, { "base-url": server.url }, { env: hurried(10) });
    await created.promise;
    await step.kill();
    expect(await step.post("cancelled")).toMatchObject({ exitCode: 0 });
    expect(server.batches).toMatchObject([
      { id: "batch_1", status: "cancelling" },
      { id: "batch_other", status: "in_progress" },
    ]);
  });
});

describe.concurrent("a create that was refused", () => {
  it("for now is sent again after as long as the server asks", async () => {
    await using job = await openJob({ phases: endless });
    failCreate(job, { kind: "status", status: 429, headers: { "retry-after": "1" } });
    const result = await create(job);
    expectPaidOnce(job, result);
    const [first, second] = job.simulator.calls.filter(
      ({ method, path }) => method === "POST" && path === "/v1/batches",
    );
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(990);
    expect(count(job, "GET /batches")).toBe(1);
  });

  it.each<[string, number, string, RegExp]>([
    ["a wrong key", 401, "invalid_api_key", /401.*key/],
    ["a key that may not", 403, "insufficient_permissions", /403.*permission/],
    ["a used-up quota (openai-python#2084)", 429, "insufficient_quota", /quota.*credit.*billing/i],
    ["a budget that is used up", 429, "billing_hard_limit_reached", /budget.*billing/],
  ])("for %s ends the step at once and says what to do", async (_, status, code, advice) => {
    await using job = await openJob({ phases: endless });
    const body = { error: { message: "Simulated.", type: code, code } };
    // What a server says about trying again is not to be trusted with these.
    const headers = { "retry-after": "1" };
    failCreate(job, { kind: "status", status, headers, body }, Infinity);
    const result = await create(job);
    expect(result.exitCode).toBe(1);
    expect(errorsOf(result).join()).toMatch(advice);
    expect(count(job, "POST /batches")).toBe(1);
  });
});

describe.concurrent("a file that was just uploaded and is not found yet (curator#116)", () => {
  it("is asked for again until it is, and uploaded once", async () => {
    await using job = await openJob({ phases: endless, fileLag: 1_500 });
    expectPaidOnce(job, await create(job));
    expect(count(job, "POST /batches")).toBeGreaterThan(1);
    expect(count(job, "POST /files")).toBe(1);
  });

  it("is not waited for when somebody else names it: that is a mistake", async () => {
    await using job = await openJob({ fileLag: Infinity });
    const client = startCreate(job, {
      "input-file": undefined,
      "input-file-id": "file-none",
      endpoint: ENDPOINT,
    });
    const result = await client.done;
    expect(errorsOf(result).join()).toContain("file-none");
    expect(count(job, "POST /batches")).toBe(1);
  });
});

describe.concurrent("an upload whose answer is lost", () => {
  it.each<[string, Fault]>([
    ["the connection broke", { kind: "cut-body" }],
    ["a server error", { kind: "status-after", status: 500 }],
  ])("is looked for before it is sent again: %s", async (_, fault) => {
    await using job = await openJob({ phases: endless });
    job.simulator.addFault({ method: "POST", path: "/files", fault });
    expectPaidOnce(job, await create(job));
    expect(count(job, "POST /files")).toBe(1);
    expect(job.simulator.files).toHaveLength(1);
  });

  it("is sent again by itself where the server has no list of files", async () => {
    await using job = await openJob({ phases: endless });
    job.simulator.addFault({ method: "POST", path: "/files", fault: { kind: "cut-body" } });
    const none = { kind: "status", status: 404 } as const;
    job.simulator.addFault({ method: "GET", path: "/files", times: Infinity, fault: none });
    expectPaidOnce(job, await create(job));
    expect(count(job, "POST /files")).toBe(2);
  });
});
