import { join } from "node:path";

import { readActionMetadata } from "../../scripts/action-metadata.ts";
import { createCommandFiles } from "../e2e/runner/command-files.ts";
import { DEFAULT_CONTEXT, prefixed, runnerVariables } from "../e2e/runner/environment.ts";
import { inputVariables } from "../e2e/runner/inputs.ts";
import { type Command, built, newFolder, nodeCommand, root } from "./processes.ts";

const action = readActionMetadata(join(root, "action.yml"));

/** A step of the built action as the runner starts it. */
export function step(
  phase: "main" | "post",
  inputs: Readonly<Record<string, string>>,
  state: Readonly<Record<string, string>> = {},
): Command {
  const folder = newFolder();
  const env = {
    ...runnerVariables(DEFAULT_CONTEXT, folder, folder),
    ...createCommandFiles(folder),
    ...inputVariables(
      action,
      { "api-key": "sk-bench-0123456789", ...inputs },
      {
        ...DEFAULT_CONTEXT,
        jobStatus: "success",
      },
    ),
    ...prefixed("STATE_", state),
  };
  const script = phase === "main" ? action.runs.main : (action.runs.post ?? "");
  return nodeCommand(join(built, script), [], { env, cwd: folder });
}
