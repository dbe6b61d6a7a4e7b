import { writeFile } from "node:fs/promises";

import { stringify } from "csv-stringify/sync";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";

import { readRowFile } from "../../../src/batch/rows/read-file.ts";
import type { RowEvent } from "../../../src/batch/rows/row-event.ts";
import { openFolder } from "../../support/folder.ts";

async function eventsOf(content: string | Uint8Array, name = "rows.csv"): Promise<RowEvent[]> {
  await using folder = await openFolder();
  const path = folder.at(name);
  await writeFile(path, content);
  const events: RowEvent[] = [];
  for await (const found of readRowFile(path)) events.push(...found);
  return events;
}

/** What was found, in short: the line and the cells, or the code of a problem. */
async function found(content: string | Uint8Array, name?: string): Promise<unknown[]> {
  return (await eventsOf(content, name)).map((event) => {
    switch (event.found) {
      case "header":
        return event.columns;
      case "cells":
        return [event.line, ...event.cells];
      case "row":
        return [event.line, event.row];
      case "problem":
        return [event.line, event.code];
    }
  });
}

describe("a table", () => {
  it("keeps quotes, commas and line ends that stand in quoted cells, and names the first line of each row", async () => {
    const text = 'a,b\r\n1,"x, ""y"""\r\n2,"one\r\ntwo\nthree"\r\n\r\n3,"\n"\r\n4,z';
    expect(await found(text)).toEqual([
      ["a", "b"],
      [2, "1", 'x, "y"'],
      [3, "2", "one\r\ntwo\nthree"],
      [7, "3", "\n"],
      [9, "4", "z"],
    ]);
  });

  it("may begin with a byte order mark, and mix the line ends of two systems", async () => {
    expect(await found("\uFEFFa,b\n1,2\r\n3,4\n")).toEqual([
      ["a", "b"],
      [2, "1", "2"],
      [3, "3", "4"],
    ]);
  });

  it("whose lines end with a carriage return alone is told so", async () => {
    const events = await eventsOf("a,b\r1,2\r3,4\r");
    expect(events.filter((event) => event.found === "problem")).toMatchObject([
      {
        line: undefined,
        code: "no_rows",
        message: expect.stringContaining("carriage return") as string,
      },
    ]);
    expect(await found('"a\rb",c\n1,2\n')).toEqual([
      ["a\rb", "c"],
      [2, "1", "2"],
    ]);
  });

  it("of tabs has the same quoting", async () => {
    expect(await found('a\tb\n"x\ty"\t"1, ""2"""\n', "ROWS.TSV")).toEqual([
      ["a", "b"],
      [2, "x\ty", '1, "2"'],
    ]);
  });

  it("has its rows of another width told, each at its first line, and the others read", async () => {
    expect(await found('a,b\n1\n2,"\n",x\n3,4\n')).toEqual([
      ["a", "b"],
      [2, "invalid_row"],
      [3, "invalid_row"],
      [5, "3", "4"],
    ]);
  });

  it.each<[string, string | Uint8Array, unknown[]]>([
    ["empty", "", [undefined, "no_rows"]],
    ["blank", "\n\r\n", [undefined, "no_rows"]],
    ["a header alone", "a,b\n", [undefined, "no_rows"]],
    ["a name twice", "a, a\n1,2\n", [1, "duplicate_column"]],
    ["a quote that is never closed", 'a,b\n1,2\n\n3,"4\n5,6\n', [4, "open_quote"]],
    ["a quote in a bare cell", 'a,b\n1,5" pipe\n', [2, "open_quote"]],
    ["text behind a closed quote", 'a,b\n1,"x"y\n', [2, "open_quote"]],
    ["UTF-16", Buffer.from("\uFEFFa,b\n1,2\n", "utf16le"), [undefined, "invalid_row"]],
  ])("that is wrong is told in one problem: %s", async (_, content, problem) => {
    const problems = (await found(content)).filter(
      (event) => Array.isArray(event) && problem.includes(event.at(1)) && event.length === 2,
    );
    expect(problems).toEqual([problem]);
  });

  it("has bytes that are no UTF-8 told at the row that holds them, wherever blocks end", async () => {
    const rows = Array.from(
      { length: 20_000 },
      (_, index) => `${index},"é\n${"x".repeat(index % 7)}"`,
    );
    const bytes = Buffer.from(`a,b\n${rows.join("\n")}\n`);
    // The é of the first row, the middle one and the last.
    const bad = [0, 10_000, 19_999];
    for (const row of bad) {
      const at = bytes.indexOf(`\n${row},"é`) + `\n${row},"`.length;
      bytes[at + 1] = 0x20;
    }
    const problems = (await eventsOf(bytes)).filter(({ found }) => found === "problem");
    expect(problems).toMatchObject(bad.map((row) => ({ code: "invalid_row", line: 2 + row * 2 })));
  });

  it("never has a cell's text in a problem", async () => {
    const events = [
      ...(await eventsOf('a,b\nthe secret\n"the secret,x\n')),
      ...(await eventsOf('a,b\n1,the secret"x\n')),
      ...(await eventsOf('{"a": the secret}\n"the secret"\n', "rows.jsonl")),
    ];
    expect(events.filter(({ found }) => found === "problem")).toHaveLength(5);
    expect(JSON.stringify(events)).not.toContain("secret");
  });
});

describe("lines of JSON", () => {
  it("are rows of their own columns, without a byte order mark and blank lines", async () => {
    const text = '\uFEFF{"a":1,"b":[true]}\r\n\n{"c":null}';
    expect(await found(text, "rows.ndjson")).toEqual([
      [1, { a: 1, b: [true] }],
      [3, { c: null }],
    ]);
  });

  it("that are none are told by line", async () => {
    expect(await found('{"a":1}\n[1]\n{"a":\n"x"\n', "rows.jsonl")).toEqual([
      [1, { a: 1 }],
      [2, "invalid_row"],
      [3, "invalid_row"],
      [4, "invalid_row"],
    ]);
    expect(await found(Buffer.from([0x22, 0xff, 0x22]), "rows.jsonl")).toEqual([
      [1, "invalid_row"],
    ]);
    expect(await found("\n\n", "rows.jsonl")).toEqual([[undefined, "no_rows"]]);
  });

  it("keep an id of twenty digits as it is written", async () => {
    const [event] = await eventsOf('{"id":12345678901234567890}\n', "rows.jsonl");
    expect(JSON.stringify(event)).toContain('"id":12345678901234567890');
  });
});

test("a file whose name does not say how its rows are written is told", async () => {
  expect(await found("a,b\n1,2\n", "rows.xlsx")).toEqual([[undefined, "unknown_extension"]]);
});

/** 10,000 are run with PROPERTY_RUNS=10000. */
const numRuns = Number(process.env["PROPERTY_RUNS"] ?? 200);

const cell = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 8 }),
  fc.string({
    unit: fc.constantFrom('"', ",", "\n", "\r\n", "\t", " ", "{", "}", "x"),
    maxLength: 8,
  }),
);

test("whatever csv-stringify writes is read as it was, and each row found at its line", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 2, max: 4 }).chain((width) =>
        fc.array(fc.array(cell, { minLength: width, maxLength: width }), {
          minLength: 1,
          maxLength: 6,
        }),
      ),
      fc.constantFrom("\n", "\r\n"),
      fc.constantFrom(",", "\t"),
      fc.boolean(),
      async (rows, end, delimiter, mark) => {
        const header = (rows[0] ?? []).map((_, at) => `c${at}`);
        const options = { record_delimiter: end, delimiter, bom: mark, quoted_match: /[\r\n]/ };
        const text = stringify([header, ...rows], options);
        const events = await found(text, delimiter === "," ? "rows.csv" : "rows.tsv");
        let line = 2;
        const expected = rows.map((cells) => {
          const first = line;
          line += 1 + (cells.join("").match(/\n/g)?.length ?? 0);
          return [first, ...cells];
        });
        expect(events).toEqual([header, ...expected]);
      },
    ),
    { numRuns },
  );
});
