import { shareCompiledCode } from "./runner/compile-cache.ts";
import { runnerCommands } from "./runner/commands.ts";
import { withSafeLog } from "./runner/toolkit.ts";

shareCompiledCode(process.env);
const { cleanUp } = await import("./cleanup.ts");
const { settleHeld } = await import("./github/settle.ts");
const toolkit = withSafeLog(runnerCommands(process));
await cleanUp(toolkit, process.env);
await settleHeld(toolkit, process.env);
