import { listenForInterrupt } from "./runner/interrupt.ts";

// All else is loaded behind this: a signal must find a listener.
const interrupted = listenForInterrupt(process);
const { loadToolkit, withSafeLog } = await import("./runner/toolkit.ts");
const { runStep } = await import("./step.ts");
await runStep(withSafeLog(await loadToolkit()), process.env, interrupted);
// After a signal every second counts; a connection that hangs must not hold the process.
if (interrupted.aborted) process.exit();
