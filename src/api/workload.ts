import type { Bearer } from "./auth.ts";
import { OAuthError } from "./auth-errors.ts";
import { APIError } from "./errors.ts";
import {
  type AccessToken,
  type ExchangeSettings,
  type TokenExchange,
  tokenExchange,
  type WorkloadIdentity,
} from "./exchange.ts";
import { shared } from "./shared.ts";

/** Milliseconds between renewals that fail while the token at hand is still good. */
const renewalPause = 30_000;

/**
 * Keeps the access token that a workload's own one was exchanged for until it is time for the
 * next. Clients may share one.
 *
 * From 20 minutes before its end, or its half life, a token is renewed beside the calls, which go
 * on with it meanwhile; a renewal that fails does no harm as long as it is good, and one that is
 * still under way does not keep the process alive.
 *
 * A client that is given a `workloadIdentity` makes one; it is `client.workloadIdentity`.
 *
 * @example
 * ```ts
 * import { BatchClient } from "openai-batch-action";
 * import { readFile } from "node:fs/promises";
 *
 * const first = new BatchClient({
 *   workloadIdentity: {
 *     identityProviderId: "idp_123",
 *     serviceAccountId: "sa_456",
 *     provider: { tokenType: "jwt", getToken: () => readFile("token.txt", "utf8") },
 *     tokenURL: process.env.OPENAI_TOKEN_URL, // defaults to OpenAI's own
 *   },
 * });
 * const second = new BatchClient({ workloadIdentity: first.workloadIdentity, project: "proj_1" });
 * for await (const batch of first.batches.list()) console.error(batch.id);
 * for await (const batch of second.batches.list()) console.error(batch.id); // the same token
 * ```
 */
export class WorkloadIdentityAuth {
  readonly #settings: ExchangeSettings;
  readonly #tokens: TokenExchange;
  readonly #exchanged: (signal?: AbortSignal) => Promise<AccessToken>;
  #cached: AccessToken | undefined;
  #renewing = false;

  /** @throws {APIError} `invalid_token_url` */
  constructor(identity: WorkloadIdentity, settings: ExchangeSettings) {
    this.#settings = settings;
    this.#tokens = tokenExchange(identity, settings);
    this.#exchanged = shared(async (signal) => this.#keep(await this.#tokens.exchange(signal)));
  }

  /** What a client's requests get their token from. */
  get bearer(): Bearer {
    return {
      token: (signal) => this.getToken({ signal }),
      secrets: () => this.#tokens.secrets(),
    };
  }

  /** The access token at hand, if it is still good. */
  get cachedToken(): string | undefined {
    const cached = this.#cached;
    return cached !== undefined && this.#settings.clock.now() < cached.expiresAt
      ? cached.token
      : undefined;
  }

  /**
   * A good access token: the one at hand, or one that is exchanged now, once for all who ask.
   *
   * @throws {OAuthError} when the exchange is refused (400, 401, 403), or fails more often than is tried
   * @throws {SubjectTokenProviderError} when the workload has no token of its own
   * @throws the signal's reason when it aborts
   */
  async getToken({ signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<string> {
    const token = this.cachedToken;
    if (token === undefined) return (await this.#exchanged(signal)).token;
    void this.#renewInTime(signal);
    return token;
  }

  /** Forgets the token at hand, or the given one should it still be at hand. */
  invalidateToken(token = this.#cached?.token): void {
    if (this.#cached?.token === token) this.#cached = undefined;
  }

  /**
   * The attempt of a call that the server refuses with 401 although its token should be good is
   * made once more with a new one: the token may have been revoked. A refusal has done nothing, so
   * that holds for calls that cost money too.
   */
  renewingOnce<T>(
    attempt: (signal: AbortSignal | undefined) => Promise<T>,
  ): (signal: AbortSignal | undefined) => Promise<T> {
    let renewed = false;
    return async (signal) => {
      const held = this.cachedToken;
      try {
        return await attempt(signal);
      } catch (error) {
        if (renewed || held === undefined || !isRefusedToken(error)) throw error;
        renewed = true;
        this.invalidateToken(held);
        return attempt(signal);
      }
    };
  }

  async #renewInTime(signal: AbortSignal | undefined): Promise<void> {
    const cached = this.#cached;
    const { clock } = this.#settings;
    if (cached === undefined || clock.now() < cached.refreshAt || this.#renewing) return;
    this.#renewing = true;
    try {
      this.#keep(await this.#tokens.exchangeInBackground(signal));
    } catch {
      // The token at hand is good for a while; a later call tries again, and tells once it is not.
      if (this.#cached === cached) {
        this.#cached = { ...cached, refreshAt: clock.now() + renewalPause };
      }
    } finally {
      this.#renewing = false;
    }
  }

  #keep(token: AccessToken): AccessToken {
    this.#cached = token;
    return token;
  }
}

function isRefusedToken(error: unknown): boolean {
  return error instanceof APIError && error.status === 401 && !(error instanceof OAuthError);
}
