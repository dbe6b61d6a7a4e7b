import type { IncomingHttpHeaders } from "node:http";

/** Cookies and credentials, and addresses, whose query may be one. */
const secret =
  /cookie|authoriz|authenticat|api-key|secret|signature|-token$|^token$|^(content-)?location$|^link$|^refresh$/;

/** An answer's headers as an error carries them: without what may be secret. */
export function safeHeaders(
  headers: IncomingHttpHeaders,
  redact: (text: string) => string,
): Headers {
  const safe = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || secret.test(name)) continue;
    for (const one of [value].flat()) safe.append(name, redact(one));
  }
  return safe;
}
