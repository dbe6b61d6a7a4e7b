import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  parseDocument,
  type Scalar,
  visit,
} from "yaml";

/** A template as it was read: its value, and where things stand in its file. */
interface ParsedTemplate {
  readonly value: unknown;
  /** The line of what keys lead to, or of the nearest thing around it that is there. */
  readonly lineOf: (path: readonly string[]) => number | undefined;
}

/** Why a text is no template. */
interface SyntaxProblem {
  readonly line: number | undefined;
  readonly message: string;
}

/** Reads YAML, or JSON as YAML. What is wrong is said without a word of the text, which is a prompt. */
export function parseTemplate(
  text: string,
  language: "YAML" | "JSON",
): ParsedTemplate | { readonly problems: readonly SyntaxProblem[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
    // Nobody means a field of the name `<<`.
    merge: true,
    // Not "silent", under which the parser leaves out all documents but the first without a word.
    logLevel: "error",
  });
  const lineAt = (offset: number | undefined) =>
    offset === undefined ? undefined : lines.linePos(offset).line;
  const problems: SyntaxProblem[] = document.errors.map(({ code, pos }) => ({
    line: lineAt(pos[0]),
    message: `not valid ${language}: ${wordsOf(code)}`,
  }));
  for (const { at, message } of defectsOf(document)) problems.push({ line: lineAt(at), message });
  if (problems.length > 0) return { problems };
  try {
    const value: unknown = language === "JSON" ? JSON.parse(text) : document.toJS();
    const lineOf = (path: readonly string[]) => {
      for (let length = path.length; length > 0; length -= 1) {
        const node: unknown = document.getIn(path.slice(0, length), true);
        const line = lineAt(startOf(node));
        if (line !== undefined) return line;
      }
      return undefined;
    };
    return { value, lineOf };
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof ReferenceError)) throw error;
    return { problems: [{ line: undefined, message: `not valid ${language}` }] };
  }
}

interface Defect {
  readonly at: number | undefined;
  readonly message: string;
}

/** What YAML has and a request cannot have, or what cannot have been meant. */
function defectsOf(document: Document): readonly Defect[] {
  const tagged = "the value has a tag that JSON has nothing for";
  // A tag that is not known, or that does not fit: the value would be left as its text.
  const defects: Defect[] = document.warnings.map(({ pos }) => ({ at: pos[0], message: tagged }));
  visit(document, {
    Pair(_, pair) {
      const { key } = pair;
      if (isCollection(key) || isAlias(key)) {
        const message = "a key is no text; put `{{column}}` in quotes";
        defects.push({ at: startOf(key), message });
      } else if (!mergesMappings(document, pair)) {
        defects.push({ at: startOf(key), message: "`<<` takes a mapping, or a list of mappings" });
      }
    },
    Node(_, node) {
      if (isAlias(node)) {
        const isKnown = node.resolve(document) !== undefined;
        if (!isKnown) defects.push({ at: startOf(node), message: noAnchor });
        return;
      }
      if (richTags.has(node.tag ?? "")) defects.push({ at: startOf(node), message: tagged });
      if (isScalar(node) && isRounded(node)) {
        const message = "the number has more digits than can be kept; take it from a JSON row";
        defects.push({ at: startOf(node), message });
      }
    },
  });
  return defects;
}

/** Mostly a text in bold letters. */
const noAnchor = "no anchor has the name of this alias; a text that begins with `*` needs quotes";

/** Tags of values that the parser makes into what JSON has not. */
const richTags: ReadonlySet<string> = new Set(
  ["binary", "omap", "pairs", "set", "timestamp"].map((name) => `tag:yaml.org,2002:${name}`),
);

/** Whether a whole number is another one than is written. */
function isRounded({ value, source = "" }: Scalar): boolean {
  if (!Number.isInteger(value) || Number.isSafeInteger(value)) return false;
  return typeof value === "number" && /^[-+]?\d+$/.test(source) && BigInt(source) !== BigInt(value);
}

/** Whether a pair is no merge, or one that can be done. */
function mergesMappings(document: Document, { key, value }: Pair): boolean {
  if (!isScalar(key) || typeof key.value !== "symbol") return true;
  const resolved = (node: unknown) => (isAlias(node) ? node.resolve(document) : node);
  const source = resolved(value);
  return isSeq(source) ? source.items.every((item) => isMap(resolved(item))) : isMap(source);
}

function startOf(node: unknown): number | undefined {
  if (typeof node !== "object" || node === null || !("range" in node)) return undefined;
  const { range } = node;
  const start: unknown = Array.isArray(range) ? range[0] : undefined;
  return typeof start === "number" ? start : undefined;
}

/** The parser's own messages hold pieces of the text. */
function wordsOf(code: string): string {
  switch (code) {
    case "DUPLICATE_KEY":
      return "a key is given twice";
    case "MISSING_CHAR":
      return "a quote, bracket, comma or colon is missing";
    case "TAB_AS_INDENT":
      return "a tab is used for indentation";
    case "BAD_INDENT":
      return "the indentation does not fit";
    case "MULTIPLE_DOCS":
      return "there is more than one document";
    case "BAD_DQ_ESCAPE":
      return "a backslash in double quotes begins no known escape; write it twice";
    case "BLOCK_AS_IMPLICIT_KEY":
      return "a colon stands where no key can be; a text with a colon in it needs quotes";
    case "BAD_SCALAR_START":
      return "a text that begins with this character needs quotes";
    case "UNEXPECTED_TOKEN":
      return "something stands where nothing may; a text with special characters needs quotes";
    default:
      return code.toLowerCase().replaceAll("_", " ");
  }
}
