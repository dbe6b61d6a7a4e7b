import { globSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const page = readFileSync(resolve(root, "docs/troubleshooting.md"), "utf8");

/** The sources that speak to users, with the backticks of their texts as a user sees them. */
const sources = globSync("src/{action,api,batch}/**/*.ts", { cwd: root })
  .map((path) => readFileSync(resolve(root, path), "utf8").replaceAll("\\`", "`"))
  .join("\n");

const messages = [...page.matchAll(/^### (.+)$/gm)].map(([, message = ""]) => message);

/** Whether the sources have the text, with something on the same line wherever it says `…`. */
function isSaid(message: string): boolean {
  const parts = message.split("…").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(parts.join(".{1,120}?")).test(sources);
}

/** Codes that the sources give to errors and failed requests of their own. */
const codes = [
  ...new Set([...sources.matchAll(/\bcode: "([a-z\d]+_[a-z\d_]+)"/g)].map(([, code = ""]) => code)),
];

describe("docs/troubleshooting.md", () => {
  it("quotes messages", () => {
    expect(messages.length).toBeGreaterThan(20);
    expect(isSaid("There is no API kee.")).toBe(false);
  });

  it.each(messages)("quotes what is really said: %s", (message) => {
    expect(isSaid(message)).toBe(true);
  });

  it.each(codes)("says what the code %s stands for", (code) => {
    expect(page).toContain(`\`${code}\``);
  });
});
