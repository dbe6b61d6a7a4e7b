import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { runStep } from "../../src/action/step.ts";
import { BatchClient } from "../../src/index.ts";
import { APIError } from "../../src/api/errors.ts";
import type { Transport } from "../../src/api/transport.ts";
import { openJob } from "../e2e/job.ts";
import { chats, ENDPOINT, jsonl } from "../e2e/requests.ts";
import { act } from "./act.ts";
import { recordingToolkit } from "./toolkit.ts";

const folder = mkdtempSync(join(tmpdir(), "check-"));
const file = (name: string) => join(folder, name);

beforeAll(() => {
  writeFileSync(file("chats.jsonl"), jsonl(chats(5)));
  const tiny = { custom_id: "t", method: "POST", url: ENDPOINT, body: { model: "tiny" } };
  writeFileSync(file("tiny.jsonl"), jsonl([tiny]));
  const body = { model: "gpt-4o-mini", messages: [{ role: "user", content: "hi" }] };
  const limited = { custom_id: "l", method: "POST", url: ENDPOINT };
  writeFileSync(
    file("limited.jsonl"),
    jsonl([
      { ...limited, body: { ...body, max_completion_tokens: 1_000_000 } },
      { ...limited, custom_id: "m", body: { ...body, max_tokens: 1_000_000 } },
    ]),
  );
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const keyless = { "api-key": undefined };

describe("check", () => {
  it("says what the input would make and cost, without a key and without a call", async () => {
    await using job = await openJob();
    const { outputs, failures, said, summary } = await act(job, {
      ...keyless,
      operation: "check",
      "input-file": file("limited.jsonl"),
      "max-requests-per-batch": "1",
    });
    expect(failures).toEqual([]);
    expect(job.simulator.calls).toEqual([]);
    // Two messages of one token each, and two million tokens out at 0.30.
    expect(outputs).toMatchObject({
      "request-total": "2",
      "batch-count": "2",
      "estimated-input-tokens": "16",
      "estimated-cost": "0.6000012",
    });
    expect(said).toContain("info: Estimated: 16 input tokens, $0.60.");
    expect(summary()).toContain("checked, nothing sent");
    expect(summary()).toContain("| <code>gpt-4o-mini</code> | 2 | 16 | 2,000,000 | &#36;0.60 |");
    expect(summary()).toContain("genai-prices 0.1.8");
  });

  it("says at least where a request sets no limit", async () => {
    await using job = await openJob();
    const { said, summary } = await act(job, {
      operation: "check",
      "input-file": file("chats.jsonl"),
    });
    expect(said.filter((line) => line.includes("at least $"))).toHaveLength(1);
    expect(said.join("\n")).toMatch(
      /5 requests set no limit to the answer .*, so only their input is in the estimate\./,
    );
    expect(summary()).toContain("at least");
  });

  it("leaves the cost empty where a price is not known, and takes one that is given", async () => {
    await using job = await openJob();
    const inputs = { operation: "check", "input-file": file("tiny.jsonl") };
    const unknown = await act(job, inputs);
    expect(unknown.failures).toEqual([]);
    expect(unknown.outputs).toMatchObject({ "estimated-cost": "", "estimated-input-tokens": "3" });
    const given = await act(job, { ...inputs, prices: "tiny=1000/1" });
    expect(given.outputs["estimated-cost"]).toBe("0.003");
    const json = await act(job, { ...inputs, prices: '{"tiny": "1000/1/2"}' });
    expect(json.outputs["estimated-cost"]).toBe("0.003");
  });

  it("fails for a problem in the input, as create does", async () => {
    await using job = await openJob();
    writeFileSync(file("broken.jsonl"), `${jsonl(chats(1))}{not json}\n`);
    const { failures } = await act(job, {
      ...keyless,
      operation: "check",
      "input-file": file("broken.jsonl"),
    });
    expect(failures.join()).toContain("broken.jsonl:2: invalid_json_line");
  });

  it("fails for an estimate above max-cost, and tells it all the same", async () => {
    await using job = await openJob();
    const { failures, outputs, summary } = await act(job, {
      ...keyless,
      operation: "check",
      "input-file": file("limited.jsonl"),
      "max-cost": "0.5",
    });
    expect(failures.join()).toContain("the requests cost $0.60 by estimate, more than $0.50");
    expect(outputs["estimated-cost"]).toBe("0.6000012");
    expect(summary()).toContain("more than &#36;0.50");
  });

  it("fails for a price that max-cost needs and nobody knows, and names the model", async () => {
    await using job = await openJob();
    const { failures } = await act(job, {
      operation: "check",
      "input-file": file("tiny.jsonl"),
      "max-cost": "100",
    });
    expect(failures.join()).toContain("the price of tiny is not known, so");
  });

  it("tells every input that is wrong at once", async () => {
    await using job = await openJob();
    const { failures } = await act(job, {
      operation: "check",
      prices: "tiny=1\ngpt-4o-mini=a/b",
      "max-cost": "much",
    });
    const told = failures.join();
    expect(told).toContain("the price of `tiny` is `1`");
    expect(told).toContain("the price of `gpt-4o-mini` is `a/b`");
    expect(told).toContain("`max-cost` is `much`");
    expect(told).toContain("`input-file` is missing");
  });
});

describe("max-cost", () => {
  it.each(["create", "run"])("ends %s before anything is uploaded", async (operation) => {
    await using job = await openJob();
    const { failures, outputs } = await act(job, {
      operation,
      "input-file": file("limited.jsonl"),
      "max-cost": "0.59",
    });
    expect(failures.join()).toContain("more than $0.59");
    expect(outputs).toMatchObject({ "estimated-cost": "0.6000012" });
    expect(job.simulator.calls).toEqual([]);
  });

  it("lets a run through that stays below it, and the run tells what it cost", async () => {
    await using job = await openJob();
    const { failures, outputs, summary } = await act(job, {
      operation: "run",
      "input-file": file("limited.jsonl"),
      "output-file": file("answers.jsonl"),
      "max-cost": "1",
    });
    expect(failures).toEqual([]);
    const [charge] = job.simulator.ledger().charges;
    const { input_tokens: input = 0, output_tokens: output = 0 } = charge ?? {};
    expect(output).toBeGreaterThan(0);
    expect(Number(outputs["cost"])).toBeCloseTo((input * 0.075 + output * 0.3) / 1e6, 10);
    expect(outputs["cost"]).toMatch(/^0\.0+\d+$/);
    expect(summary()).toMatch(
      /\*\*&#36;0\.0+\d+\*\* paid · &#36;0\.0+\d+ saved against synchronous calls/,
    );
  });

  it.each(["create", "run"])(
    "stands in the summary of %s with what it does not hold",
    async (operation) => {
      await using job = await openJob();
      const messages = [
        { role: "user", content: [{ type: "image_url", image_url: { url: "u" } }] },
      ];
      const body = { model: "gpt-4o-mini", messages };
      writeFileSync(
        file("images.jsonl"),
        jsonl([{ custom_id: "i", method: "POST", url: ENDPOINT, body }]),
      );
      const { summary } = await act(job, {
        operation,
        "input-file": file("images.jsonl"),
        "max-cost": "1",
      });
      expect(summary()).toMatch(
        /Estimated before sending: 7 input tokens, at least &#36;0\.0+\d+\./,
      );
      expect(summary()).toMatch(
        /1 request sets no limit to the answer .*, so only its input is in the estimate\./,
      );
      expect(summary()).toContain(
        "Images, audio and files in a body are not text and are not counted",
      );
      expect(summary()).toContain("half the list prices of <code>&#64;pydantic/genai-prices");
    },
  );

  it.each([
    [{ model: "tiny", usage: { prompt_tokens: 1 } }, "cost not known &#40;no price for tiny&#41;"],
    [{ model: "gpt-4o-mini" }, "cost not known &#40;not all tokens are known&#41;"],
  ])("says why nobody knows what a run cost (%j)", async (said, told) => {
    const body = { choices: [{}], ...said };
    await using job = await openJob({ respond: () => ({ status_code: 200, body }) });
    const { outputs, summary } = await act(job, {
      operation: "run",
      "input-file": file("tiny.jsonl"),
      "output-file": file("answers.jsonl"),
    });
    expect(outputs["cost"]).toBe("");
    expect(summary()).toContain(told);
  });

  /** Whose batches do not tell their tokens. */
  const silent = { dialect: { batch: (batch: object) => ({ ...batch, usage: null }) } };

  it.each([
    ["limited.jsonl", "0", "**&#36;0** paid"],
    ["tiny.jsonl", "", "no price for tiny"],
  ])("tells that requests of %s that all failed cost '%s'", async (name, cost, told) => {
    await using job = await openJob({ ...silent, outcome: "all_failed" });
    const { outputs, summary } = await act(job, {
      operation: "run",
      "input-file": file(name),
      "error-file": file("errors.jsonl"),
    });
    expect(outputs).toMatchObject({ "request-completed": "0", cost });
    expect(summary()).toContain(told);
  });

  it("takes the price of what was asked where only the batch tells its tokens", async () => {
    const usage = { prompt_tokens: 1_000_000, completion_tokens: 0, total_tokens: 1_000_000 };
    const body = { model: "gpt-4o-mini", choices: [{}], usage };
    await using job = await openJob({
      respond: () => ({ status_code: 200, body }),
      dialect: { batch: (batch) => ({ ...batch, model: "gpt-4o-mini-2024-07-18" }) },
    });
    const { outputs } = await act(job, {
      operation: "run",
      "input-file": file("tiny.jsonl"),
      prices: "tiny=2/1",
    });
    expect(outputs).toMatchObject({ "input-tokens": "1000000", cost: "2" });
  });

  it("tells that moderations cost nothing, in the rows as in the sum", async () => {
    const body = { model: "omni-moderation-2024-09-26", results: [{ flagged: false }] };
    await using job = await openJob({ respond: () => ({ status_code: 200, body }) });
    const moderation = { model: "omni-moderation-latest", input: "hi" };
    writeFileSync(
      file("moderations.jsonl"),
      jsonl([{ custom_id: "m", method: "POST", url: "/v1/moderations", body: moderation }]),
    );
    const { outputs } = await act(job, {
      operation: "run",
      "input-file": file("moderations.jsonl"),
      "answers-file": file("moderated.jsonl"),
      "max-cost": "0",
    });
    expect(outputs).toMatchObject({ "estimated-cost": "0", cost: "0" });
    expect(JSON.parse(readFileSync(file("moderated.jsonl"), "utf8"))).toMatchObject({ cost: 0 });
  });

  it("tells the cost by what the batch says where nobody asks for its files", async () => {
    const usage = {
      prompt_tokens: 1_000_000,
      completion_tokens: 0,
      total_tokens: 1_000_000,
      prompt_tokens_details: { cached_tokens: 400_000 },
    };
    const body = { model: "gpt-4o-mini-2024-07-18", choices: [{}], usage };
    await using job = await openJob({ respond: () => ({ status_code: 200, body }) });
    const { outputs } = await act(job, { operation: "run", "input-file": file("limited.jsonl") });
    expect(outputs).toMatchObject({ "cached-input-tokens": "800000", cost: "0.12" });
    const waited = await act(job, { operation: "wait", "batch-id": outputs["batch-id"] });
    expect(waited.outputs).toMatchObject({ cost: "0.12" });
    const given = await act(job, {
      operation: "retrieve",
      "batch-id": outputs["batch-id"],
      prices: "gpt-4o-mini=1/0.5/1",
    });
    expect(given.outputs).toMatchObject({ cost: "1.6" });
  });

  it.each(["wait", "retrieve", "run"])(
    "takes the price of what was asked, whatever name answers, where %s has the input",
    async (operation) => {
      const usage = { prompt_tokens: 1_000_000, completion_tokens: 0, total_tokens: 1_000_000 };
      const body = { model: "gpt-4o-mini-2024-07-18", choices: [{}], usage };
      const respond = () => ({ status_code: 200, body });
      const phases = { validating: 0, inProgress: 0, finalizing: 0 };
      await using job = await openJob({ respond, phases });
      const messages = [{ role: "user", content: "hi" }];
      const line = (custom_id: string, model: string) =>
        JSON.stringify({ custom_id, method: "POST", url: ENDPOINT, body: { model, messages } });
      const input = file(`deployments-${operation}.jsonl`);
      for (const second of ["mine", "yours"]) {
        writeFileSync(input, `${line("1", "mine")}\n${line("2", second)}\n`);
        const created = await act(job, { operation: "create", "input-file": input });
        const { outputs } = await act(job, {
          operation,
          "batch-id": created.outputs["batch-id"],
          "input-file": input,
          "output-file": file("answers.jsonl"),
          "answers-file": file("answers.csv"),
          prices: "mine=1/1\nyours=2/1",
        });
        expect(outputs).toMatchObject({ cost: second === "mine" ? "2" : "3" });
      }
    },
  );

  it("does not send a retry round that would pass it, and judges by what is there", async () => {
    const usage = { prompt_tokens: 8, completion_tokens: 1_500_000, total_tokens: 1_500_008 };
    const body = { model: "gpt-4o-mini", choices: [{}], usage };
    await using job = await openJob({
      respond: ({ custom_id }) =>
        custom_id === "l"
          ? { error: { code: "batch_expired", message: "Too late." } }
          : { status_code: 200, body },
    });
    const inputs = {
      operation: "run",
      "input-file": file("limited.jsonl"),
      "output-file": file("answers.jsonl"),
      "error-file": file("errors.jsonl"),
      "retry-failed": "1",
      prices: "gpt-4o-mini=0/1",
      "reuse-existing": "false",
    };
    const held = await act(job, { ...inputs, "max-cost": "2" });
    expect(held.failures).toEqual([]);
    expect(held.outputs).toMatchObject({ cost: "1.5", "request-failed": "1" });
    expect(held.said.filter((line) => line.includes("not sent again"))).toEqual([
      "warning: 1 request that failed for a transient reason is not sent again (`max-cost`): $1.50 has been paid, and another $1.00 by estimate would be more than $2.00.",
    ]);
    expect(job.simulator.batches).toHaveLength(1);
    const sent = await act(job, { ...inputs, "max-cost": "2.5" });
    expect(sent.failures).toEqual([]);
    expect(job.simulator.batches).toHaveLength(3);
  });

  it("is refused for a file that is on the server already", async () => {
    await using job = await openJob();
    const { failures } = await act(job, {
      operation: "create",
      "input-file-id": "file-1",
      endpoint: ENDPOINT,
      "max-cost": "1",
    });
    expect(failures.join()).toContain("`max-cost` needs `input-file`");
  });
});

/** OpenAI's own host, as far as models go; nothing leaves the machine. */
function openAI(models: Readonly<Record<string, object | APIError>>) {
  const asked: string[] = [];
  const transport: Transport = {
    json({ method, path }) {
      asked.push(`${method} ${path}`);
      const answer = models[path.replace("/models/", "")];
      if (answer === undefined) {
        return Promise.reject(new APIError("No such thing.", { status: 404 }));
      }
      return answer instanceof APIError ? Promise.reject(answer) : Promise.resolve(answer);
    },
    open: () => Promise.reject(new APIError("Nothing is streamed here.", { status: 404 })),
    broken: () => new Error("Nothing is streamed here."),
  };
  const baseURL = "https://eu.api.openai.com/v1";
  const client = new BatchClient({ apiKey: "sk-of-nobody", baseURL, transport, maxRetries: 0 });
  return { asked, client };
}

async function stepAt(
  { client }: ReturnType<typeof openAI>,
  inputs: Readonly<Record<string, string | undefined>>,
) {
  const recorded = recordingToolkit({ "api-key": "sk-of-nobody", ...inputs });
  await runStep(recorded.toolkit, {}, undefined, { connect: () => client });
  return recorded;
}

describe("the models of the requests, on OpenAI's own hosts", () => {
  const model = { id: "gpt-5-nano", object: "model" };

  it("are asked for once each, and nothing is said of one that is there", async () => {
    const server = openAI({ "gpt-5-nano": model });
    const inputs = { operation: "check", "input-file": file("chats.jsonl") };
    const { failures, said } = await stepAt(server, inputs);
    expect(server.asked).toEqual(["GET /models/gpt-5-nano"]);
    expect(failures).toEqual([]);
    expect(said.filter((line) => line.startsWith("warning: "))).toEqual([]);
  });

  it("are not asked for without a key", async () => {
    const server = openAI({});
    const inputs = { ...keyless, operation: "check", "input-file": file("chats.jsonl") };
    const { failures } = await stepAt(server, inputs);
    expect([server.asked, failures]).toEqual([[], []]);
  });

  it.each(["check", "create", "run"])("fail %s where one is not there", async (operation) => {
    const server = openAI({});
    const { failures } = await stepAt(server, { operation, "input-file": file("chats.jsonl") });
    expect(failures.join()).toContain("The server does not know the model gpt-5-nano");
    expect(server.asked).toEqual(["GET /models/gpt-5-nano"]);
  });

  it("are warned of where the end is near", async () => {
    const soon = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    const server = openAI({ "gpt-5-nano": { ...model, shutdown_date: soon } });
    const inputs = { operation: "check", "input-file": file("chats.jsonl") };
    const { failures, said } = await stepAt(server, inputs);
    expect(failures).toEqual([]);
    expect(said.join("\n")).toContain(`warning: Model gpt-5-nano: it will be shut down on ${soon}`);
  });

  it("are no obstacle where the key may not read them, and a wrong key is told", async () => {
    const inputs = { operation: "check", "input-file": file("chats.jsonl") };
    const scope = new APIError("Missing scopes: model.read", { status: 403 });
    const { failures, said } = await stepAt(openAI({ "gpt-5-nano": scope }), inputs);
    expect([failures, said.filter((line) => line.startsWith("warning: "))]).toEqual([[], []]);
    const wrong = new APIError("Incorrect API key provided.", {
      status: 401,
      code: "invalid_api_key",
    });
    const refused = await stepAt(openAI({ "gpt-5-nano": wrong }), inputs);
    expect(refused.failures.join()).toContain("Incorrect API key provided.");
  });
});
