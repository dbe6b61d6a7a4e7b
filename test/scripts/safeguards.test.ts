import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";

import { safeguards } from "../campaign/safeguards.ts";

const root = resolve(import.meta.dirname, "../..");

test.each(safeguards)("the sources still have $what, once", ({ file, code, without }) => {
  const found = readFileSync(resolve(root, file), "utf8").split(code).length - 1;
  expect(found).toBe(1);
  expect(without).not.toBe(code);
});
