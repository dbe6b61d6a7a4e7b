import { RequestError, TimeoutError, UploadError } from "got";

import { APIConnectionError, APIConnectionTimeoutError, messageOf } from "./errors.ts";
import { plainText } from "./foreign-text.ts";
import type { WireRequest } from "./transport.ts";

/** What hpagent says of a proxy that opens no tunnel. */
const proxyRefused = /^Bad response: (\d+)$/;

interface Broken {
  readonly request: WireRequest;
  /** Milliseconds without a byte after which a request is given up. */
  readonly timeout: number;
  readonly redact: (text: string) => string;
  readonly requestID?: string | undefined;
}

/** The error for a request without a whole answer; the signal's reason where it was aborted. */
export function connectionError(
  error: unknown,
  { request, timeout, redact, requestID }: Broken,
): Error {
  request.signal?.throwIfAborted();
  // The file could not be read: no fault of the network, and no retry changes it.
  if (error instanceof UploadError && error.cause instanceof Error) return error.cause;
  const call = `${request.method} ${request.path}`;
  const code = codeOf(error);
  const details = { code, requestID, sent: wasSent(error) };
  if (error instanceof TimeoutError) {
    return new APIConnectionTimeoutError(
      `${call} had no answer for ${timeout / 1000} s. Check the network and the base URL, or raise the request timeout.`,
      details,
    );
  }
  const message = plainText(redact(messageOf(error))).replace(proxyRefused, "the proxy said $1");
  // got's own error holds the request with its headers, so only what it stands for goes on.
  const cause = error instanceof RequestError ? error.cause : error;
  return new APIConnectionError(
    `${call} got no whole answer${answered(error, requestID)}: ${message} (${code}). ${adviceFor(code)}`,
    { ...details, cause },
  );
}

function adviceFor(code: string): string {
  // It is told before anything is sent, and no network has a part in it.
  return code === "ERR_INVALID_CHAR"
    ? "Check the key and the headers for line breaks and for characters that no header can hold."
    : "Check the network, the proxy settings and the base URL.";
}

/** The system's code of an error. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : "unknown";
}

function answered(error: unknown, requestID: string | undefined): string {
  const status = error instanceof RequestError ? error.response?.statusCode : undefined;
  const known = [
    ...(status === undefined ? [] : [`status ${status}`]),
    ...(requestID === undefined ? [] : [`request id ${requestID}`]),
  ];
  return known.length === 0 ? "" : ` (${known.join(", ")})`;
}

/** Whether the whole request went out, so that the server may have acted on it. */
function wasSent(error: unknown): boolean {
  return error instanceof RequestError && error.timings?.upload !== undefined;
}
