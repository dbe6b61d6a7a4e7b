import { secretsOf } from "../api/auth.ts";
import { isFields } from "../api/normalize.ts";
import type { Toolkit } from "./runner/toolkit.ts";

/** GitHub drops every job output that holds a masked text, so short ones must stay unmasked. */
const shortestSecret = 8;

/**
 * Masks every secret that the inputs may hold, before anything else is read or said. The values are
 * taken from the raw text, so that a mistake elsewhere in it cannot leave one unmasked.
 */
export function maskSecrets(
  toolkit: Pick<Toolkit, "getInput" | "setSecret">,
  env: Readonly<Record<string, string | undefined>>,
): void {
  const secrets = new Set<string>();
  const keys = [
    toolkit.getInput("api-key"),
    env["OPENAI_API_KEY"] ?? "",
    env["ACTIONS_ID_TOKEN_REQUEST_TOKEN"] ?? "",
    toolkit.getInput("github-token"),
  ];
  for (const key of keys) secrets.add(key.trim());
  for (const value of headerValues(toolkit.getInput("headers"))) {
    for (const secret of secretsOf(value)) secrets.add(secret);
  }
  for (const secret of secrets) maskSecret(toolkit, secret);
}

/** Masks one secret that came to be known later, as a token that was exchanged. */
export function maskSecret(toolkit: Pick<Toolkit, "setSecret">, secret: string): void {
  if (secret.length >= shortestSecret) toolkit.setSecret(secret);
}

function headerValues(text: string): string[] {
  if (!text.trim().startsWith("{")) {
    return text.split(/\r?\n/).map((line) => line.slice(line.indexOf(":") + 1).trim());
  }
  // As they stand in the text, which may be broken JSON, and as they are read from it.
  const raw = [...text.matchAll(/:\s*"((?:[^"\\]|\\.)*)"/g)].map(([, value]) => value ?? "");
  return [...raw, ...parsedValues(text)];
}

function parsedValues(text: string): string[] {
  try {
    const headers: unknown = JSON.parse(text);
    return isFields(headers) ? Object.values(headers).map(String) : [];
  } catch {
    return [];
  }
}
