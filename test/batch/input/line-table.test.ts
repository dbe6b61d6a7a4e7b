import { expect, test } from "vitest";

import { LineTable } from "../../../src/batch/input/line-table.ts";

test("the places of many lines are kept as they were given", () => {
  const table = new LineTable();
  for (let line = 0; line < 5_000; line += 1) {
    table.add(line % 7, line * 1_000, line * 1_000 + (line % 900), line % 300);
  }
  expect(table.size).toBe(5_000);
  for (let line = 0; line < 5_000; line += 1) {
    const start = line * 1_000;
    expect(table.place(line)).toEqual({ file: line % 7, start, end: start + (line % 900) });
    expect(table.tag(line)).toBe(line % 300);
  }
});

test("lines keep their places when files and tags come in late", () => {
  const table = new LineTable();
  const file = (line: number) => (line < 20_000 ? 0 : 2);
  const tag = (line: number) => (line < 40_000 ? 0 : 5);
  for (let line = 0; line < 50_000; line += 1) table.add(file(line), line, line + 1, tag(line));
  const wrong = Array.from({ length: 50_000 }, (_, line) => line).filter((line) => {
    const place = table.place(line);
    const kept = place.file === file(line) && place.start === line && place.end === line + 1;
    return !kept || table.tag(line) !== tag(line);
  });
  expect(wrong).toEqual([]);
});

test("a line far into a file of terabytes keeps its place", () => {
  const table = new LineTable();
  table.add(0, 2 ** 45, 2 ** 45 + 5);
  expect(table.place(0)).toEqual({ file: 0, start: 2 ** 45, end: 2 ** 45 + 5 });
});

test("a line of the 70,000th file, as a glob may find, is not taken for one of another file", () => {
  const table = new LineTable();
  table.add(70_000, 1, 2);
  expect(table.place(0).file).toBe(70_000);
});

test("a tag beyond 65,535, as of a model, is not taken for another one", () => {
  const table = new LineTable();
  table.add(0, 1, 2, 65_537);
  expect(table.tag(0)).toBe(65_537);
});

test("another place and another tag can be put in a line's stead", () => {
  const table = new LineTable();
  table.add(0, 1, 2);
  table.set(0, { file: 3, start: 10, end: 25 });
  table.setTag(0, 9);
  expect(table.place(0)).toEqual({ file: 3, start: 10, end: 25 });
  expect(table.tag(0)).toBe(9);
});
