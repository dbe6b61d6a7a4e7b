import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { expect, test } from "vitest";

const dist = resolve(import.meta.dirname, "../../dist");

test.each(["main", "post"])("%s names the licence of every package that is bundled", (entry) => {
  const folder = join(dist, entry);
  const scripts = readdirSync(folder).filter((name) => name.endsWith(".js"));
  const bundled = new Set(
    scripts.flatMap((name) =>
      [
        ...readFileSync(join(folder, name), "utf8").matchAll(
          /\/node_modules\/((?:@[\w.-]+\/)?[\w.-]+)\//g,
        ),
      ].map(([, found]) => found ?? ""),
    ),
  );
  const named = new Set(readFileSync(join(folder, "licenses.txt"), "utf8").split(/\r?\n/));
  expect(bundled).toContain("got");
  expect([...bundled].filter((name) => !named.has(name))).toEqual([]);
});

test.each(["main", "post"])("%s loads the toolkit without its HTTP client", (entry) => {
  const folder = join(dist, entry);
  const holding = (name: string) =>
    readdirSync(folder)
      .filter((file) => file.endsWith(".js"))
      .filter((file) =>
        readFileSync(join(folder, file), "utf8").includes(`/node_modules/${name}/`),
      );
  const toolkit = holding("@actions/core");
  expect(toolkit).toHaveLength(1);
  // Another one of its own comes with `@actions/github`, where a step needs that.
  for (const client of ["@actions/http-client", "undici"]) {
    expect(holding(client)).not.toContain("index.js");
    expect(holding(client)).not.toEqual(expect.arrayContaining(toolkit));
  }
});
