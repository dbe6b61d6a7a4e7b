import { secretsOf } from "../api/auth.ts";
import type { Environment } from "../api/environment.ts";
import { isFields } from "../api/json.ts";
import type { Toolkit } from "./runner/toolkit.ts";

/** GitHub drops every job output that holds a masked text, so short ones must stay unmasked. */
const shortestSecret = 8;

/**
 * Masks every secret that the inputs may hold, before anything else is read or said. The values are
 * taken from the raw text, so that a mistake elsewhere in it cannot leave one unmasked.
 */
export function maskSecrets(
  toolkit: Pick<Toolkit, "getInput" | "setSecret">,
  env: Environment,
): void {
  const secrets = new Set<string>();
  const keys = [
    toolkit.getInput("api-key"),
    env["OPENAI_API_KEY"] ?? "",
    env["ACTIONS_ID_TOKEN_REQUEST_TOKEN"] ?? "",
    toolkit.getInput("github-token"),
  ];
  for (const key of keys) secrets.add(key.trim());
  for (const [name, value] of headersOf(toolkit.getInput("headers"))) {
    if (!mayBeSecret(name, value)) continue;
    for (const secret of secretsOf(value)) secrets.add(secret);
  }
  for (const secret of secrets) maskSecret(toolkit, secret);
}

/** Masks one secret that came to be known later, as a token that was exchanged. */
export function maskSecret(toolkit: Pick<Toolkit, "setSecret">, secret: string): void {
  if (secret.length >= shortestSecret) toolkit.setSecret(secret);
}

const secretNames = /auth|key|token|secret|cookie|passw|credential|signature/i;
const schemes = /^(bearer|basic|token|apikey)\s/i;
/** Characters of a value, and of a run of letters and digits in it, from which on it may be a key. */
const shortestKey = 16;
const shortestRun = 8;

/**
 * Whether the value of a header may be a secret: its header's name says so, or it looks like a key,
 * which is 16 or more characters with letters and digits mixed in one run. A word, a version, a media
 * type, an address or a name with a number behind it (`production`, `2024-10-21-preview`,
 * `https://gateway1.example.com/v1`) is none: masking it would garble the log, and GitHub drops every
 * job output that holds it.
 */
function mayBeSecret(name: string, value: string): boolean {
  // Without a name the line is broken, and may be a key that was pasted in its place.
  if (name === "" || secretNames.test(name) || schemes.test(value)) return true;
  return value.length >= shortestKey && value.split(/[^A-Za-z\d]+/).some(isMixed);
}

/** Whether letters and digits are mixed as no word mixes them. */
function isMixed(run: string): boolean {
  const isNumbered = /^[A-Za-z]*\d{0,3}$/.test(run) || /^\d*$/.test(run);
  return run.length >= shortestRun && !isNumbered;
}

/** Names and values as they stand in the text, and as they are read from it. */
function headersOf(text: string): readonly (readonly [name: string, value: string])[] {
  if (!text.trim().startsWith("{")) {
    return text.split(/\r?\n/).map((line) => {
      const at = line.indexOf(":");
      return [line.slice(0, Math.max(0, at)).trim(), line.slice(at + 1).trim()];
    });
  }
  // The text may be broken JSON.
  const pairs = text.matchAll(/(?:"((?:[^"\\]|\\.)*)"\s*)?:\s*"((?:[^"\\]|\\.)*)"/g);
  const raw = [...pairs].map(([, name = "", value = ""]) => [name, value] as const);
  return [...raw, ...parsedHeaders(text)];
}

function parsedHeaders(text: string): readonly (readonly [name: string, value: string])[] {
  try {
    const headers: unknown = JSON.parse(text);
    if (!isFields(headers)) return [];
    return Object.entries(headers).map(([name, value]) => [name, String(value)]);
  } catch {
    return [];
  }
}
