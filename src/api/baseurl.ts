import { APIError } from "./errors.ts";

export const defaultBaseURL = "https://api.openai.com/v1";

/** Checks a base URL: `https`, or `http` to this machine only, so that no key crosses a network in the clear. */
export function checkedBaseURL(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const bad = (why: string) =>
    new APIError(`The base URL ${why}. It looks like ${defaultBaseURL}.`, {
      code: "invalid_base_url",
    });
  // What cannot be read as a URL may hold a password anywhere.
  if (url === undefined) throw bad("is no URL");
  if (url.username !== "" || url.password !== "") {
    throw bad("holds a user name or password; use an API key or headers instead");
  }
  if (url.search !== "" || url.hash !== "") throw bad("must have no query and no fragment");
  if (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname))) {
    return url.href.replace(/\/+$/, "");
  }
  throw bad(
    url.protocol === "http:"
      ? `'${text}' would send the key in the clear: plain http is for a loopback host only`
      : `'${text}' must begin with https://`,
  );
}

export function isLoopback(hostname: string): boolean {
  return (
    hostname === "localhost" ||
    hostname.endsWith(".localhost") ||
    hostname === "[::1]" ||
    /^127\.\d+\.\d+\.\d+$/.test(hostname)
  );
}
