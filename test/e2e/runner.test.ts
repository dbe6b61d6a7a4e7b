import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { runAction, startStep } from "./runner.ts";

const fixture = (name: string) => join(import.meta.dirname, "fixtures", name);
const quick = { interrupt: 0, terminate: 150, kill: 300 };

afterEach(() => {
  vi.unstubAllEnvs();
});

async function environmentOf(
  inputs: Record<string, string>,
  env: Record<string, string> = {},
): Promise<Readonly<Record<string, unknown>>> {
  const result = await runAction({ root: fixture("report"), inputs, env });
  const environment: unknown = JSON.parse(result.outputs["environment"] ?? "");
  return Object.fromEntries<unknown>(Object.entries(environment ?? {}));
}

describe("inputs", () => {
  it("take defaults and expressions from action.yml", async () => {
    const env = await environmentOf({});
    expect(env).toMatchObject({
      INPUT_PLAIN: "from action.yml",
      "INPUT_JOB-STATUS": "success",
      INPUT_TWO_WORDS: "spaced",
    });
    expect(env["INPUT_GITHUB-TOKEN"]).toMatch(/^ghs_/);
  });

  it("prefer an empty text to the default", async () => {
    expect(await environmentOf({ plain: "" })).toMatchObject({ INPUT_PLAIN: "" });
  });

  it("are found whatever the case of their name", async () => {
    expect(await environmentOf({ Plain: "given" })).toMatchObject({ INPUT_PLAIN: "given" });
  });

  it("that are unknown are passed on with a warning", async () => {
    const inputs = { plian: "x" };
    expect(await environmentOf(inputs)).toMatchObject({ INPUT_PLIAN: "x" });
    const { annotations } = await runAction({ root: fixture("report"), inputs });
    expect(annotations[0]).toEqual({
      kind: "warning",
      message:
        "Unexpected input(s) 'plian', valid inputs are ['plain', 'job-status', 'github-token', 'two words']",
    });
  });

  it("with an expression that the runner does not know are refused", () => {
    const inputs = { plain: "${{ secrets.KEY }}" };
    expect(() => startStep({ root: fixture("report"), inputs })).toThrow("${{ secrets.KEY }}");
  });
});

describe("the environment", () => {
  it("is the runner's, and nothing of the parent's", async () => {
    vi.stubEnv("OPENAI_API_KEY", "sk-parent");
    vi.stubEnv("INPUT_PLAIN", "parent");
    const env = await environmentOf({}, { OPENAI_BASE_URL: "http://localhost:1" });
    expect(env).toMatchObject({
      GITHUB_ACTIONS: "true",
      CI: "true",
      GITHUB_REPOSITORY: "octocat/hello-world",
      GITHUB_RUN_ID: "1234567890",
      OPENAI_BASE_URL: "http://localhost:1",
      INPUT_PLAIN: "from action.yml",
    });
    expect(env).not.toHaveProperty("OPENAI_API_KEY");
    expect(env).not.toHaveProperty("GITHUB_TOKEN");
  });

  it("is gone after the step", async () => {
    const env = await environmentOf({});
    expect(existsSync(String(env["RUNNER_TEMP"]))).toBe(false);
  });
});

describe("a finished step", () => {
  it("has the outputs, state and summary that it wrote", async () => {
    const result = await runAction({ root: fixture("report"), inputs: {} });
    expect(result).toMatchObject({
      exitCode: 0,
      signal: null,
      conclusion: "success",
      state: { "batch-id": "batch_1" },
      summary: "# Done\n",
    });
    expect(result.outputs).toMatchObject({ lines: "first\n\nname=not a pair", short: "a=b<<c" });
  });

  it("shows its log as GitHub does, with secrets masked", async () => {
    const { log, raw, annotations } = await runAction({ root: fixture("report"), inputs: {} });
    const stdout = log.filter((line) => !/^Error|^line/.test(line));
    expect(stdout).toEqual([
      "the key is ***",
      "Warning: careful",
      "Notice: note",
      "▼ Group",
      "inside",
      "::unknown::shown",
      "one",
      "Notice: returned",
      "Notice: older",
      "##[unknown]shown",
      "::error::not a command",
      "no newline at the end",
    ]);
    expect(raw).toContain("::add-mask::hunter%25two\nthe key is hunter%two");
    const errors = annotations.filter(({ kind }) => kind === "error");
    expect(errors).toMatchObject([{ file: "a,b.yml", line: 7, title: "Bad: key" }]);
    expect(errors[0]?.message).toMatch(/^line one\nline%3A /);
  });

  it("shows debug lines when they are asked for", async () => {
    const env = { RUNNER_DEBUG: "1" };
    const { log } = await runAction({ root: fixture("report"), inputs: {}, env });
    expect(log).toContain("##[debug]hidden");
  });

  it("fails with its exit code", async () => {
    const inputs = { behaviour: "exit 3" };
    const result = await runAction({ root: fixture("plain"), inputs });
    expect(result).toMatchObject({ exitCode: 3, conclusion: "failure" });
  });

  it("shows no summary over 1,024 KiB", async () => {
    const inputs = { behaviour: "large summary" };
    const result = await runAction({ root: fixture("plain"), inputs });
    expect(result).toMatchObject({ conclusion: "success", summary: "" });
    expect(result.annotations[0]?.message).toContain("got 1025k");
  });

  it.each([
    ["malformed output", "Invalid format 'bad line'"],
    ["open heredoc", "Invalid value. Matching delimiter not found 'EOF'"],
  ])("fails for a %s", async (behaviour, message) => {
    const result = await runAction({ root: fixture("plain"), inputs: { behaviour } });
    expect(result).toMatchObject({ exitCode: 0, conclusion: "failure", outputs: { good: "1" } });
    expect(result.annotations).toContainEqual({ kind: "error", message });
  });
});

describe("post", () => {
  it("gets main's state and the job's final status", async () => {
    await using step = startStep({ root: fixture("report"), inputs: {} });
    const { log } = await step.post("cancelled");
    expect(log).toEqual(["batch_1 of a job that ended in cancelled, yes"]);
  });

  it("is refused for an action that has none", async () => {
    await using step = startStep({ root: fixture("plain"), inputs: { behaviour: "exit 3" } });
    await expect(step.post()).rejects.toThrow("no runs.post");
  });
});

describe("signals", () => {
  const start = (survive: string) =>
    startStep({ root: fixture("signals"), inputs: { survive }, signals: quick });

  it.each([
    ["", ["SIGINT"]],
    ["SIGINT", ["SIGINT", "SIGTERM"]],
    ["SIGINT SIGTERM", ["SIGINT", "SIGTERM", "SIGKILL"]],
  ])("of a cancel reach a step that outlives '%s' in order", async (survive, sent) => {
    await using step = start(survive);
    await step.waitForLine(/^ready$/);
    const result = await step.cancel();
    expect(result).toMatchObject({
      conclusion: "cancelled",
      signal: sent.at(-1),
      signalsSent: sent,
      outputs: { "batch-id": "batch_1" },
    });
    expect(result.log.slice(1)).toEqual(sent.slice(0, -1).map((signal) => `got ${signal}`));
  });

  it("of a timeout are the same, but the job fails", async () => {
    await using step = start("SIGINT");
    await step.waitForLine(/^ready$/);
    const result = await step.timeout();
    expect(result).toMatchObject({ conclusion: "failure", signalsSent: ["SIGINT", "SIGTERM"] });
  });

  it("of a lost runner are one kill, after which files are still read", async () => {
    await using step = start("SIGINT SIGTERM");
    await step.waitForLine(/^ready$/);
    const result = await step.kill();
    expect(result).toMatchObject({
      signal: "SIGKILL",
      conclusion: "failure",
      outputs: { "batch-id": "batch_1" },
    });
  });
});

describe("a running step", () => {
  it("shows the outputs that it has written so far", async () => {
    await using step = startStep({ root: fixture("signals"), inputs: { survive: "" } });
    await step.waitForLine(/^ready$/);
    expect(step.outputs()).toEqual({ "batch-id": "batch_1" });
  });
});

describe("waiting for a line", () => {
  it("ends with the log when the process ends without it", async () => {
    await using step = startStep({ root: fixture("report"), inputs: {} });
    await expect(step.waitForLine(/never printed/)).rejects.toThrow("the key is ***");
  });
});
