import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { bundleAction } from "./bundle-action.ts";

const root = resolve(import.meta.dirname, "..");
const { values } = parseArgs({
  options: {
    lib: { type: "string", default: resolve(root, "lib") },
    out: { type: "string", default: resolve(root, "dist") },
  },
});

bundleAction(resolve(values.lib), resolve(values.out));
