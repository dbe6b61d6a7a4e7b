import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { format, resolveConfig } from "prettier";
import { readActionMetadata } from "./action-metadata.ts";

const root = resolve(import.meta.dirname, "..");
const target = resolve(root, "src/action/inputs/names.ts");
const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });

const { inputs } = readActionMetadata(resolve(root, "action.yml"));
const text = [
  "/** The inputs of action.yml, written by `npm run readme`; a bundled action cannot read its own metadata. */",
  `export const inputNames: readonly string[] = ${JSON.stringify([...inputs.keys()])};`,
].join("\n");
const after = await format(text, { ...(await resolveConfig(target)), parser: "typescript" });

if (after === readFileSync(target, "utf8")) {
  console.log("src/action/inputs/names.ts has the inputs of action.yml.");
} else if (values.check) {
  console.error("src/action/inputs/names.ts has not the inputs of action.yml.");
  console.error('Run "npm run readme" and commit it.');
  process.exitCode = 1;
} else {
  writeFileSync(target, after);
  console.log("src/action/inputs/names.ts is written.");
}
