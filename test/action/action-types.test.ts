import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

import { InputError, operationNames, readInputs } from "../../src/action/inputs.ts";
import { action, inputReader } from "./toolkit.ts";

/** As https://github.com/typesafegithub/github-actions-typing has them. */
type Typing =
  | { readonly type: "string" | "boolean" | "integer" | "float" }
  | { readonly type: "enum"; readonly "allowed-values": readonly string[] }
  | { readonly type: "list"; readonly separator: string; readonly "list-item": Typing };

interface ActionTypes {
  readonly inputs: Readonly<Record<string, Typing>>;
  readonly outputs: Readonly<Record<string, Typing>>;
}

const path = resolve(import.meta.dirname, "../../action-types.yml");
// Its shape is what the first tests look at.
const types = parse(readFileSync(path, "utf8")) as ActionTypes;
const inputs = Object.entries(types.inputs);

const good: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  create: { "input-file-id": "file-1", endpoint: "/v1/embeddings" },
  run: { "input-file": resolve(import.meta.dirname, "../../examples/requests.jsonl") },
  wait: { "batch-id": "batch_1" },
  cancel: { "batch-id": "batch_1" },
  retrieve: { "batch-id": "batch_1" },
};

/** What the code has against a value of one input, in whichever operation reads it. */
async function problemsWith(name: string, value: string): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const operation of operationNames) {
    const given = { operation, "api-key": "sk-1", ...good[operation], [name]: value };
    try {
      await readInputs(inputReader(given), {});
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(...error.message.split("\n").filter((line) => line.includes(`\`${name}\``)));
    }
  }
  return problems;
}

function allowedValues(typing: Typing): readonly string[] {
  if (typing.type === "list") return allowedValues(typing["list-item"]);
  return typing.type === "enum" ? typing["allowed-values"] : [];
}

describe("action-types.yml", () => {
  it("types every input and output of action.yml, and no other", () => {
    expect(Object.keys(types.inputs).sort()).toEqual([...action.inputs.keys()].sort());
    expect(Object.keys(types.outputs).sort()).toEqual([...action.outputs.keys()].sort());
  });

  it.each([...inputs, ...Object.entries(types.outputs)])("has a type for %s", (_, typing) => {
    expect(typing.type).toMatch(/^(string|boolean|integer|float|enum|list)$/);
    const keys = Object.keys(typing).filter((key) => key !== "type");
    const wanted: Readonly<Record<string, readonly string[]>> = {
      enum: ["allowed-values"],
      list: ["separator", "list-item"],
    };
    expect(keys).toEqual(wanted[typing.type] ?? []);
  });

  const chosen = inputs.filter(([, typing]) => allowedValues(typing).length > 0);
  it.each(chosen)(
    "names the values of %s that the code takes, and all of them",
    async (name, typing) => {
      for (const value of allowedValues(typing)) {
        expect(await problemsWith(name, value)).toEqual([]);
      }
      const [refusal = ""] = await problemsWith(name, "nonsense");
      const named = /(?:one of|none of|those are):? (.*)$/.exec(refusal)?.[1] ?? "";
      const words = named.match(/[a-z_-]+/g)?.filter((word) => !["or", "give"].includes(word));
      expect(words?.sort()).toEqual([...allowedValues(typing)].sort());
    },
  );

  const wrong: Readonly<Record<string, string>> = { boolean: "maybe", integer: "a few" };
  const right: Readonly<Record<string, string>> = { boolean: "false", integer: "7" };
  it.each(inputs.filter(([, { type }]) => wrong[type] !== undefined))(
    "has the type of %s that the code wants",
    async (name, { type }) => {
      expect(await problemsWith(name, right[type] ?? "")).toEqual([]);
      expect(await problemsWith(name, wrong[type] ?? "")).not.toEqual([]);
    },
  );
});
