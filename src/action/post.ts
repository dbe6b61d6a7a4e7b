import * as core from "@actions/core";

import { cleanUp } from "./cleanup.ts";
import { withSafeLog } from "./toolkit.ts";

await cleanUp(withSafeLog(core), process.env);
