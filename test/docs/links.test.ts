import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { describe, expect, it } from "vitest";

import manifest from "../../package.json" with { type: "json" };

const root = resolve(import.meta.dirname, "../..");
const inDocs = globSync("docs/{,guide/,recipes/}*.md", { cwd: root });
const pages = ["README.md", "CONTRIBUTING.md", "SECURITY.md", ...inDocs];

describe.each(pages)("%s", (page) => {
  const text = readFileSync(join(root, page), "utf8");

  it("links to files that exist", () => {
    const links = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map(
      ([, to]) => to ?? "",
    );
    const missing = links.filter((to) => !existsSync(join(root, dirname(page), to)));
    expect(missing).toEqual([]);
  });

  it("names files of the tree that exist", () => {
    const named = text.matchAll(/`((?:src|test|scripts|docs|\.github|\.ci)\/[\w./-]+)`/g);
    const missing = [...named]
      .map(([, path]) => path ?? "")
      .filter((path) => !existsSync(join(root, path)));
    expect(missing).toEqual([]);
  });

  it("names npm scripts that exist", () => {
    const named = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, script]) => script ?? "");
    expect(named.filter((script) => !(script in manifest.scripts))).toEqual([]);
  });
});
