import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";

import { readActionMetadata } from "../../scripts/action-metadata.ts";
import { inputsReference, outputsReference } from "../../scripts/reference.ts";

const root = resolve(import.meta.dirname, "../..");
const action = readActionMetadata(resolve(root, "action.yml"));
const page = readFileSync(resolve(root, "docs/reference.md"), "utf8");

test.each([...action.inputs.keys(), ...action.outputs.keys()])(
  "docs/reference.md has %s",
  (name) => {
    expect(page).toContain(`#### \`${name}\`\n`);
  },
);

test("the reference has no table, which a phone would cut", () => {
  expect(page).not.toMatch(/^\|/m);
});

test("a default stands behind the description, and an input without one has none", () => {
  const text = inputsReference({
    ...action,
    inputs: new Map([
      ["timeout", { description: "Own deadline.", required: false, default: "5h30m" }],
      ["api-key", { description: "The key.", required: false, default: undefined }],
    ]),
  });
  expect(text).toContain("#### `timeout`\n\nOwn deadline. Default: `5h30m`.");
  expect(text).toContain("#### `api-key`\n\nThe key.\n");
});

test("an output that stands under no heading is an error, not an omission", () => {
  const outputs = new Map([["colour", "Which colour."]]);
  expect(() => outputsReference({ ...action, outputs })).toThrow("no heading for colour");
});
