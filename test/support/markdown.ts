import { marked, type MarkedToken } from "marked";
import { expect } from "vitest";

/** What a reader of Markdown sees, taken apart by a renderer of GitHub's flavour. */
export interface ReadMarkdown {
  readonly headings: readonly string[];
  /** Of each table its head and rows, as texts. */
  readonly tables: readonly (readonly (readonly string[])[])[];
  readonly items: readonly string[];
  readonly links: readonly string[];
  /** Tags of raw HTML, as they stand. */
  readonly html: readonly string[];
  /** Kinds of all tokens. */
  readonly kinds: ReadonlySet<MarkedToken["type"]>;
  /** The code of Mermaid charts, line by line. */
  readonly charts: readonly (readonly string[])[];
  readonly text: string;
}

export function readMarkdown(markdown: string): ReadMarkdown {
  const all: MarkedToken[] = [];
  void marked.walkTokens(marked.lexer(markdown, { gfm: true }), (token) => {
    // Without extensions there are no other tokens than marked's own.
    all.push(token as MarkedToken);
  });
  const code = all.filter((token) => token.type === "code");
  return {
    headings: all.filter((token) => token.type === "heading").map(({ text }) => shown(text)),
    tables: all
      .filter((token) => token.type === "table")
      .map(({ header, rows }) =>
        [header, ...rows].map((row) => row.map(({ text }) => shown(text))),
      ),
    items: all.filter((token) => token.type === "list_item").map(({ text }) => shown(text)),
    links: all.filter((token) => token.type === "link").map(({ href }) => href),
    html: all.filter((token) => token.type === "html").map(({ text }) => text),
    kinds: new Set(all.map(({ type }) => type)),
    charts: code.filter(({ lang }) => lang === "mermaid").map(({ text }) => text.split("\n")),
    text: shown(markdown),
  };
}

/** Escaped text as a browser shows it: entities are characters, tags of ours are nothing. */
export function shown(markdown: string): string {
  return markdown
    .replaceAll(/<\/?code>/g, "")
    .replaceAll(/&#(\d+);/g, (_, number: string) => String.fromCodePoint(Number(number)));
}

const mermaidLine =
  /^(%%\{init: \{"gantt": \{"leftPadding": \d+\}\}\}%%|gantt| {4}title [\w ()]+| {4}dateFormat [\w: -]+| {4}axisFormat [%\w: ]+| {4}section [\w.-]{1,24}| {4}[\w. -]+ :(done|active|crit), \d{4}-\d\d-\d\d \d\d:\d\d:\d\d, \d{4}-\d\d-\d\d \d\d:\d\d:\d\d)$/;

/** Holds that nothing of a foreign text became markup: only what summaries are made of is there. */
export function expectNoMarkup(markdown: string): ReadMarkdown {
  const read = readMarkdown(markdown);
  expect(read.html.filter((tag) => !/^<\/?code>$/.test(tag))).toEqual([]);
  expect(
    read.links.filter(
      (link) => !/^https:\/\/platform\.openai\.com\/batches\/batch_\w+$/.test(link),
    ),
  ).toEqual([]);
  for (const kind of ["image", "codespan", "em", "del", "hr", "def", "br"] as const) {
    expect(read.kinds).not.toContain(kind);
  }
  for (const table of read.tables) {
    expect(new Set(table.map((row) => row.length)).size).toBe(1);
  }
  for (const line of read.charts.flat()) expect(line).toMatch(mermaidLine);
  expect(read.headings).toHaveLength(1);
  return read;
}
