import { shareCompiledCode } from "./runner/compile-cache.ts";
import { runnerCommands } from "./runner/commands.ts";
import { listenForInterrupt } from "./runner/interrupt.ts";
import { withSafeLog } from "./runner/toolkit.ts";

// All else is loaded behind these two: a signal must find a listener, and the cache holds what comes later.
const interrupted = listenForInterrupt(process);
shareCompiledCode(process.env);
const { runStep } = await import("./step.ts");
await runStep(withSafeLog(runnerCommands(process)), process.env, interrupted);
// After a signal every second counts; a connection that hangs must not hold the process.
if (interrupted.aborted) process.exit();
