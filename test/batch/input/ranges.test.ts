import { writeFile } from "node:fs/promises";

import fc from "fast-check";
import { expect, test } from "vitest";

import { type ByteRange, readRanges } from "../../../src/batch/input/ranges.ts";
import { openFolder } from "../../support/folder.ts";

const half = 512 * 1024;

/** Reads ranges of files that hold these bytes. */
async function read(files: readonly Buffer[], ranges: readonly ByteRange[]): Promise<Buffer> {
  await using folder = await openFolder();
  const paths = files.map((_, index) => folder.at(`${index}`));
  for (const [index, bytes] of files.entries()) await writeFile(paths[index] ?? "", bytes);
  const chunks: Buffer[] = [];
  for await (const chunk of readRanges(paths, ranges)) chunks.push(chunk);
  const transient: Buffer[] = [];
  for await (const chunk of readRanges(paths, ranges, true)) transient.push(Buffer.from(chunk));
  const bytes = Buffer.concat(chunks);
  expect(Buffer.concat(transient).equals(bytes)).toBe(true);
  return bytes;
}

function expected(files: readonly Buffer[], ranges: readonly ByteRange[]): Buffer {
  return Buffer.concat(
    ranges.flatMap(({ file, start, end }) => [
      files[file]?.subarray(start, end) ?? Buffer.alloc(0),
      Buffer.from("\n"),
    ]),
  );
}

test.each([
  ["a short file and one of 600 KB", [100, 600_000]],
  ["two files of 600 KB", [600_000, 600_000]],
  ["a file of half a megabyte behind a short one", [1, half]],
  ["a file just below a megabyte behind a short one", [1, 2 * half - 2]],
  ["files of a megabyte and one byte more", [2 * half, 2 * half + 1, 3]],
  ["a long file between short ones", [10, 5 * half, 10]],
  ...[-3, -2, -1, 0, 1].map((more): [string, number[]] => [
    `a file of ${more} bytes more than a chunk before short ones`,
    [half / 2 + more, 1, 10],
  ]),
])("%s come one behind the other", async (_name, sizes) => {
  const files = sizes.map((size, index) => Buffer.alloc(size, 97 + index));
  const ranges = sizes.map((end, file) => ({ file, start: 0, end }));
  const bytes = await read(files, ranges);
  expect(bytes.equals(expected(files, ranges))).toBe(true);
});

test("ranges of any size come whole and in order, with a line feed behind each", async () => {
  const size = fc.oneof(
    fc.integer({ min: 1, max: 300 }),
    fc.integer({ min: half - 3, max: half + 3 }),
    fc.integer({ min: 2 * half - 3, max: 2 * half + 3 }),
    fc.integer({ min: 1, max: 3 * half }),
  );
  const gap = fc.integer({ min: 0, max: 5 });
  const plan = fc.array(
    fc.array(fc.record({ size, gap }), { minLength: 1, maxLength: 4 }),
    { minLength: 1, maxLength: 3 }, // Files.
  );
  await fc.assert(
    fc.asyncProperty(plan, async (sizes) => {
      const files: Buffer[] = [];
      const ranges: ByteRange[] = [];
      for (const [file, stretches] of sizes.entries()) {
        let at = 0;
        for (const stretch of stretches) {
          const start = at + stretch.gap;
          ranges.push({ file, start, end: start + stretch.size });
          at = start + stretch.size;
        }
        files.push(Buffer.from(Uint8Array.from({ length: at }, (_, n) => (n * 31 + file) % 251)));
      }
      const bytes = await read(files, ranges);
      expect(bytes.equals(expected(files, ranges))).toBe(true);
    }),
    { numRuns: 20 },
  );
});

test("a file that has become shorter gives less, and nothing that is not there", async () => {
  const files = [Buffer.from("abc")];
  const bytes = await read(files, [{ file: 0, start: 0, end: 10 }]);
  expect(bytes.length).toBeLessThan(11);
});
