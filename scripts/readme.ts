import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { format, resolveConfig } from "prettier";
import { type ActionMetadata, readActionMetadata } from "./action-metadata.ts";

const root = resolve(import.meta.dirname, "..");
const path = resolve(root, "README.md");

const before = readFileSync(path, "utf8");
const action = readActionMetadata(resolve(root, "action.yml"));
const config = await resolveConfig(path);
const formatted = (markdown: string) => format(markdown, { ...config, parser: "markdown" });
const inputs = fill(before, "inputs", await formatted(inputsTable(action)));
const after = fill(inputs, "outputs", await formatted(outputsTable(action)));

if (after === before) {
  console.log("The tables of README.md are what action.yml says.");
} else {
  writeFileSync(path, after);
  console.log("README.md is written.");
}

function inputsTable({ inputs }: ActionMetadata): string {
  const rows = [...inputs].map(([name, input]) => [
    code(name) + (input.required ? " (required)" : ""),
    input.default === undefined || input.default === "" ? "" : code(input.default),
    input.description,
  ]);
  return table(["Input", "Default", "Meaning"], rows);
}

function outputsTable({ outputs }: ActionMetadata): string {
  const rows = [...outputs].map(([name, description]) => [code(name), description]);
  return table(["Output", "Value"], rows);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function cell(text: string): string {
  return text.trim().replaceAll("|", "\\|").replaceAll(/\s+/g, " ");
}

function code(text: string): string {
  return `\`${text}\``;
}

function fill(readme: string, name: string, content: string): string {
  const [start, end] = [`<!-- ${name}:start -->`, `<!-- ${name}:end -->`];
  const [from, to] = [readme.indexOf(start), readme.indexOf(end)];
  if (from === -1 || to < from) {
    throw new Error(`README.md has no ${start} followed by ${end}.`);
  }
  return `${readme.slice(0, from + start.length)}\n\n${content}\n${readme.slice(to)}`;
}
