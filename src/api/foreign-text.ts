import { stripVTControlCharacters } from "node:util";

/** Control characters, and those that reorder or hide text. */
const invisible = /[\p{Cc}\p{Cf}\u2028\u2029]+/gu;

const longestMessage = 1000;

/** A text of the server as one line that does nothing to a log, cut where it is long. */
export function plainText(text: string, longest = longestMessage): string {
  return stripVTControlCharacters(text.slice(0, 10 * longest))
    .replace(/\s+/g, " ")
    .replace(invisible, "")
    .trim()
    .slice(0, longest);
}

/** What a body is that holds no JSON. */
type BodyKind = "nothing" | "a web page (HTML)" | "an XML document" | "text";

export function kindOf(body: string): BodyKind {
  const start = body.slice(0, 1000).trimStart().toLowerCase();
  if (start === "") return "nothing";
  const isXml = /^<(?:\?xml|error|fault|exception)\b/.test(start);
  if (isXml && !start.includes("<html")) return "an XML document";
  return start.startsWith("<") ? "a web page (HTML)" : "text";
}

const longestTitle = 100;

/** The title of a web page, where it is short. */
export function titleOf(page: string): string | undefined {
  const [, title = ""] = /<title[^>]*>([^<]*)<\/title>/i.exec(page.slice(0, 10_000)) ?? [];
  const text = plainText(title);
  return text === "" || text.length > longestTitle ? undefined : text;
}

/** The code and message of an error of a storage service (S3, Azure), which speaks XML. */
export function xmlError(document: string): {
  code: string | undefined;
  message: string | undefined;
} {
  const field = (name: string) =>
    new RegExp(`<((?:\\w+:)?(?:${name}))[^>]*>([^<]*)</\\1>`, "i").exec(
      document.slice(0, 10_000),
    )?.[2] || undefined;
  return { code: field("code|faultcode"), message: field("message|faultstring|reason") };
}
