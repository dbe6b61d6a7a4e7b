import { describe, expect, it } from "vitest";
import { errorsOf, openJob } from "./job.ts";

/** An account with batches of two teams by turns, and their ids, newest first as the API lists them. */
async function openFilledJob(count: number) {
  const job = await openJob({ phases: { validating: Infinity } });
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const metadata = { team: index % 2 === 0 ? "search" : "ads", number: String(index) };
    ids.unshift(await job.submit({ lines: [], metadata }));
  }
  return { ...job, ids };
}

describe("list", () => {
  it("returns as many as asked for, newest first, and a cursor to go on from", async () => {
    await using job = await openFilledJob(5);
    const { ids } = job;
    const first = await job.run({ operation: "list", limit: "2" });
    expect(first).toMatchObject({
      exitCode: 0,
      outputs: { "batch-id": ids.slice(0, 2).join(","), "has-more": "true", "last-id": ids[1] },
    });
    const rest = await job.run({ operation: "list", after: first.outputs["last-id"] });
    expect(rest.outputs).toMatchObject({
      "batch-id": ids.slice(2).join(","),
      "has-more": "false",
      "last-id": ids[4],
    });
    expect(JSON.parse(rest.outputs["batches"] ?? "")).toHaveLength(3);
  });

  it("returns 20 by default, and all pages of every one for 0", async () => {
    await using job = await openFilledJob(105);
    const { ids } = job;
    const some = await job.run({ operation: "list" });
    const all = await job.run({ operation: "list", limit: "0" });
    expect(some.outputs["batch-id"]?.split(",")).toEqual(ids.slice(0, 20));
    expect(some.outputs["has-more"]).toBe("true");
    expect(all.outputs["batch-id"]?.split(",")).toEqual(ids);
    expect(all.outputs["has-more"]).toBe("false");
  });

  it("chooses by metadata, on as many pages as it takes", async () => {
    await using job = await openFilledJob(104);
    const { ids } = job;
    const result = await job.run({
      operation: "list",
      "match-metadata": "team=search\nnumber=0",
      limit: "1",
    });
    expect(result.exitCode).toBe(0);
    expect(result.outputs["batch-id"]).toBe(ids.at(-1));
  });

  it("chooses by status", async () => {
    await using job = await openFilledJob(2);
    const none = await job.run({ operation: "list", "match-status": "completed, FAILED" });
    const both = await job.run({ operation: "list", "match-status": "Validating" });
    expect(none).toMatchObject({ exitCode: 0, outputs: { batches: "[]", done: "true" } });
    expect(none.outputs["batch-id"] ?? "").toBe("");
    expect(JSON.parse(both.outputs["batches"] ?? "")).toHaveLength(2);
  });

  it("of an account without batches is empty and no error", async () => {
    await using job = await openJob();
    const result = await job.run({ operation: "list" });
    expect(result).toMatchObject({
      exitCode: 0,
      outputs: { batches: "[]", "has-more": "false", "last-id": "", status: "" },
    });
  });

  it("fails for a cursor that the server does not know", async () => {
    await using job = await openJob();
    const result = await job.run({ operation: "list", after: "batch_gone" });
    expect(result.exitCode).toBe(1);
    expect(errorsOf(result).join()).toMatch(/404.*req_.*batch_gone/s);
  });
});
