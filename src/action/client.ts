import { hasCredential } from "../api/auth.ts";
import { BatchClient, type BatchClientOptions } from "../api/client.ts";
import { type Clock, systemClock } from "../api/clock.ts";
import { APIError } from "../api/errors.ts";
import type { WorkloadIdentityAuth } from "../api/workload.ts";
import { formatDuration } from "./format.ts";
import type { ConnectionInputs } from "./inputs.ts";
import { githubTokenProvider } from "./oidc.ts";
import { maskSecret } from "./secrets.ts";
import type { Toolkit } from "./runner/toolkit.ts";

type ClientToolkit = Pick<Toolkit, "info" | "debug" | "setSecret">;

/**
 * The client for the user's connection; retries are told in the log, every call with RUNNER_DEBUG.
 *
 * @param other an earlier client of the same connection, whose exchanged token this one goes on with
 */
export function createClient(
  connection: ConnectionInputs,
  toolkit: ClientToolkit,
  other?: { readonly workloadIdentity: WorkloadIdentityAuth | undefined },
  clock: Clock = systemClock,
): BatchClient {
  const events = eventsFor(toolkit);
  return new BatchClient({
    ...events,
    apiKey: connection.apiKey ?? (hasNoCredential(connection) ? noKey : undefined),
    workloadIdentity: other?.workloadIdentity ?? identityOf(connection, { ...events, clock }),
    baseURL: connection.baseURL,
    organization: connection.organization,
    project: connection.project,
    defaultHeaders: connection.headers,
    timeout: connection.requestTimeout,
    maxRetries: connection.maxRetries,
    maxRetryAfter: connection.maxRetryAfter,
    clock,
  });
}

/** Only an operation that calls nothing goes without any. */
export function hasNoCredential({ apiKey, identity, headers }: ConnectionInputs): boolean {
  return apiKey === undefined && identity === undefined && !hasCredential(headers);
}

function noKey(): Promise<string> {
  const error = new APIError("There is no API key, so nothing can be called.", {
    code: "missing_credential",
  });
  return Promise.reject(error);
}

function identityOf(
  { identity }: ConnectionInputs,
  settings: Parameters<typeof githubTokenProvider>[1],
): BatchClientOptions["workloadIdentity"] {
  if (identity === undefined) return undefined;
  const { oidc, ...ids } = identity;
  return { ...ids, provider: githubTokenProvider(oidc, settings) };
}

function eventsFor(
  toolkit: ClientToolkit,
): Required<Pick<BatchClientOptions, "onCall" | "onRetry" | "onSecret">> {
  return {
    onSecret(secret) {
      maskSecret(toolkit, secret);
    },
    onCall({ method, path, status, requestID, ms, code }) {
      toolkit.debug(
        [method, path, status ?? code ?? "no answer", `${Math.round(ms)} ms`, requestID ?? ""]
          .join(" ")
          .trim(),
      );
    },
    onRetry({ call, attempt, delay, error }) {
      const why = error.status ?? error.code ?? error.name;
      toolkit.info(
        `${call}: attempt ${attempt} failed (${why}); trying again in ${formatDuration(delay)}.`,
      );
    },
  };
}
