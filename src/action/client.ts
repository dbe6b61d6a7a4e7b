import { BatchClient } from "../api/client.ts";
import { formatDuration } from "./format.ts";
import type { ConnectionInputs } from "./inputs.ts";
import type { Toolkit } from "./toolkit.ts";

/** The client for the user's connection; retries are told in the log, every call with RUNNER_DEBUG. */
export function createClient(
  connection: ConnectionInputs,
  toolkit: Pick<Toolkit, "info" | "debug">,
): BatchClient {
  return new BatchClient({
    apiKey: connection.apiKey,
    baseURL: connection.baseURL,
    organization: connection.organization,
    project: connection.project,
    defaultHeaders: connection.headers,
    timeout: connection.requestTimeout,
    maxRetries: connection.maxRetries,
    onCall({ method, path, status, requestId, ms, code }) {
      toolkit.debug(
        [method, path, status ?? code ?? "no answer", `${Math.round(ms)} ms`, requestId ?? ""]
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
  });
}
