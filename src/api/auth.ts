/** A key, or a function that gives a valid one each time it is asked. */
export type ApiKey = string | (() => Promise<string>);

/** Header names that carry a credential of their own, as Azure's `api-key`. */
const credentialHeaders: ReadonlySet<string> = new Set([
  "authorization",
  "api-key",
  "x-api-key",
  "proxy-authorization",
]);

/** Whether these headers authenticate a request without an API key. */
export function hasCredential(headers: Readonly<Record<string, string>>): boolean {
  return Object.keys(headers).some((name) => credentialHeaders.has(name.toLowerCase()));
}

/** Shorter texts are no secrets, and taking them out would garble messages. */
const shortestSecret = 8;

/** A function that takes the given secrets out of a text. */
export function redactor(secrets: () => readonly string[]): (text: string) => string {
  return (text) =>
    secrets()
      .filter((secret) => secret.length >= shortestSecret)
      .reduce((clean, secret) => clean.replaceAll(secret, "***"), text);
}
