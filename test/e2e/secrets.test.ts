import { describe, expect, it } from "vitest";
import { hurried } from "./hurry.ts";
import { ended, errorsOf, openJob, said } from "./job.ts";
import { chats, chat, jsonl } from "./requests.ts";

const debug = { env: { RUNNER_DEBUG: "1" } };

describe("a secret", () => {
  const secrets = {
    "api-key": "sk-input-0123456789",
    variable: "sk-variable-0123456789",
    header: "header-0123456789",
    token: "gateway-token-0123456789",
  };
  const inputs = {
    operation: "retrieve",
    "batch-id": "batch_1",
    "api-key": secrets["api-key"],
    headers: `X-Gateway-Key: ${secrets.header}\nX-Gateway-Auth: Bearer ${secrets.token}`,
    "max-retries": "0",
  };
  const settings = { env: { ...debug.env, OPENAI_API_KEY: secrets.variable } };
  const echo = (text: string) => ({
    error: { message: text, type: text, param: text, code: "invalid_api_key" },
  });

  it.each(Object.entries(secrets))(
    "(%s) is masked before anything else is said",
    async (_, value) => {
      await using job = await openJob();
      const { raw } = await job.run(inputs, settings);
      const lines = raw.split("\n");
      const masked = lines.indexOf(`::add-mask::${value}`);
      const first = lines.findIndex((line) => !line.startsWith("::add-mask::"));
      expect(masked).toBeGreaterThan(-1);
      expect(masked).toBeLessThan(first);
    },
  );

  // The key of the variable is never sent here, so no server can repeat it.
  it.each(Object.entries(secrets).filter(([name]) => name !== "variable"))(
    "(%s) is not printed although the server repeats it",
    async (_, value) => {
      await using job = await openJob({
        faults: [
          {
            times: Infinity,
            fault: { kind: "status", status: 401, body: echo(`Incorrect key: ${value}`) },
          },
        ],
      });
      const result = await job.run(inputs, settings);
      expect(errorsOf(result).join()).toMatch(/401.*Incorrect key/);
      expect(said(result)).not.toContain(value);
    },
  );

  it("is masked also where the inputs are wrong", async () => {
    await using job = await openJob();
    const headers = `{"api-key": "${secrets.header}", broken`;
    const result = await job.run({ ...inputs, operation: "none", headers }, settings);
    expect(result.raw).toContain(`::add-mask::${secrets.header}\n`);
    expect(said(result)).not.toContain(secrets.header);
    expect(said(result)).not.toContain(secrets["api-key"]);
  });

  it("is not printed through a whole run", async () => {
    await using job = await openJob({ outcome: "mixed" });
    const file = job.write("requests.jsonl", jsonl(chats(4)));
    const result = await job.run(
      { ...inputs, operation: "run", "batch-id": undefined, "input-file": file },
      settings,
    );
    expect(result.exitCode).toBe(0);
    for (const value of Object.values(secrets)) expect(said(result)).not.toContain(value);
    expect(result.raw).toContain("::debug::");
  });

  it("that is a number in a JSON of headers is masked too", async () => {
    await using job = await openJob();
    const { raw } = await job.run({ ...inputs, headers: '{"X-Key": 123456789012}' });
    expect(raw).toContain("::add-mask::123456789012\n");
  });
});

describe("prompts and answers", () => {
  const marker = "MARKER-7f3a";

  it.each(["completed", "mixed", "expired", "failed"] as const)(
    "of a batch that is %s are in the results only",
    async (outcome) => {
      await using job = await openJob({ outcome });
      const lines = Array.from({ length: 8 }, (_, index) =>
        chat(`r${index}`, `${marker} ${index}`),
      );
      job.write("requests.jsonl", jsonl(lines));
      const result = await job.run(
        {
          operation: "run",
          "input-file": "requests.jsonl",
          "output-file": "results.jsonl",
          "error-file": "errors.jsonl",
        },
        debug,
      );
      expect(said(result)).not.toContain(marker);
      expect(JSON.stringify(result.annotations)).not.toContain(marker);
      if (outcome === "completed") expect(job.read("results.jsonl")).toContain(marker);
    },
  );

  it("are not shown from result lines that cannot be read", async () => {
    await using job = await openJob();
    const id = await job.submit();
    await ended(job);
    job.simulator.addFault({
      path: "/files/*/content",
      times: Infinity,
      fault: { kind: "status", status: 200, body: [marker] },
    });
    const result = await job.run(
      { operation: "retrieve", "batch-id": id, "output-file": "results.jsonl" },
      { env: { ...debug.env, ...hurried(20) } },
    );
    expect([result.exitCode, result.outputs["output-file"] ?? ""]).toEqual([1, ""]);
    expect(said(result)).not.toContain(marker);
  });
});
