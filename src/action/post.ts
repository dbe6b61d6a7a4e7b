import { shareCompiledCode } from "./runner/compile-cache.ts";
import { runnerCommands } from "./runner/commands.ts";
import { withSafeLog } from "./runner/toolkit.ts";

shareCompiledCode(process.env);
const { cleanUp } = await import("./cleanup.ts");
await cleanUp(withSafeLog(runnerCommands(process)), process.env);
