import js from "@eslint/js";
import vitest from "@vitest/eslint-plugin";
import type { Linter } from "eslint";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

/** The arrows of the design: action → batch → api, and the simulator on its own. */
const forbid = (message: string, ...regexes: string[]): Linter.RulesRecord => ({
  "no-restricted-imports": ["error", { patterns: regexes.map((regex) => ({ regex, message })) }],
});

export default defineConfig(
  { ignores: ["dist", "lib", "coverage", "reports", ".demo", ".stryker-tmp", "node_modules"] },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      "no-console": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-import-type-side-effects": "error",
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      "@typescript-eslint/prefer-nullish-coalescing": [
        "error",
        { ignorePrimitives: { string: true } },
      ],
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "no-restricted-syntax": [
        "error",
        { selector: "ExportDefaultDeclaration", message: "Use named exports." },
      ],
    },
  },
  {
    files: ["src/**"],
    rules: {
      "max-lines-per-function": ["error", { max: 60, skipBlankLines: true, skipComments: true }],
      "max-params": ["error", { max: 4 }],
    },
  },
  {
    files: ["src/api/**"],
    rules: forbid(
      "src/api knows HTTP and JSON only.",
      "/(batch|action|simulator|webhook)/",
      "^@actions/",
    ),
  },
  {
    files: ["src/batch/**", "src/index.ts"],
    rules: forbid("The job is pure of GitHub.", "/(action|simulator|webhook)/", "^@actions/"),
  },
  {
    files: ["src/simulator/**"],
    rules: forbid("The simulator stands alone.", "/(api|batch|action|webhook)/", "^@actions/"),
  },
  {
    files: ["src/action/**"],
    rules: forbid("The action needs no simulator and no webhook.", "/(simulator|webhook)/"),
  },
  {
    files: ["src/webhook/**"],
    rules: forbid(
      "The webhook runs on any host that has the Web's APIs.",
      "^node:",
      "^(got|p-retry)$",
      "/(batch|action|simulator)/",
      "^@actions/",
    ),
  },
  {
    files: ["test/**"],
    plugins: { vitest },
    rules: {
      "vitest/no-disabled-tests": "error",
      "vitest/no-focused-tests": "error",
      "vitest/no-standalone-expect": "error",
      "vitest/require-awaited-expect-poll": "error",
      "vitest/valid-expect": "error",
      "vitest/valid-expect-in-promise": "error",
    },
  },
  {
    // The host's own format.
    files: ["*.config.ts", "docs/recipes/webhook/worker.ts"],
    rules: { "no-restricted-syntax": "off" },
  },
  {
    files: ["scripts/**", "test/bench/**", "test/docs/run-example.ts", "docs/recipes/**"],
    rules: { "no-console": "off" },
  },
);
