import { globSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(resolve(root, path), "utf8");
const page = read("docs/guarantees.md");

const rules = globSync("src/batch/rules/*.ts", { cwd: root }).flatMap((path) =>
  [...read(path).matchAll(/^export function (decide\w+)/gm)].map(([, name = ""]) => name),
);
const named = [...page.matchAll(/`(\w+)` in `(src\/[\w./-]+)`/g)].map(
  ([, name = "", path = ""]) => [name, path] as const,
);

describe("docs/guarantees.md", () => {
  it("finds rules and where they are", () => {
    expect(rules.length).toBeGreaterThan(10);
    expect(named.length).toBeGreaterThan(10);
  });

  it.each(rules)("tells which promise %s keeps", (rule) => {
    expect(page).toContain(`\`${rule}\``);
  });

  it.each(named)("names %s where it is, in %s", (name, path) => {
    expect(read(path)).toMatch(new RegExp(`^export (async )?function ${name}\\b`, "m"));
  });

  it("names a test with every promise", () => {
    // What is not promised begins with a name in bold.
    const promises = page.split("\n").filter((line) => /^- [A-Z`]/.test(line));
    expect(promises.length).toBeGreaterThan(50);
    expect(promises.filter((line) => !/; held by `test\/[\w./-]+\.test\.ts`/.test(line))).toEqual(
      [],
    );
  });
});
