import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { cleanUp } from "../../src/action/cleanup.ts";
import { applies } from "../../src/action/inputs/applies.ts";
import { operationNames, readCleanupInputs, readInputs } from "../../src/action/inputs.ts";
import { openJob } from "../e2e/job.ts";
import { chats, ENDPOINT, jsonl } from "../e2e/requests.ts";
import { act } from "./act.ts";
import { action, inputReader, recordingToolkit } from "./toolkit.ts";

const folder = mkdtempSync(join(tmpdir(), "metadata-"));
const file = join(folder, "requests.jsonl");
writeFileSync(file, jsonl(chats(1)));

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const given: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  create: { "input-file": file },
  run: { "input-file": file },
  wait: { "batch-id": "batch_1" },
  cancel: { "batch-id": "batch_1" },
  retrieve: { "batch-id": "batch_1" },
  check: { "input-file": file },
  collect: { "output-file": "results.jsonl", "github-token": "ghs_1" },
};
const env = { GITHUB_REPOSITORY: "octocat/hello-world", GITHUB_RUN_ID: "1", GITHUB_SHA: "ffac537" };

describe("the defaults in action.yml", () => {
  it.each(operationNames)("are those of the code (%s)", async (operation) => {
    const inputs: Readonly<Record<string, string>> = {
      operation,
      "api-key": "sk-1",
      ...given[operation],
    };
    const fromMetadata = await readInputs(inputReader(inputs), env);
    const fromCode = await readInputs((name) => inputs[name] ?? "", env);
    expect(fromMetadata).toEqual(fromCode);
  });
});

describe("the inputs in action.yml", () => {
  it("are those that the code reads, no more and no fewer", async () => {
    const asked = new Set<string>();
    for (const operation of operationNames) {
      const recorded = recordingToolkit({ operation, "api-key": "sk-1", ...given[operation] });
      await readInputs(recorded.toolkit.getInput, env);
      recorded.asked.forEach((name) => {
        // The others are only asked for to warn of them.
        if (applies.get(name)?.operations.includes(operation) !== false) asked.add(name);
      });
    }
    const post = recordingToolkit({ "api-key": "sk-1" });
    readCleanupInputs(post.toolkit.getInput, {});
    post.asked.forEach((name) => asked.add(name));
    expect([...asked].sort()).toEqual([...action.inputs.keys()].sort());
  });

  it("need nothing for a post step that has nothing to do", async () => {
    const { toolkit, failures, said } = recordingToolkit();
    await cleanUp(toolkit, {});
    expect(failures).toEqual([]);
    expect(said.filter((line) => /^(warning|error): /.test(line))).toEqual([]);
  });
});

describe("the outputs in action.yml", () => {
  it("are those that the operations set, no more and no fewer", async () => {
    await using job = await openJob();
    const id = await job.submit();
    const [uploaded] = job.simulator.files;
    const set = new Set<string>();
    const calls: Readonly<Record<string, string | undefined>>[] = [
      { operation: "create", "input-file-id": uploaded?.id, endpoint: ENDPOINT },
      { operation: "run", "input-file": file },
      { operation: "wait", "batch-id": id },
      { operation: "retrieve", "batch-id": id },
      { operation: "cancel", "batch-id": id },
      { operation: "list" },
      { operation: "check", "input-file": file },
    ];
    for (const inputs of calls) {
      const { outputs, failures } = await act(job, inputs);
      expect(failures).toEqual([]);
      Object.keys(outputs).forEach((name) => set.add(name));
    }
    expect([...set].sort()).toEqual([...action.outputs.keys()].sort());
  });
});
