import { shareCompiledCode } from "./compilecache.ts";
import { runnerCommands } from "./commands.ts";
import { withSafeLog } from "./toolkit.ts";

shareCompiledCode(process.env);
const { cleanUp } = await import("./cleanup.ts");
await cleanUp(withSafeLog(runnerCommands(process)), process.env);
