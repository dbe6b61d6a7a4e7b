import fc from "fast-check";
import { expect, test } from "vitest";

import { IdIndex } from "../../../src/batch/input/id-index.ts";

test("it tells what a plain map tells, for any texts", () => {
  const action = fc.oneof(
    { weight: 5, arbitrary: fc.string({ unit: "binary", maxLength: 6 }) },
    { weight: 2, arbitrary: fc.constantFrom("", "a", "\ud800", "\u0000", "ab", "ba") },
    { weight: 1, arbitrary: fc.constant(undefined) },
  );
  fc.assert(
    fc.property(fc.array(action, { maxLength: 200 }), (texts) => {
      const index = new IdIndex();
      const known = new Map<string, number>();
      let size = 0;
      for (const text of texts) {
        if (text === undefined) index.skip();
        else {
          expect(index.add(text)).toBe(known.get(text));
          if (known.has(text)) continue;
          known.set(text, size);
        }
        size += 1;
      }
      expect(index.size).toBe(size);
      for (const [text, number] of known) expect(index.numberOf(text)).toBe(number);
      expect(index.numberOf("a text that nobody added")).toBeUndefined();
    }),
  );
});

const families: readonly [name: string, id: (number: number) => string][] = [
  ["numbers", (number) => String(number)],
  ["padded numbers", (number) => `request-${String(number).padStart(12, "0")}`],
  ["numbers at the front", (number) => `${number}-of-the-evaluation`],
  ["letters that share their low bits", (number) => number.toString(2).padStart(24, "0")],
  ["wide characters", (number) => String.fromCharCode(0x4e00 + (number % 4096), number >>> 12)],
  ["hexadecimal", (number) => (number * 2_654_435_761).toString(16)],
];

test.each(families)("200,000 different ids made of %s are 200,000", (_name, id) => {
  const index = new IdIndex();
  for (let number = 0; number < 200_000; number += 1) {
    if (index.add(id(number)) !== undefined) throw new Error(`${id(number)} was taken for another`);
  }
  expect(index.size).toBe(200_000);
  expect(index.numberOf(id(199_999))).toBe(199_999);
  expect(index.numberOf(id(0))).toBe(0);
});

test("an index made for many has room for more", () => {
  const index = new IdIndex(10_000);
  for (let number = 0; number < 30_000; number += 1) index.add(`r${number}`);
  expect(index.numberOf("r29999")).toBe(29_999);
});
