import { shareCompiledCode } from "./runner/compile-cache.ts";
import { runnerCommands } from "./runner/commands.ts";
import { withSafeLog } from "./runner/toolkit.ts";

shareCompiledCode(process.env);
const { cleanUp } = await import("./cleanup.ts");
const toolkit = withSafeLog(runnerCommands(process));
await cleanUp(toolkit, process.env);
// What still runs comes first; this costs nothing but a few files of the job's.
const { settleHeld } = await import("./github/settle.ts");
await settleHeld(toolkit, process.env);
