import * as core from "@actions/core";

import { listenForInterrupt } from "./interrupt.ts";
import { runStep } from "./step.ts";
import { withSafeLog } from "./toolkit.ts";

const interrupted = listenForInterrupt(process);
await runStep(withSafeLog(core), process.env, interrupted);
// After a signal every second counts; a connection that hangs must not hold the process.
if (interrupted.aborted) process.exit();
