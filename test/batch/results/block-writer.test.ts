import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, fstatSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";

import fc from "fast-check";
import { describe, expect, it, test } from "vitest";

import { type BlockTarget, BlockWriter } from "../../../src/batch/results/block-writer.ts";
import { rejectionOf } from "../../support/account.ts";
import { openFolder } from "../../support/folder.ts";

const failed = (cause: unknown) => new Error("not written", { cause });

/** Short ones, of which many fill a block, and such as are longer than one. */
const piece = fc
  .tuple(
    fc.oneof({ weight: 8, arbitrary: fc.nat(40_000) }, { weight: 1, arbitrary: fc.nat(3_000_000) }),
    fc.constantFrom("a", "ä", "語", "😀"),
    fc.boolean(),
  )
  .map(([length, letter, asText]) => {
    const text = letter.repeat(length / letter.length);
    return asText ? text : Buffer.from(text);
  });

async function write(
  target: Omit<BlockTarget, "failed">,
  pieces: Iterable<Uint8Array | string>,
): Promise<void> {
  const writer = new BlockWriter({ ...target, failed });
  try {
    for (const bytes of pieces) expect(writer.put(bytes)).toBe(Buffer.byteLength(bytes));
    await writer.flush();
  } finally {
    writer.close();
  }
}

const bytesOf = (pieces: readonly (Uint8Array | string)[]) =>
  Buffer.concat(pieces.map((bytes) => Buffer.from(bytes)));

/** As many bytes as fill several blocks. */
const blocks = Array.from({ length: 80 }, (_, at) => Buffer.alloc(100_000, at));

describe("what is written in pieces", () => {
  for (const kind of ["temporary", "lasting"] as const) {
    it(`stands one behind the other in a ${kind} file, and is told in that order`, async () => {
      await using folder = await openFolder();
      await fc.assert(
        fc.asyncProperty(fc.array(piece, { maxLength: 120 }), async (pieces) => {
          const taken: Buffer[] = [];
          const onBytes = (bytes: Uint8Array) => taken.push(Buffer.from(bytes));
          await write({ handle: openSync(folder.at("file"), "w"), kind, onBytes }, pieces);
          expect(readFileSync(folder.at("file")).equals(bytesOf(pieces))).toBe(true);
          expect(Buffer.concat(taken).equals(bytesOf(pieces))).toBe(true);
        }),
        { numRuns: 20 },
      );
    });
  }

  it("goes through a pipe in its order", async () => {
    await using folder = await openFolder();
    const [pipe, copy] = [folder.at("pipe"), folder.at("copy")];
    execFileSync("mkfifo", [pipe]);
    const reader = spawn("sh", ["-c", 'cat "$0" > "$1"', pipe, copy]);
    await Promise.all([
      once(reader, "close"),
      write({ handle: openSync(pipe, "w"), kind: "stream" }, blocks),
    ]);
    expect(readFileSync(copy).equals(bytesOf(blocks))).toBe(true);
  });
});

describe("what cannot be written", () => {
  for (const [kind, count] of [
    ["stream", 1],
    ["temporary", 1],
    ["temporary", 80],
    ["lasting", 1],
    ["lasting", 80],
  ] as const) {
    it(`is reported for a ${kind} file, with ${count} pieces`, async () => {
      await using folder = await openFolder();
      writeFileSync(folder.at("file"), "");
      const handle = openSync(folder.at("file"), "r");
      const error = await rejectionOf(write({ handle, kind }, blocks.slice(0, count)));
      expect(error).toMatchObject({ message: "not written", cause: { code: "EBADF" } });
    });
  }

  test("is reported with a later piece where another thread found out", async () => {
    await using folder = await openFolder();
    writeFileSync(folder.at("file"), "");
    const handle = openSync(folder.at("file"), "r");
    const writer = new BlockWriter({ handle, kind: "temporary", failed });
    const goOn = async () => {
      for (;;) {
        writer.put(Buffer.alloc(100_000));
        await nextTurn();
      }
    };
    expect(await rejectionOf(goOn())).toMatchObject({ message: "not written" });
    writer.close();
  });
});

it("is closed when the last block has been written, so that none lands in another's file", async () => {
  await using folder = await openFolder();
  const handle = openSync(folder.at("file"), "w");
  const writer = new BlockWriter({ handle, kind: "lasting", failed });
  for (const bytes of blocks.slice(0, 12)) writer.put(bytes);
  writer.close();
  const other = openSync(folder.at("other"), "w");
  expect(other).not.toBe(handle);
  closeSync(other);
  while (isOpen(handle)) await nextTurn();
  const content = readFileSync(folder.at("file"));
  expect(content.length).toBeGreaterThan(0);
  expect(content.equals(bytesOf(blocks).subarray(0, content.length))).toBe(true);
});

function isOpen(handle: number): boolean {
  try {
    return fstatSync(handle).isFile();
  } catch (error) {
    expect(error).toMatchObject({ code: "EBADF" });
    return false;
  }
}
