import { globSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { calcPrice } from "@pydantic/genai-prices";
import * as tokenizerModels from "gpt-tokenizer/esm/models";
import { describe, expect, it } from "vitest";
import { readDocumented } from "./examples.ts";

/** The models that examples name: the one place to change when one of them is shut down. */
const current: readonly string[] = ["gpt-6-luna", "gpt-6-sol", "text-embedding-3-small"];

const root = resolve(import.meta.dirname, "../..");
const places = [
  "README.md",
  "action.yml",
  "docs/{,guide/,recipes/,recipes/templates/}*.{md,yml}",
  "examples/*",
  ".github/workflows/*.yml",
  "test/docs/requests.jsonl",
];
const examples = globSync(places, { cwd: root }).map((path) => path.replaceAll("\\", "/"));

/** Names that begin as OpenAI's models do, with a version behind that. */
function modelsIn(text: string): readonly string[] {
  const names = text.match(/\b(?:gpt-\d|o\d-|chatgpt-|text-embedding-|omni-moderation-)[\w.-]*\w/g);
  return [...new Set(names ?? [])];
}

/** Models that gpt-tokenizer's list says are going, or have gone. */
const gone: ReadonlySet<string> = new Set(
  Object.entries(tokenizerModels).flatMap(([name, model]) => ("deprecated" in model ? [name] : [])),
);

function price(model: string) {
  return calcPrice({ input_tokens: 1, output_tokens: 1 }, model, { providerId: "openai" });
}

describe("the models of the examples", () => {
  it("are looked for in every example", () => {
    expect(modelsIn('{"model": "gpt-5-mini"}, or o4-mini.')).toEqual(["gpt-5-mini", "o4-mini"]);
    expect(examples).toContain("docs/recipes/matrix.yml");
    expect(gone).toContain("gpt-5-mini");
    expect(price("gpt-of-nobody")).toBeNull();
  });

  it.each(current)("have a price and have not been shut down: %s", (model) => {
    expect(price(model)?.model.deprecated ?? false).toBe(false);
    expect(price(model)).not.toBeNull();
    expect(gone).not.toContain(model);
  });

  it.each(examples)("are current ones in %s", (path) => {
    const named = modelsIn(readFileSync(resolve(root, path), "utf8"));
    expect(named.filter((model) => !current.includes(model))).toEqual([]);
  });

  it.each(["index.ts", "simulator/index.ts", "webhook/index.ts"])(
    "are current ones in the doc comments of %s",
    (entry) => {
      const named = readDocumented(entry).flatMap(({ examples: codes }) => codes.flatMap(modelsIn));
      expect(named.filter((model) => !current.includes(model))).toEqual([]);
    },
  );
});
