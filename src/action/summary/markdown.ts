/** A cell of a table: Markdown that is already escaped. */
type Cell = string;

const longestText = 300;

/**
 * Foreign text as Markdown that shows it as it is: no markup, no link, no mention; one line, cut
 * where it is longer than `most` characters. What stays is escaped as HTML entities, which mean the
 * same in a paragraph, in a table's cell and inside `<code>`.
 */
export function escapeMarkdown(text: string, most = longestText): string {
  // A server's text may be of any length; what is cut need not be looked at.
  const start = text.slice(0, most * 4);
  const line = start.replace(/\s+/g, " ").replaceAll(reordering, "\uFFFD");
  return (
    line.length > most || start.length < text.length ? `${line.slice(0, most - 1)}…` : line
  ).replace(
    /:(?=\/\/)|(?<=www)\.|[^\p{L}\p{N} _.,:;/…-]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu,
    (character) => `&#${character.codePointAt(0) ?? 0xfffd};`,
  );
}

/** Characters that turn the direction of the text around them. */
const reordering = /[\u202A-\u202E\u2066-\u2069]/g;

/** Foreign text set as code: an id, a path, an error code. GitHub makes no emoji or mention of it. */
export function code(text: string, most?: number): string {
  return `<code>${escapeMarkdown(text, most)}</code>`;
}

/** Sentences of our own, in which `code` stands in backticks and foreign text may be quoted. */
export function prose(text: string, most?: number): string {
  return escapeMarkdown(text, most).replaceAll(
    /&#96;((?:[^&<]|&#61;){1,60})&#96;/g,
    "<code>$1</code>",
  );
}

/** A table; a column whose head ends in a colon is aligned to the right. */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const row = (cells: readonly Cell[]) => `| ${cells.join(" | ")} |`;
  return [
    row(head.map((title) => title.replace(/:$/, ""))),
    row(head.map((title) => (title.endsWith(":") ? "---:" : "---"))),
    ...rows.map(row),
  ].join("\n");
}

/** A box that GitHub colours; the lines are Markdown that is already escaped. */
export function box(kind: "CAUTION" | "WARNING" | "NOTE", lines: readonly string[]): string {
  return [`[!${kind}]`, ...lines].map((line) => `> ${line}`).join("\n");
}
