import { writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { scanInput } from "../../../src/batch/input.ts";
import { originsOf } from "../../../src/batch/input/origin.ts";
import { splitInput } from "../../../src/batch/split.ts";
import { requestLine } from "../../support/account.ts";
import { openFolder } from "../../support/folder.ts";

describe("the server's line of a request", () => {
  it("is traced through a byte order mark, blank lines, several files and several parts", async () => {
    await using folder = await openFolder();
    const [a, b] = [folder.at("a.jsonl"), folder.at("b.jsonl")];
    await writeFile(
      a,
      `\uFEFF${requestLine("r1")}\n\n  \n${requestLine("r2")}\n${requestLine("r3")}`,
    );
    await writeFile(b, `\n${requestLine("r4")}\r\n\n${requestLine("r5")}\n`);
    const scan = await scanInput([a, b]);
    const [first, second, ...more] = splitInput(scan, { maxRequests: 3 });
    if (first === undefined || second === undefined) throw new Error("There are two parts.");
    expect(more).toEqual([]);
    expect([...originsOf(scan, first, new Set([1, 2, 3]))]).toEqual([
      [1, { file: a, line: 1 }],
      [2, { file: a, line: 4 }],
      [3, { file: a, line: 5 }],
    ]);
    expect([...originsOf(scan, second, new Set([1, 2]))]).toEqual([
      [1, { file: b, line: 2 }],
      [2, { file: b, line: 4 }],
    ]);
  });

  it("is traced where a part has the requests of one model among others", async () => {
    await using folder = await openFolder();
    const path = folder.at("mixed.jsonl");
    const of = (id: string, model: string) =>
      requestLine(id).replace(/"model":"[^"]*"/, `"model":"${model}"`);
    await writeFile(
      path,
      [of("r1", "m-1"), of("r2", "m-2"), of("r3", "m-1"), of("r4", "m-2")].join("\n"),
    );
    const scan = await scanInput(path);
    const parts = splitInput(scan);
    expect(parts.map(({ model }) => model)).toEqual(["m-1", "m-2"]);
    const lines = parts.map((part) => originsOf(scan, part, new Set([2])).get(2)?.line);
    expect(lines).toEqual([3, 4]);
  });

  it("is traced for what a round sends again", async () => {
    await using folder = await openFolder();
    const path = folder.at("r.jsonl");
    await writeFile(path, ["r1", "r2", "r3", "r4"].map((id) => requestLine(id)).join("\n\n"));
    const scan = await scanInput(path);
    const [part] = splitInput(scan, {}, [1, 3]);
    if (part === undefined) throw new Error("There is one part.");
    const origins = originsOf(scan, part, new Set([1, 2]));
    expect([...origins.values()].map(({ line }) => line)).toEqual([3, 7]);
  });

  it("that the part does not have is not traced", async () => {
    await using folder = await openFolder();
    const path = folder.at("r.jsonl");
    await writeFile(path, requestLine("r1"));
    const scan = await scanInput(path);
    const [part] = splitInput(scan);
    if (part === undefined) throw new Error("There is one part.");
    expect(originsOf(scan, part, new Set([0, -1, 2, 1.5, 1e9]))).toEqual(new Map());
    expect(originsOf(scan, part, new Set())).toEqual(new Map());
  });
});
