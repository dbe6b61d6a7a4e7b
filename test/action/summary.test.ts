import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { reportOf } from "../../src/action/outputs.ts";
import { escapeMarkdown, summaryOf } from "../../src/action/summary.ts";
import { batchOf } from "./batch.ts";

/** What a reader sees of escaped text: entities are characters again. */
function shown(markdown: string): string {
  return markdown.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
}

describe("a foreign text in Markdown", () => {
  it.each([
    ["batch_0123-abc", "batch_0123-abc"],
    ["/v1/chat/completions", "/v1/chat/completions"],
    ["two\n lines", "two lines"],
    ["Grüße, 世界 4.5", "Grüße, 世界 4.5"],
  ])("%j stays readable", (text, expected) => {
    expect(escapeMarkdown(text)).toBe(expected);
  });

  it.each([
    "<b>",
    "a|b",
    "`c`",
    "*d*",
    "_e_",
    "~f~",
    "@team",
    "#1",
    "[a](b)",
    "![a](b)",
    "&lt;",
    "\\",
  ])("%j is no markup", (text) => {
    const escaped = escapeMarkdown(text);
    expect(escaped).not.toMatch(/[<>|`*~@[\]()!\\]|(^|\W)_|&(?!#\d+;)/);
    expect(shown(escaped)).toBe(text);
  });

  it.each(["https://evil.example/x", "http://evil.example", "www.evil.example"])(
    "%s is no link",
    (text) => {
      expect(escapeMarkdown(text)).not.toMatch(/https?:\/\/|www\./);
    },
  );

  it("of any kind is one line that shows what it was", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const escaped = escapeMarkdown(text);
        expect(escaped).not.toMatch(/[\r\n<>|`*[\]]/);
        expect(shown(escaped)).toBe(text.replace(/\s+/g, " "));
      }),
    );
  });
});

describe("the summary", () => {
  it("has a row for each batch, and the counts of the lines for a single one", () => {
    const counts = { total: 4, completed: 4, failed: 0 };
    const results = {
      counts: { total: 4, completed: 3, failed: 1 },
      failures: [{ code: "rate_limit_exceeded", count: 1, examples: ["r1"] }],
      usage: { input: 1_000, output: 200, total: 1_200 },
      unexpected: 0,
      duplicates: 0,
      problems: [],
      outputFile: "/w/out.jsonl",
      errorFile: "/w/err.jsonl",
    };
    const text = summaryOf(reportOf([batchOf({ request_counts: counts })], results));
    expect(text).toContain("| batch_1 | completed | /v1/chat/completions | 4 | 1 |");
    expect(text).toContain("1,200 tokens");
    expect(text).toContain("| rate_limit_exceeded | 1 | r1 |");
    expect(text).toContain("/w/out.jsonl");
    expect(text).toContain("/w/err.jsonl");
  });

  it("has what the server found, with the lines", () => {
    const batch = batchOf({
      status: "failed",
      errors: { data: [{ code: "invalid_json_line", message: "Not JSON.", line: 7 }, {}] },
    });
    const text = shown(summaryOf(reportOf([batch])));
    expect(text).toContain("- invalid_json_line (line 7): Not JSON.");
    expect(text).toContain("- error: ");
  });

  it("fits into what GitHub shows, however many batches there are", () => {
    const batches = Array.from({ length: 20_000 }, (_, index) =>
      batchOf({ id: `batch_${String(index).padStart(32, "0")}` }),
    );
    expect(Buffer.byteLength(summaryOf(reportOf(batches)))).toBeLessThan(1_024 * 1_024);
  });

  it("fits into what GitHub shows, however long the server's texts are", () => {
    const long = "<".repeat(50_000);
    const data = Array.from({ length: 50 }, () => ({ code: long, message: long }));
    const text = summaryOf(reportOf([batchOf({ status: "failed", errors: { data } })]));
    expect(Buffer.byteLength(text)).toBeLessThan(1_024 * 1_024);
  });
});
