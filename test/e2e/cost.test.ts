import { describe, expect, it } from "vitest";
import { hurried } from "./hurry.ts";
import { openJob } from "./job.ts";
import { ENDPOINT, jsonl } from "./requests.ts";

const body = {
  model: "gpt-4o-mini",
  messages: [{ role: "user", content: "hi" }],
  max_completion_tokens: 1_000_000,
};
const requests = jsonl([
  { custom_id: "a", method: "POST", url: ENDPOINT, body },
  { custom_id: "b", method: "POST", url: ENDPOINT, body: { ...body, model: "gpt-5-mini" } },
]);

describe("the built action", () => {
  it("checks an input without a key and without a call", async () => {
    await using job = await openJob();
    const file = job.write("requests.jsonl", requests);
    const { exitCode, outputs, summary } = await job.run({
      "api-key": undefined,
      operation: "check",
      "input-file": file,
    });
    expect([exitCode, job.calls()]).toEqual([0, []]);
    expect(outputs).toMatchObject({
      "batch-count": "2",
      "request-total": "2",
      "estimated-input-tokens": "16",
      // A million tokens out at 0.30 and at 1.00, eight in at 0.075 and at 0.125.
      "estimated-cost": "1.3000016",
    });
    expect(summary).toContain("checked, nothing sent");
  });

  it("uploads nothing above max-cost", async () => {
    await using job = await openJob();
    const file = job.write("requests.jsonl", requests);
    const inputs = { operation: "run", "input-file": file, "max-cost": "1.29" };
    const { exitCode, annotations } = await job.run(inputs);
    expect([exitCode, job.calls()]).toEqual([1, []]);
    expect(annotations.map(({ message }) => message).join()).toContain("more than $1.29");
  });

  it("tells what the answers cost, whatever their order and their model", async () => {
    await using job = await openJob({ inputTokens: () => 1_000_000 });
    const file = job.write("requests.jsonl", requests);
    const { exitCode, outputs } = await job.run({
      operation: "run",
      "input-file": file,
      "output-file": "answers.jsonl",
      prices: "gpt-5-mini=2/0",
      "max-cost": "5",
    });
    expect(exitCode).toBe(0);
    const { output_tokens: output = 0 } = job.simulator.ledger().charges[0] ?? {};
    const expected = 2 + 0.075 + (output * 0.3) / 1e6;
    expect(Number(outputs["cost"])).toBeCloseTo(expected, 10);
    expect(outputs).toMatchObject({ "cached-input-tokens": "0", "reasoning-tokens": "0" });
  });

  it("does not call nothing what results may hold that could not be read", async () => {
    await using job = await openJob({ dialect: { batch: (batch) => ({ ...batch, usage: null }) } });
    const gone = { kind: "status", status: 404 } as const;
    job.simulator.addFault({ path: "/files/*/content", times: Infinity, fault: gone });
    const file = job.write("requests.jsonl", requests);
    const { exitCode, outputs } = await job.run(
      { operation: "run", "input-file": file, "output-file": "answers.jsonl" },
      { env: hurried(50) },
    );
    expect([exitCode, outputs["request-total"], outputs["cost"]]).toEqual([1, "2", ""]);
  });
});
