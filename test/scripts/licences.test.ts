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
