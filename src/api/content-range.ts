import type { IncomingHttpHeaders } from "node:http";

/** The header that asks for a range only of the version that we have the beginning of. */
export function ifSame(version: string | undefined): Readonly<Record<string, string>> {
  return version === undefined ? {} : { "if-range": version };
}

/** The name of a version; a weak tag may not be used with ranges (RFC 9110, 13.1.5). */
export function strongTagOf({ etag }: IncomingHttpHeaders): string | undefined {
  return etag?.startsWith('"') === true ? etag : undefined;
}

/** Where a part begins, and how long the whole is where the server knows it. */
export function contentRangeOf(
  headers: IncomingHttpHeaders,
): { readonly start: number; readonly total: number | undefined } | undefined {
  const found = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers["content-range"] ?? "");
  if (found === null) return undefined;
  return { start: Number(found[1]), total: found[2] === "*" ? undefined : Number(found[2]) };
}
