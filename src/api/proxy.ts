import { isLoopback } from "./base-url.ts";
import type { Environment } from "./environment.ts";
import { APIError } from "./errors.ts";

const defaultPorts: Readonly<Record<string, string>> = { "http:": "80", "https:": "443" };

/**
 * The proxy through which a URL is called, by the variables `https_proxy`, `http_proxy` and
 * `no_proxy` in either case, as curl reads them. `undefined` for a direct call; a loopback server is
 * always called directly, since plain http through a proxy would show it the key.
 *
 * @throws {APIError} `invalid_proxy`; the message names the variable and never its value, which may hold a password
 */
export function proxyFor(url: URL, env: Environment): URL | undefined {
  if (isLoopback(url.hostname)) return undefined;
  const name = `${url.protocol.slice(0, -1)}_proxy`;
  const { value, variable } = variableOf(env, name);
  if (value === "" || isExcepted(url, variableOf(env, "no_proxy").value)) return undefined;
  return proxyURL(value, variable);
}

function variableOf(env: Environment, name: string): { value: string; variable: string } {
  const variable = [name, name.toUpperCase()].find((one) => env[one]?.trim()) ?? name;
  return { variable, value: env[variable]?.trim() ?? "" };
}

/**
 * Whether `no_proxy` lists a host: `*` stands for all, a name for itself and every host below it
 * (`corp.test`, `.corp.test` and `*.corp.test` alike), each with a port or without.
 */
function isExcepted({ hostname, port, protocol }: URL, list: string): boolean {
  const host = bare(hostname);
  const actualPort = port || defaultPorts[protocol];
  return list.split(/[,\s]+/).some((entry) => {
    if (entry === "*") return true;
    const [, name = "", onPort] = /^(.+?)(?::(\d+))?$/.exec(bracketed(entry)) ?? [];
    const domain = bare(name.replace(/^\*?\./, ""));
    if (domain === "" || (onPort !== undefined && onPort !== actualPort)) return false;
    return host === domain || host.endsWith(`.${domain}`);
  });
}

/** In an IPv6 address without brackets the last colon is not that of a port. */
function bracketed(entry: string): string {
  return /^[\da-f]*:[\da-f:.]*:[\da-f:.]*$/i.test(entry) ? `[${entry}]` : entry;
}

function bare(hostname: string): string {
  return hostname.toLowerCase().replace(/^\[|\]$|\.$/g, "");
}

/** A proxy without a scheme speaks plain http, as for curl. */
function proxyURL(value: string, variable: string): URL {
  const text = /^[a-z][a-z\d+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const usable =
    url !== undefined &&
    (url.protocol === "http:" || url.protocol === "https:") &&
    // A raw `#`, `/` or `?` of a password ends the host too early.
    url.hash === "" &&
    url.search === "" &&
    !url.pathname.includes("@") &&
    isDecodable(url.username) &&
    isDecodable(url.password);
  if (usable) return url;
  throw new APIError(
    `The proxy that the environment variable ${variable} names cannot be used. ` +
      "Write it as http://user:password@host:port, with each special character of the password percent-encoded (`#` as %23).",
    { code: "invalid_proxy" },
  );
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch (error) {
    if (error instanceof URIError) return false;
    throw error;
  }
}
