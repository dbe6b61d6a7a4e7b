import { readFileSync } from "node:fs";
import { parse } from "yaml";

export interface ActionInput {
  readonly description: string;
  readonly required: boolean;
  readonly default: string | undefined;
}

export interface ActionMetadata {
  readonly inputs: ReadonlyMap<string, ActionInput>;
  readonly outputs: ReadonlyMap<string, string>;
  readonly runs: { readonly main: string; readonly post: string | undefined };
}

/** Reads an action.yml as strictly as its users need: a typo in it should not pass for an absent key. */
export function readActionMetadata(path: string): ActionMetadata {
  const document: unknown = parse(readFileSync(path, "utf8"));
  const action = mapping(document, path);
  const runs = mapping(action["runs"], `${path}: runs`);
  const condition = runs["post-if"];
  if (condition !== undefined && condition !== "always()") {
    throw new Error(`${path}: only "post-if: always()" is supported.`);
  }
  const main = text(runs["main"], `${path}: runs.main`);
  if (main === undefined) throw new Error(`${path}: runs.main is missing.`);
  return {
    inputs: new Map(entries(action["inputs"], `${path}: inputs`).map(readInput)),
    outputs: new Map(entries(action["outputs"], `${path}: outputs`).map(readOutput)),
    runs: { main, post: text(runs["post"], `${path}: runs.post`) },
  };
}

function readInput([name, value]: readonly [string, unknown]): [string, ActionInput] {
  const input = mapping(value ?? {}, `input ${name}`);
  return [
    name,
    {
      description: text(input["description"], `input ${name}: description`) ?? "",
      required: input["required"] === true || input["required"] === "true",
      default: text(input["default"], `input ${name}: default`),
    },
  ];
}

function readOutput([name, value]: readonly [string, unknown]): [string, string] {
  const output = mapping(value ?? {}, `output ${name}`);
  return [name, text(output["description"], `output ${name}: description`) ?? ""];
}

function entries(value: unknown, what: string): [string, unknown][] {
  return Object.entries(mapping(value ?? {}, what));
}

function mapping(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Error(`${what} is not a mapping.`);
  }
  return Object.fromEntries<unknown>(Object.entries(value));
}

function text(value: unknown, what: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  throw new Error(`${what} is not a scalar.`);
}
