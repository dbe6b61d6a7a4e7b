import { describe, expect, it } from "vitest";
import { errorsOf, openJob } from "./job.ts";
import { chat, chats, ENDPOINT, jsonl } from "./requests.ts";

const create = { operation: "create", "input-file": "requests.jsonl" };

describe("a request file with lines that would fail the batch", () => {
  it.each<[string, object | string, string]>([
    ["no JSON", '{"custom_id": "r2",', "invalid_json_line"],
    ["no object", "[1, 2]", "invalid_json_line"],
    ["a repeated custom_id", chat("r1"), "duplicate_custom_id"],
    ["another url", { ...chat("r2"), url: "/v1/responses" }, "url_mismatch"],
    ["a GET", { ...chat("r2"), method: "GET" }, "method"],
    ["no custom_id", { ...chat("r2"), custom_id: undefined }, "custom_id"],
    ["no url", { ...chat("r2"), url: "" }, "url"],
    ["no body", { ...chat("r2"), body: "text" }, "body"],
    ["a stream", { ...chat("r2"), body: { model: "m", stream: true } }, "stream"],
  ])("names file and line of %s, and uploads nothing", async (_, line, told) => {
    await using job = await openJob();
    job.write("requests.jsonl", `${jsonl([chat("r1"), ""])}${jsonl([line, chat("r9")])}`);
    const result = await job.run(create);
    expect(result.exitCode).toBe(1);
    expect(result.annotations[0]).toMatchObject({ kind: "error", file: "requests.jsonl", line: 3 });
    expect(result.annotations[0]?.message).toContain(told);
    expect(errorsOf(result).at(-1)).toContain("requests.jsonl:3: ");
    expect(job.simulator.files).toEqual([]);
    expect(job.simulator.batches).toEqual([]);
  });

  it("names no more lines than GitHub shows, and says how many there are", async () => {
    await using job = await openJob();
    job.write("requests.jsonl", jsonl(Array.from({ length: 70 }, () => "no json")));
    const result = await job.run(create);
    const errors = errorsOf(result);
    // GitHub shows ten of a kind, and the last one says it all.
    expect(errors.length).toBeLessThanOrEqual(10);
    expect(errors.at(-1)).toContain("70 problems");
    expect(errors.at(-1)?.length).toBeLessThanOrEqual(4_096);
    expect(job.simulator.files).toEqual([]);
  });

  it.each(["", "\n \n", "\uFEFF"])("that holds no request (%j) is told as empty", async (text) => {
    await using job = await openJob();
    job.write("requests.jsonl", text);
    const result = await job.run(create);
    expect(result.exitCode).toBe(1);
    expect(errorsOf(result).join()).toContain("empty_file");
    expect(job.simulator.files).toEqual([]);
  });

  it("and with an endpoint that is not theirs is refused", async () => {
    await using job = await openJob();
    job.write("requests.jsonl", jsonl(chats(1)));
    const result = await job.run({ ...create, endpoint: "/v1/embeddings" });
    expect(errorsOf(result)).toEqual([expect.stringContaining("`endpoint` is `/v1/embeddings`")]);
    expect(job.simulator.files).toEqual([]);
  });

  it("never shows what is in the lines", async () => {
    await using job = await openJob();
    const secret = "the patient's name";
    job.write(
      "requests.jsonl",
      jsonl([`{"prompt": "${secret}"`, { ...chat("a", secret), url: 1 }]),
    );
    const result = await job.run(create);
    expect(result.exitCode).toBe(1);
    expect(result.raw + result.summary + JSON.stringify(result.outputs)).not.toContain(secret);
  });
});

describe("a request file of 20 MB", () => {
  it("goes to the server byte for byte and its answers come back", async () => {
    await using job = await openJob();
    const text = "x".repeat(10_000);
    const content = jsonl(Array.from({ length: 2_000 }, (_, index) => chat(`r${index}`, text)));
    job.write("big.jsonl", content);
    const result = await job.run({
      operation: "run",
      "input-file": "big.jsonl",
      "output-file": "results.jsonl",
    });
    expect(content.length).toBeGreaterThan(20_000_000);
    expect(result.exitCode).toBe(0);
    expect(job.simulator.files[0]?.bytes).toBe(content.length);
    expect(result.outputs["request-completed"]).toBe("2000");
    expect(job.results("results.jsonl")).toHaveLength(2_000);
  });

  it("is sent again from its start after a lost connection (azure-sdk-for-js#31148)", async () => {
    await using job = await openJob({
      faults: [{ method: "POST", path: "/files", fault: { kind: "drop-before" } }],
    });
    const content = jsonl([chat("r1", "x".repeat(5_000_000))]);
    job.write("requests.jsonl", content);
    const result = await job.run({ ...create, endpoint: ENDPOINT });
    expect(result.exitCode).toBe(0);
    expect(job.simulator.files[0]?.bytes).toBe(content.length);
    expect(result.log.join("\n")).toContain("POST /files: attempt 1 failed");
  });
});
