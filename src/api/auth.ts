import { APIError } from "./errors.ts";

/** A key, or a function that gives a valid one each time it is asked. */
export type ApiKey = string | (() => Promise<string>);

/** Where the bearer token of a client's requests comes from. */
export interface Bearer {
  /** For one request; `undefined` where a header stands for it. */
  token(signal: AbortSignal | undefined): Promise<string | undefined>;
  /** Every token so far: one that was renewed while a call was under way may still come back in its answer. */
  secrets(): readonly string[];
}

export function keyBearer(apiKey: ApiKey | undefined): Bearer {
  if (typeof apiKey !== "function") {
    const keys = apiKey === undefined ? [] : [apiKey];
    return { token: () => Promise.resolve(apiKey), secrets: () => keys };
  }
  const keys = new Set<string>();
  return {
    async token() {
      // What a caller without types may give.
      const key: unknown = await apiKey();
      if (typeof key !== "string" || key === "") throw noKey();
      keys.add(key);
      return key;
    },
    secrets: () => [...keys],
  };
}

function noKey(): APIError {
  return new APIError("The function `apiKey` gave no key, so nothing was sent. Have it give one.", {
    code: "missing_credential",
    outcomeUnknown: false,
  });
}

/** Names of headers that carry a credential of their own: Azure's `api-key`, `x-portkey-api-key`, `x-litellm-api-key`, … */
const credentialHeader = /^(.+-)?(authorization|api-key)$/i;

/** Whether these headers authenticate a request without an API key. */
export function hasCredential(headers: Readonly<Record<string, string>>): boolean {
  return credentialsOf(headers).length > 0;
}

/** The values of these headers that are credentials. */
export function credentialsOf(headers: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(headers)
    .filter(([name]) => credentialHeader.test(name))
    .map(([, value]) => value);
}

/** Whether one of these headers would stand in the place of the bearer token. */
export function replacesBearer(headers: Readonly<Record<string, string>>): boolean {
  return Object.keys(headers).some((name) => name.toLowerCase() === "authorization");
}

/** What no header value may hold. */
export const unsendable = /[^\t\x20-\x7e\x80-\xff]/;

/** Shorter texts are no secrets, and taking them out would garble messages. */
const shortestSecret = 8;

/** What of a header's value may be secret: all of it, and of `Bearer …` the token, which may show up alone. */
export function secretsOf(headerValue: string): readonly string[] {
  return [headerValue, headerValue.split(/\s+/).at(-1) ?? headerValue];
}

/** A function that takes the given secrets out of a text. */
export function redactor(secrets: () => readonly string[]): (text: string) => string {
  return (text) =>
    secrets()
      .filter((secret) => secret.length >= shortestSecret)
      .reduce((clean, secret) => clean.replaceAll(secret, "***"), text);
}
