import { describe, expect, it } from "vitest";

import { readInputs } from "../../../src/action/inputs.ts";
import { applies } from "../../../src/action/inputs/applies.ts";
import { operationNames } from "../../../src/action/inputs/operation.ts";
import { action, inputReader, recordingToolkit } from "../toolkit.ts";

const given: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  create: { "input-file-id": "file-1", endpoint: "/v1/chat/completions" },
  run: { "input-file-id": "file-1", endpoint: "/v1/chat/completions" },
  wait: { "batch-id": "batch_1" },
  cancel: { "batch-id": "batch_1" },
  retrieve: { "batch-id": "batch_1" },
  check: { "input-file": "examples/requests.jsonl" },
  collect: { "output-file": "results.jsonl", "github-token": "ghs_1" },
};
const env = { GITHUB_REPOSITORY: "octocat/hello-world", GITHUB_RUN_ID: "1", GITHUB_SHA: "ffac537" };

async function warningsFor(inputs: Readonly<Record<string, string>>) {
  const all = { "api-key": "sk-1", ...given[inputs["operation"] ?? ""], ...inputs };
  return (await readInputs(inputReader(all), env)).warnings;
}

describe("which inputs apply to which operation", () => {
  it("is known of every input of action.yml, with its default", () => {
    const known = [...applies].map(([name, { default: byDefault }]) => [name, byDefault]);
    const written = [...action.inputs].map(([name, input]) => [name, input.default ?? ""]);
    expect(known).toEqual(written);
  });

  it("is what action.yml says of each that is not for every operation", () => {
    for (const [name, { operations }] of applies) {
      if (operations.length === operationNames.length) continue;
      const { description = "" } = action.inputs.get(name) ?? {};
      // `wait`, `run` in brackets, also with words behind them.
      const lists = [...description.matchAll(/\((`[a-z]+`(?:, `[a-z]+`)*)/g)].map(
        ([, list]) => list,
      );
      const named = lists[0]?.replaceAll("`", "").split(", ") ?? [];
      expect([name, named.sort()]).toEqual([name, [...operations].sort()]);
    }
  });

  it.each(operationNames)("is what the code reads (%s)", async (operation) => {
    const recorded = recordingToolkit({ operation, "api-key": "sk-1", ...given[operation] });
    await readInputs(recorded.toolkit.getInput, env);
    const used = [...applies].filter(([, { operations }]) => operations.includes(operation));
    const unread = used.map(([name]) => name).filter((name) => !recorded.asked.has(name));
    // Only the clean-up reads how the job ended.
    expect(unread).toEqual(["job-status"]);
  });
});

describe("an input that the operation does nothing with", () => {
  it.each([
    ["create", "retry-failed", "2", "only `run` uses it"],
    ["retrieve", "max-active-batches", "1", "only `run` uses it"],
    ["list", "error-file", "e.jsonl", "`wait`, `run`, `retrieve` and `collect` use it"],
    ["cancel", "timeout", "1h", "`wait` and `run` use it"],
    ["collect", "batch-id", "batch_1", "`wait`, `cancel`, `retrieve` and `run` use it"],
  ])("is named with those that use it: %s with %s", async (operation, name, value, users) => {
    expect(await warningsFor({ operation, [name]: value })).toEqual([
      `\`${name}\` does nothing with \`operation: ${operation}\`; ${users}.`,
    ]);
  });

  it.each(operationNames)(
    "is none of the defaults, which the runner passes (%s)",
    async (operation) => {
      expect(await warningsFor({ operation })).toEqual([]);
    },
  );

  it("is not warned of where it is given as its default, or empty", async () => {
    expect(await warningsFor({ operation: "list", timeout: " 5h30m ", "error-file": " " })).toEqual(
      [],
    );
  });
});
