import { existsSync } from "node:fs";
import { actBinary } from "./act-binary.ts";
import { root } from "./repository.ts";

/** Says once, and before any test, what is missing. */
export function setup(): void {
  actBinary();
  for (const script of ["dist/main/index.js", "dist/post/index.js"]) {
    if (!existsSync(`${root}/${script}`)) throw new Error(`${script} is missing: npm run build.`);
  }
}
