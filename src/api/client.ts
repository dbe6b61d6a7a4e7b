import { type ApiKey, hasCredential, redactor } from "./auth.ts";
import { checkedBaseURL, defaultBaseURL } from "./baseurl.ts";
import { Batches } from "./batches.ts";
import { type Clock, systemClock } from "./clock.ts";
import { APIError } from "./errors.ts";
import { Files } from "./files.ts";
import { transportOnFirstUse } from "./firstuse.ts";
import { type RetryEvent, type RetriedCall, withRetries } from "./retry.ts";
import type { CallEvent, Transport } from "./transport.ts";

/** Options of a client, named as in the official `openai` package where it has them. */
export interface BatchClientOptions {
  /** A key or a function that gives one; the variable `OPENAI_API_KEY` unless given. */
  readonly apiKey?: ApiKey | undefined;
  /** The variable `OPENAI_BASE_URL`, else `https://api.openai.com/v1`, unless given. */
  readonly baseURL?: string | undefined;
  readonly organization?: string | undefined;
  readonly project?: string | undefined;
  /** Sent with every request; may hold the credential, as `api-key` for Azure. */
  readonly defaultHeaders?: Readonly<Record<string, string>> | undefined;
  /** Milliseconds without an answer or a byte after which a call is sent again; 60,000 unless given. */
  readonly timeout?: number | undefined;
  /** Tries after the first, per call; 5 unless given. */
  readonly maxRetries?: number | undefined;
  /** Where time comes from; the machine's clock unless given. */
  readonly clock?: Clock | undefined;
  /** Between 0 and 1, for the jitter of pauses; `Math.random` unless given. */
  readonly random?: (() => number) | undefined;
  /** In place of the network; for tests that need no sockets. */
  readonly transport?: Transport | undefined;
  /** Told of every request on the wire. */
  readonly onCall?: ((event: CallEvent) => void) | undefined;
  /** Told of every failed attempt that is followed by another. */
  readonly onRetry?: ((event: RetryEvent) => void) | undefined;
}

/** What the resources need of the client: the wire, and the one rule of trying again. */
export interface Wire {
  readonly transport: Transport;
  retried<T>(
    call: RetriedCall,
    attempt: (signal: AbortSignal | undefined) => Promise<T>,
  ): Promise<T>;
}

/**
 * A client of the Batch and Files API of OpenAI or of a server that speaks it.
 *
 * @example
 * ```ts
 * const client = new BatchClient({ apiKey: process.env.OPENAI_API_KEY });
 * const batch = await client.batches.retrieve("batch_123");
 * ```
 * @throws {APIError} `missing_credential` when there is neither a key nor a header that stands for one; `invalid_base_url`
 */
export class BatchClient {
  readonly batches: Batches;
  readonly files: Files;
  /** Without a trailing slash. */
  readonly baseURL: string;
  /** The clock that the client's pauses and deadlines go by. */
  readonly clock: Clock;
  readonly maxRetries: number;
  readonly organization: string | undefined;
  readonly project: string | undefined;

  constructor(options: BatchClientOptions = {}) {
    const apiKey = options.apiKey || process.env["OPENAI_API_KEY"] || undefined;
    const headers = { ...options.defaultHeaders };
    if (apiKey === undefined && !hasCredential(headers)) {
      throw new APIError(
        "There is no API key. Pass `apiKey`, set OPENAI_API_KEY, or give a credential header.",
        { code: "missing_credential" },
      );
    }
    this.baseURL = checkedBaseURL(
      options.baseURL ?? (process.env["OPENAI_BASE_URL"] || defaultBaseURL),
    );
    this.clock = options.clock ?? systemClock;
    this.maxRetries = options.maxRetries ?? 5;
    this.organization = options.organization;
    this.project = options.project;
    const { clock, maxRetries } = this;
    const { random = Math.random, onRetry, onCall, organization, project } = options;

    let lastKey = typeof apiKey === "string" ? apiKey : undefined;
    // A key that was renewed while a call was under way may still come back in its answer.
    const keys = new Set(lastKey === undefined ? [] : [lastKey]);
    const redact = redactor(() => [
      ...keys,
      // `Bearer …`: a server may repeat the token alone.
      ...Object.values(headers).flatMap((value) => [value, value.split(/\s+/).at(-1) ?? value]),
    ]);
    const createOwn = () =>
      transportOnFirstUse({
        baseURL: this.baseURL,
        timeout: options.timeout ?? 60_000,
        clock,
        redact,
        onCall,
        headers: async () => {
          if (typeof apiKey === "function") {
            lastKey = await apiKey();
            keys.add(lastKey);
          }
          return {
            "user-agent": "openai-batch-action",
            ...(lastKey === undefined ? {} : { authorization: `Bearer ${lastKey}` }),
            ...(organization === undefined ? {} : { "openai-organization": organization }),
            ...(project === undefined ? {} : { "openai-project": project }),
            ...lowerCased(headers),
          };
        },
      });
    const wire: Wire = {
      transport: options.transport ?? createOwn(),
      retried: (call, attempt) =>
        withRetries(attempt, call, { clock, random, maxRetries, onRetry }),
    };
    this.batches = new Batches(wire);
    this.files = new Files(wire);
  }
}

/** Header names in one case, so that a caller's `Authorization` replaces ours. */
function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}
