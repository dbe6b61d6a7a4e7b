import {
  type ApiKey,
  type Bearer,
  credentialsOf,
  hasCredential,
  keyBearer,
  redactor,
  replacesBearer,
  secretsOf,
} from "./auth.ts";
import { checkedBaseURL, defaultBaseURL } from "./base-url.ts";
import { Batches } from "./batches.ts";
import { type Clock, systemClock } from "./clock.ts";
import { APIError } from "./errors.ts";
import type { ExchangeSettings, WorkloadIdentity } from "./exchange.ts";
import { Files } from "./files.ts";

import { withTexts } from "./json.ts";
import { Models } from "./models.ts";
import { type RetryEvent, withRetries } from "./retry.ts";
import { type CallEvent, createTransport, type Transport } from "./transport.ts";
import type { Wire } from "./wire.ts";
import { WorkloadIdentityAuth } from "./workload.ts";

/** Options of a client, named as in the official `openai` package where it has them. */
export interface BatchClientOptions {
  /** A key or a function that gives one; defaults to the variable `OPENAI_API_KEY`. */
  readonly apiKey?: ApiKey | undefined;
  /**
   * In place of a key: the workload's own token is exchanged for a short-lived one. The variable
   * `OPENAI_API_KEY` is not used then. Clients that are to share a token take another's `workloadIdentity`.
   */
  readonly workloadIdentity?: WorkloadIdentity | WorkloadIdentityAuth | undefined;
  /** Defaults to the variable `OPENAI_BASE_URL`, else `https://api.openai.com/v1`. */
  readonly baseURL?: string | undefined;
  /** Defaults to the variable `OPENAI_ORG_ID`; `null` for none. */
  readonly organization?: string | null | undefined;
  /** Defaults to the variable `OPENAI_PROJECT_ID`; `null` for none. */
  readonly project?: string | null | undefined;
  /** Sent with every request; may hold the credential, as `api-key` for Azure. */
  readonly defaultHeaders?: Readonly<Record<string, string>> | undefined;
  /** Milliseconds without an answer or a byte after which a call is sent again; defaults to 60,000. */
  readonly timeout?: number | undefined;
  /** Tries after the first, per call; defaults to 5. */
  readonly maxRetries?: number | undefined;
  /**
   * Milliseconds that a call waits at most because the server asks for it (`retry-after`). Defaults to
   * 600,000 for a call without a deadline; one with a deadline waits until then. A longer pause is an
   * error that names it.
   */
  readonly maxRetryAfter?: number | undefined;
  /** Where time comes from; defaults to the machine's clock. */
  readonly clock?: Clock | undefined;
  /** Between 0 and 1, for the jitter of pauses; defaults to `Math.random`. */
  readonly random?: (() => number) | undefined;
  /** In place of the network; for tests that need no sockets. */
  readonly transport?: Transport | undefined;
  /** Called with every request on the wire. */
  readonly onCall?: ((event: CallEvent) => void) | undefined;
  /** Called with every failed attempt that is followed by another. */
  readonly onRetry?: ((event: RetryEvent) => void) | undefined;
  /** Called with every token of a workload's identity the moment it is known, so that a log can mask it. */
  readonly onSecret?: ((secret: string) => void) | undefined;
}

/**
 * A client of the Batch and Files API of OpenAI or of a server that speaks it.
 *
 * The key, the base URL and the headers are checked here; nothing is called before a method is. Every call is
 * sent again after 408, 409, 429, 5xx and network faults, as the server's `retry-after` and `x-should-retry`
 * say, up to the call's `deadline`; only the create of a batch is more careful.
 * The proxy of the environment is used (`https_proxy`, `no_proxy`).
 *
 * @throws {APIError} `missing_credential` when there is neither a key, a workload's identity nor a header that stands for one;
 * `conflicting_credentials`; `invalid_base_url`; `invalid_token_url`; `invalid_proxy`
 * @example
 * ```ts
 * import { BatchClient } from "openai-batch-action";
 *
 * const client = new BatchClient({ timeout: 30_000, maxRetries: 8 }); // OPENAI_API_KEY, OPENAI_BASE_URL
 * const file = await client.files.create({ file: "requests.jsonl", purpose: "batch" });
 * const batch = await client.batches.create({
 *   input_file_id: file.id,
 *   endpoint: "/v1/chat/completions",
 *   completion_window: "24h",
 * });
 * console.log((await client.batches.retrieve(batch.id)).input_file_id === file.id); // true
 * ```
 */
export class BatchClient {
  /** The calls of `/batches`. */
  readonly batches: Batches;
  /** The calls of `/files`. */
  readonly files: Files;
  /** The calls of `/models`. */
  readonly models: Models;
  /** Without a trailing slash. */
  readonly baseURL: string;
  /** The clock that the client's pauses and deadlines go by. */
  readonly clock: Clock;
  /** Tries after the first, for calls that do not say otherwise. */
  readonly maxRetries: number;
  /** Organization that the calls count for; `undefined` where none was given. */
  readonly organization: string | undefined;
  /** Project that the calls count for; `undefined` where none was given. */
  readonly project: string | undefined;
  /** The exchanged token, where there is one; another client may take it as its own. */
  readonly workloadIdentity: WorkloadIdentityAuth | undefined;

  constructor(options: BatchClientOptions = {}) {
    const headers = { ...options.defaultHeaders };
    const apiKey = keyOf(options, headers);
    this.baseURL = checkedBaseURL(options.baseURL ?? valueOf("OPENAI_BASE_URL") ?? defaultBaseURL);
    this.clock = options.clock ?? systemClock;
    this.maxRetries = options.maxRetries ?? 5;
    this.organization = givenOr("OPENAI_ORG_ID", options.organization);
    this.project = givenOr("OPENAI_PROJECT_ID", options.project);
    const { clock, maxRetries, organization, project } = this;
    const { random = Math.random, timeout = 60_000 } = options;
    const { maxRetryAfter, onRetry, onCall, onSecret } = options;

    const retrySettings = { clock, random, maxRetries, maxRetryAfter, onRetry };
    const workload = workloadOf(options, { ...retrySettings, timeout, onCall, onSecret });
    this.workloadIdentity = workload;
    const bearer = workload?.bearer ?? keyBearer(apiKey);
    const createOwn = () =>
      createTransport({
        baseURL: this.baseURL,
        timeout,
        clock,
        onCall,
        ...redactors(bearer, headers),
        headers: async (signal) => {
          const token = await bearer.token(signal);
          return {
            "user-agent": "openai-batch-action",
            ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
            ...(organization === undefined ? {} : { "openai-organization": organization }),
            ...(project === undefined ? {} : { "openai-project": project }),
            ...lowerCased(headers),
          };
        },
      });
    const wire: Wire = {
      transport: options.transport ?? createOwn(),
      retried: (call, attempt) =>
        withRetries(workload?.renewingOnce(attempt) ?? attempt, call, retrySettings),
    };
    this.batches = new Batches(wire);
    this.files = new Files(wire);
    this.models = new Models(wire);
  }
}

/**
 * What takes secrets out of the server's words, and out of the values of its successes. From those only
 * credentials: a common word in another header would be taken out of metadata and names too.
 */
function redactors(bearer: Bearer, headers: Readonly<Record<string, string>>) {
  const redactCredentials = redactor(() => [
    ...bearer.secrets(),
    ...credentialsOf(headers).flatMap(secretsOf),
  ]);
  return {
    redact: redactor(() => [...bearer.secrets(), ...Object.values(headers).flatMap(secretsOf)]),
    redactValue: (value: unknown) => withTexts(value, redactCredentials),
  };
}

/** A variable without the spaces and the line break that a pasted one may have; `undefined` for none. */
function valueOf(variable: string): string | undefined {
  return process.env[variable]?.trim() || undefined;
}

/** What was given, else the variable; `undefined` for none. */
function givenOr(variable: string, given: string | null | undefined): string | undefined {
  return (given === undefined ? valueOf(variable) : given) || undefined;
}

/** @throws {APIError} when there is no credential, or more than one */
function keyOf(
  { apiKey, workloadIdentity }: BatchClientOptions,
  headers: Readonly<Record<string, string>>,
): ApiKey | undefined {
  if (workloadIdentity !== undefined) {
    if (!apiKey && !replacesBearer(headers)) return undefined;
    throw new APIError(
      "`workloadIdentity` stands in the place of a key. Pass it alone, without `apiKey` and without an `Authorization` header.",
      { code: "conflicting_credentials" },
    );
  }
  const key = apiKey || valueOf("OPENAI_API_KEY");
  if (key === undefined && !hasCredential(headers)) {
    throw new APIError(
      "There is no API key. Pass `apiKey` or `workloadIdentity`, set OPENAI_API_KEY, or give a credential header.",
      { code: "missing_credential" },
    );
  }
  return key;
}

function workloadOf(
  { workloadIdentity }: BatchClientOptions,
  settings: ExchangeSettings,
): WorkloadIdentityAuth | undefined {
  return workloadIdentity === undefined || workloadIdentity instanceof WorkloadIdentityAuth
    ? workloadIdentity
    : new WorkloadIdentityAuth(workloadIdentity, settings);
}

/** Header names in one case, so that a caller's `Authorization` replaces ours. */
function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}
