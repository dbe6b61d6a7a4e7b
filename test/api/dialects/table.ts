import type { Dialect } from "./dialect.ts";
import * as gateways from "./gateways.ts";
import * as hosted from "./hosted.ts";

/** Every server of the table, with answers in the shapes that were seen there. */
export const dialects: readonly Dialect[] = [...Object.values(hosted), ...Object.values(gateways)];
