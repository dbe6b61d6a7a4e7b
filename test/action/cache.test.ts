import { appendFileSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { chats, jsonl } from "../e2e/requests.ts";
import { atOnce, openScene, type Scene, warningsOf } from "./github/scene.ts";
import { problemsOf } from "./problems.ts";

function run(scene: Scene, requests = 3) {
  writeFileSync(scene.path("in.jsonl"), jsonl(chats(requests)));
  return {
    operation: "run",
    "input-file": scene.path("in.jsonl"),
    "output-file": scene.path("out.jsonl"),
    "error-file": scene.path("err.jsonl"),
    "cache-file": scene.path("cache.jsonl"),
  };
}

/** A run of its own of the same workflow. */
const later = (number: number) => ({ GITHUB_RUN_ID: String(2_000_000_000 + number) });

describe("run with cache-file", () => {
  it("makes no batch when everything is cached, and is a success that cost nothing", async () => {
    await using scene = await openScene(atOnce);
    const first = await scene.act(run(scene));
    const output = readFileSync(scene.path("out.jsonl"), "utf8");
    const second = await scene.act(run(scene), later(1));
    expect([...first.failures, ...second.failures]).toEqual([]);
    expect(scene.job.simulator.batches).toHaveLength(1);
    expect(readFileSync(scene.path("out.jsonl"), "utf8")).toBe(output);
    expect(first.outputs).toMatchObject({ "request-cached": "0", "batch-count": "1" });
    expect(second.outputs["batch-id"] ?? "").toBe("");
    expect(second.outputs).toMatchObject({
      done: "true",
      status: "completed",
      conclusion: "success",
      "batch-count": "0",
      "request-total": "3",
      "request-completed": "3",
      "request-failed": "0",
      "request-cached": "3",
      "request-unsent": "0",
      "input-tokens": "0",
      "output-tokens": "0",
      "total-tokens": "0",
      "output-file": scene.path("out.jsonl"),
    });
  });

  it.each([{ prices: "gpt-5-nano=1/1" }, { "max-cost": "0.000001" }])(
    "estimates nothing for what is cached, and sends it past any bound (%j)",
    async (given) => {
      await using scene = await openScene(atOnce);
      await scene.act(run(scene));
      const step = await scene.act({ ...run(scene), ...given }, later(1));
      expect(step.failures).toEqual([]);
      const nothing = { "estimated-input-tokens": "0", "estimated-cost": "0", cost: "0" };
      expect(step.outputs).toMatchObject({ ...nothing, "request-cached": "3" });
    },
  );

  it("says what the cache has saved, by the answers that were taken from it", async () => {
    const usage = { prompt_tokens: 1_000_000, completion_tokens: 0, total_tokens: 1_000_000 };
    const respond = ({ custom_id }: { readonly custom_id: string }) => {
      const finish_reason = custom_id === "r1" ? "length" : "stop";
      const message = { role: "assistant", content: "x" };
      const choices = [{ index: 0, message, finish_reason }];
      return { status_code: 200, body: { model: "gpt-4o-mini", choices, usage } };
    };
    await using scene = await openScene({ ...atOnce, respond });
    const first = await scene.act(run(scene));
    expect(first.summary()).not.toContain("saved by the cache");
    const again = { ...run(scene, 4), "reject-answers": "truncated" };
    const second = await scene.act(again, later(1));
    expect(second.outputs).toMatchObject({ "request-cached": "2", cost: "0.15" });
    expect(second.summary()).toContain("· &#36;0.15 saved by the cache");
    const third = await scene.act({ ...run(scene, 4), prices: "gpt-5-nano=1/1" }, later(2));
    expect(third.outputs).toMatchObject({ "request-cached": "4", cost: "0" });
    expect(third.summary()).toContain("**&#36;0** paid · &#36;4.00 saved by the cache");
  });

  it("does not call what may have been paid nothing, where no answer says whether a batch is there", async () => {
    await using scene = await openScene(atOnce);
    const inputs = { ...run(scene), "max-retries": "0", timeout: "3s" };
    await scene.act(inputs);
    scene.job.simulator.addFault({
      method: "POST",
      path: "/batches",
      fault: { kind: "status-after", status: 500 },
    });
    scene.job.simulator.addFault({
      method: "GET",
      path: "/batches",
      skip: 1,
      times: Infinity,
      fault: { kind: "status", status: 500 },
    });
    const step = await scene.act({ ...inputs, ...run(scene, 4) }, later(1));
    expect(step.failures).toHaveLength(1);
    expect(scene.job.simulator.batches).toHaveLength(2);
    expect(step.outputs).toMatchObject({ "request-cached": "3", done: "false", cost: "" });
  });

  it("shows a commit status also where no batch was needed, beside those of other batches", async () => {
    await using scene = await openScene(atOnce);
    const followed = { ...run(scene), "commit-status": "nightly" };
    await scene.act(followed);
    const other = { GITHUB_SHA: "b".repeat(40) };
    await scene.act({ ...followed, ...run(scene, 4) }, later(9));
    expect(scene.shown().at(-1)).toMatch(/^success batch_\S+: 1 answer$/);
    run(scene);
    const step = await scene.act(followed, { ...later(1), ...other });
    expect(warningsOf(step)).toEqual([]);
    expect(scene.shown(other.GITHUB_SHA)).toEqual(["success 3 answers, all from the cache"]);
    await scene.endJob(step, "success", { ...followed, operation: "run" });
    expect(scene.shown(other.GITHUB_SHA)).toHaveLength(1);
    await scene.act(
      { operation: "create", "input-file": scene.requestFile(), "commit-status": "nightly" },
      { ...later(2), ...other },
    );
    await scene.act(followed, { ...later(3), ...other });
    expect(scene.shown(other.GITHUB_SHA).at(-1)).toBe("pending 3 answers, all from the cache");
  });

  it("says in log and summary what was paid and what was not", async () => {
    await using scene = await openScene(atOnce);
    const first = await scene.act(run(scene));
    const second = await scene.act(run(scene, 4), later(1));
    expect(first.said).toContainEqual("info: 0 of 3 requests are answered by the cache.");
    expect(first.said).toContainEqual(
      expect.stringMatching(/^info: Added 3 answers of batch_\S+ to the cache\.$/),
    );
    expect(second.said).toContainEqual(`info: ${scene.path("cache.jsonl")} holds 3 answers.`);
    expect(second.said).toContainEqual("info: 3 of 4 requests are answered by the cache.");
    expect(second.summary()).toContain("4 requests · 4 answered · 3 from the cache · ");
    expect(second.summary()).toMatch(/^\| <code>batch_\S+ \| ✅ completed \| 1 \| 0 \|/m);
    expect(second.outputs).toMatchObject({ "request-cached": "3", "request-completed": "4" });
    expect(scene.job.simulator.batches.map(({ request_counts: { total } }) => total)).toEqual([
      3, 1,
    ]);
  });

  it("counts what is cached while the rest still runs", async () => {
    // The server's time passes with each look at it, and then no more.
    const time = { now: Date.UTC(2026, 0, 1), step: 60_000 };
    await using scene = await openScene({
      now: () => (time.now += time.step),
      phases: { validating: 0 },
    });
    await scene.act(run(scene));
    time.step = 0;
    const late = { "on-timeout": "continue", timeout: "0.3s" };
    const step = await scene.act({ ...run(scene, 5), ...late }, later(1));
    expect(step.failures).toEqual([]);
    expect(step.outputs).toMatchObject({
      done: "false",
      conclusion: "pending",
      "request-total": "5",
      "request-completed": "3",
      "request-cached": "3",
    });
  });

  it("warns of lines that cannot be read, and of the first one's place", async () => {
    await using scene = await openScene(atOnce);
    await scene.act(run(scene));
    appendFileSync(scene.path("cache.jsonl"), '{"key":"00\nnonsense\n');
    const step = await scene.act(run(scene), later(1));
    expect(warningsOf(step)).toEqual([
      `warning: 2 lines of ${scene.path("cache.jsonl")} could not be read (the first is line 4) and were left out; the requests that need them are sent.`,
    ]);
    expect(step.outputs).toMatchObject({ "request-cached": "3", "batch-count": "0" });
  });

  it("sends the request of an answer that turns out broken, and says where it stands", async () => {
    await using scene = await openScene(atOnce);
    await scene.act(run(scene));
    const path = scene.path("cache.jsonl");
    const lines = readFileSync(path, "utf8").split("\n");
    lines[1] = lines[1]?.replace('"response":{', '"response":{{') ?? "";
    writeFileSync(path, lines.join("\n"));
    const step = await scene.act(run(scene), later(1));
    expect(step.failures).toEqual([]);
    expect(warningsOf(step)).toEqual([
      expect.stringMatching(
        /^warning: 1 line of .*cache\.jsonl could not be read \(the first is line 2\)/,
      ),
    ]);
    expect(step.outputs).toMatchObject({ "request-cached": "2", "request-completed": "3" });
    const again = await scene.act(run(scene), later(2));
    expect(again.outputs).toMatchObject({ "request-cached": "3", "batch-count": "0" });
  });

  it("does nothing with batch-id, which a warning says", async () => {
    await using scene = await openScene(atOnce);
    const id = await scene.submit();
    const path = scene.path("cache.jsonl");
    const step = await scene.act({ operation: "run", "batch-id": id, "cache-file": path });
    expect(step.failures).toEqual([]);
    expect(warningsOf(step)).toEqual([expect.stringMatching(/`cache-file` does nothing here/)]);
  });

  it("is followed through a link", async () => {
    await using scene = await openScene(atOnce);
    symlinkSync(scene.path("kept.jsonl"), scene.path("cache.jsonl"));
    await scene.act(run(scene));
    expect(readFileSync(scene.path("kept.jsonl"), "utf8").trim().split("\n")).toHaveLength(3);
    const step = await scene.act(run(scene), later(1));
    expect(step.outputs).toMatchObject({ "request-cached": "3" });
  });

  it.each<[string, Readonly<Record<string, string>>, RegExp]>([
    ["a device", { "cache-file": "/dev/null" }, /`cache-file`.*device/],
    ["a folder", { "cache-file": "." }, /`cache-file`.*folder/],
    ["the output file", { "cache-file": "o.jsonl", "output-file": "o.jsonl" }, /same file/],
    ["the input file", { "cache-file": "examples/requests.jsonl" }, /same file/],
    [
      "the file of a run that only names an uploaded file",
      { "input-file": "", "input-file-id": "file-1", endpoint: "/v1/responses", "cache-file": "c" },
      /`cache-file` needs `input-file`/,
    ],
  ])("is refused where it is %s", async (_, given, told) => {
    const all = { operation: "run", "api-key": "sk-1", "input-file": "examples/requests.jsonl" };
    expect(await problemsOf({ ...all, ...given })).toEqual([expect.stringMatching(told)]);
  });

  it("goes with on-timeout: dispatch, and says what the run that goes on does not have", async () => {
    const time = { now: Date.now(), step: 60_000 };
    await using scene = await openScene({
      now: () => (time.now += time.step),
      phases: { validating: 0 },
    });
    await scene.act(run(scene));
    time.step = 0;
    const inputs = { ...run(scene, 5), "on-timeout": "dispatch", timeout: "0.3s" };
    const step = await scene.act(inputs, later(1));
    expect(step.failures).toEqual([]);
    expect(warningsOf(step)).toEqual([
      expect.stringMatching(/the run that goes on has the answers of its batches only/),
      "warning: 3 answers from the cache are in the files of this run only: the run that goes on has those of its batches.",
    ]);
    expect(readFileSync(scene.path("out.jsonl"), "utf8").trim().split("\n")).toHaveLength(3);
    const id = step.outputs["batch-id"] ?? "";
    expect(scene.github.dispatches).toEqual([{ ref: "main", inputs: { "batch-id": id } }]);
    time.step = 60_000;
    const kept = readFileSync(scene.path("cache.jsonl"), "utf8");
    const next = await scene.act({ ...inputs, timeout: "20s", "batch-id": id }, later(2));
    expect(next.failures).toEqual([]);
    expect(warningsOf(next)).toContainEqual(
      expect.stringMatching(/`cache-file` does nothing here/),
    );
    expect(next.outputs).toMatchObject({ done: "true", "request-completed": "2" });
    expect(readFileSync(scene.path("cache.jsonl"), "utf8")).toBe(kept);
  });

  it("says nothing of a hand-over where retry-failed is of no use anyway", async () => {
    await using scene = await openScene(atOnce);
    const id = await scene.submit();
    const step = await scene.act({
      ...{ operation: "run", "batch-id": id, "on-timeout": "dispatch" },
      ...{ "retry-failed": "2", "cache-file": scene.path("cache.jsonl") },
    });
    expect(step.failures).toEqual([]);
    expect(warningsOf(step)).toEqual([
      expect.stringMatching(/`retry-failed` does nothing here/),
      expect.stringMatching(/`cache-file` does nothing here/),
    ]);
  });
});
