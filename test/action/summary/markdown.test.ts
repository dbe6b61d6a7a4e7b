import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { code, escapeMarkdown, prose, table } from "../../../src/action/summary/markdown.ts";
import { readMarkdown, shown } from "../../support/markdown.ts";

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
      expect(readMarkdown(escapeMarkdown(text)).links).toEqual([]);
    },
  );

  it("of any kind is one line that shows what it was, and nothing else to a renderer", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const escaped = escapeMarkdown(text);
        expect(escaped).not.toMatch(/[\r\n<>|`*[\]]/);
        expect(shown(escaped)).toBe(text.replace(/\s+/g, " "));
        const { kinds, tables } = readMarkdown(table(["A", "B"], [[code(text), escaped]]));
        expect([...kinds].filter((kind) => !/^(table|text|html|escape)$/.test(kind))).toEqual([]);
        expect(tables[0]?.[1]).toHaveLength(2);
      }),
    );
  });

  it("cannot turn the text around it", () => {
    expect(escapeMarkdown("a\u202Eb\u2066c")).toBe("a&#65533;b&#65533;c");
  });

  it("is cut where it is too long", () => {
    expect(escapeMarkdown("x".repeat(1_000), 10)).toBe("xxxxxxxxx…");
  });
});

describe("a sentence of ours", () => {
  it("has its code set as code, and what it quotes escaped", () => {
    expect(prose("See `fail-on`: <b> `a|b`")).toBe(
      "See <code>fail-on</code>: &#60;b&#62; &#96;a&#124;b&#96;",
    );
  });
});

it("a pair in it is code, too", () => {
  expect(prose("Give `model=input/output`.")).toBe("Give <code>model&#61;input/output</code>.");
});

describe("a table", () => {
  it("aligns the columns whose heads end in a colon", () => {
    expect(table(["A", "B:"], [["1", "2"]])).toBe("| A | B |\n| --- | ---: |\n| 1 | 2 |");
  });
});
