import * as core from "@actions/core";

import { runStep } from "./step.ts";

await runStep(core, process.env);
