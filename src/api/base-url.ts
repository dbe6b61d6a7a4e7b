import { APIError } from "./errors.ts";

export const defaultBaseURL = "https://api.openai.com/v1";
export const defaultTokenURL = "https://auth.openai.com/oauth/token";

/**
 * Whether a base URL is that of OpenAI's own server, whose limits and pages are known: `api.openai.com`, or the host of a region
 * such as `eu.api.openai.com`.
 *
 * @see https://platform.openai.com/docs/guides/your-data#data-residency-controls
 */
export function isOpenAI(baseURL: string): boolean {
  if (!URL.canParse(baseURL)) return false;
  const { protocol, hostname, port } = new URL(baseURL);
  return protocol === "https:" && port === "" && /^(?:[a-z]{2}\.)?api\.openai\.com$/.test(hostname);
}

/** Checks a base URL: `https`, or `http` to this machine only, so that no key crosses a network in the clear. */
export function checkedBaseURL(text: string): string {
  const url = checkedURL(text, {
    name: "base URL",
    example: defaultBaseURL,
    secret: "key",
    code: "invalid_base_url",
  });
  return url.href.replace(/\/+$/, "");
}

/** Checks the URL of a token exchange by the same rule. */
export function checkedTokenURL(text: string): URL {
  return checkedURL(text, {
    name: "URL of the token exchange",
    example: defaultTokenURL,
    secret: "token",
    code: "invalid_token_url",
  });
}

function checkedURL(
  text: string,
  { name, example, secret, code }: Readonly<Record<"name" | "example" | "secret" | "code", string>>,
): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const bad = (why: string) =>
    new APIError(`The ${name} ${why}. It looks like ${example}.`, { code });
  // What cannot be read as a URL may hold a password anywhere.
  if (url === undefined) throw bad("is no URL");
  if (url.username !== "" || url.password !== "") {
    throw bad("holds a user name or password; use an API key or headers instead");
  }
  if (url.search !== "" || url.hash !== "") throw bad("must have no query and no fragment");
  if (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname))) {
    return url;
  }
  throw bad(
    url.protocol === "http:"
      ? `'${text}' would send the ${secret} in the clear: plain http is for a loopback host only`
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
