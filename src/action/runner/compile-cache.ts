import { enableCompileCache } from "node:module";
import { join } from "node:path";

/**
 * Lets the steps of a job share the compiled code of what is loaded from here on. Its folder is the
 * job's own and goes with it: code in a folder that outlives the job could come from another one.
 * Where the folder cannot be written, Node goes on without.
 */
export function shareCompiledCode(env: Readonly<Record<string, string | undefined>>): void {
  const folder = env["RUNNER_TEMP"];
  if (folder !== undefined && folder !== "") {
    enableCompileCache(join(folder, "openai-batch-action-code"));
  }
}
