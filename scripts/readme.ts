import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { format, resolveConfig } from "prettier";
import { readActionMetadata } from "./action-metadata.ts";
import { inputsReference, outputsReference } from "./reference.ts";

const root = resolve(import.meta.dirname, "..");
const path = resolve(root, "docs/reference.md");

const before = readFileSync(path, "utf8");
const action = readActionMetadata(resolve(root, "action.yml"));
const config = await resolveConfig(path);
const inputs = fill(before, "inputs", inputsReference(action));
const filled = fill(inputs, "outputs", outputsReference(action));
const after = await format(filled, { ...config, parser: "markdown" });

if (after === before) {
  console.log("docs/reference.md has what action.yml says.");
} else {
  writeFileSync(path, after);
  console.log("docs/reference.md is written.");
}

function fill(page: string, name: string, content: string): string {
  const [start, end] = [`<!-- ${name}:start -->`, `<!-- ${name}:end -->`];
  const [from, to] = [page.indexOf(start), page.indexOf(end)];
  if (from === -1 || to < from) {
    throw new Error(`docs/reference.md has no ${start} followed by ${end}.`);
  }
  return `${page.slice(0, from + start.length)}\n\n${content}\n\n${page.slice(to)}`;
}
