import * as core from "@actions/core";

import { cleanUp } from "./cleanup.ts";

await cleanUp(core, process.env);
