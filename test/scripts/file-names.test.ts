import { readdirSync } from "node:fs";
import { basename, resolve } from "node:path";

import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");

test.each(["src", "test", "scripts"])("every source in %s has a name in kebab-case", (folder) => {
  const files = readdirSync(resolve(root, folder), { recursive: true, encoding: "utf8" })
    .map((path) => basename(path))
    .filter((name) => name.endsWith(".ts"));
  expect(files.length).toBeGreaterThan(5);
  expect(files.filter((name) => !/^[a-z\d]+(-[a-z\d]+)*(\.test)?\.ts$/.test(name))).toEqual([]);
});
