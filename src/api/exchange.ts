import { adviceFor } from "./advice.ts";
import { redactor, unsendable } from "./auth.ts";
import { OAuthError, SubjectTokenProviderError } from "./auth-errors.ts";
import { checkedTokenURL, defaultTokenURL } from "./base-url.ts";
import { APIError } from "./errors.ts";
import { createTransport } from "./transport.ts";
import { isFields } from "./json.ts";
import { type RetrySettings, withRetries } from "./retry.ts";
import type { CallEvent } from "./transport.ts";

/** Gives the token that a workload has of its own, as GitHub's OIDC token or a Kubernetes account's. */
export interface SubjectTokenProvider {
  /** `jwt`, or `id` for an OpenID Connect identity token. */
  readonly tokenType: "jwt" | "id";
  /**
   * Called before each exchange, for a fresh one; the signal aborts when nobody waits for it any more.
   * With `background` nobody waits from the start: fail rather than retry, and let the process end.
   */
  readonly getToken: (options?: {
    readonly signal?: AbortSignal | undefined;
    readonly background?: boolean | undefined;
  }) => Promise<string>;
}

/** Who a workload is: its own token is exchanged for one of an OpenAI service account. */
export interface WorkloadIdentity {
  /** `client_id` of the exchange; left out by default. */
  readonly clientId?: string;
  /** Id of the identity provider that OpenAI was told to trust. */
  readonly identityProviderId: string;
  /** Id of the service account that the workload acts as. */
  readonly serviceAccountId: string;
  /** Gives the workload's own token. */
  readonly provider: SubjectTokenProvider;
  /** Seconds before its end at which a token is renewed; 1,200, or half its life where that is shorter. */
  readonly refreshBufferSeconds?: number;
  /** Where tokens are exchanged; defaults to `https://auth.openai.com/oauth/token`. */
  readonly tokenURL?: string;
}

/** What an exchange needs of the client that it is for. */
export interface ExchangeSettings extends RetrySettings {
  /** Milliseconds without an answer or a byte after which an exchange is sent again. */
  readonly timeout: number;
  /** Called with every exchange on the wire. */
  readonly onCall?: ((event: CallEvent) => void) | undefined;
  /** Called with every token at once, so that a log can mask it. */
  readonly onSecret?: ((secret: string) => void) | undefined;
}

export interface AccessToken {
  readonly token: string;
  /** Milliseconds since the Unix epoch, by the client's clock. */
  readonly expiresAt: number;
  readonly refreshAt: number;
}

export interface TokenExchange {
  /** Asks for the workload's own token and exchanges it, and again after a transient error. */
  exchange(signal: AbortSignal | undefined): Promise<AccessToken>;
  /** Does so once, without keeping the process alive. */
  exchangeInBackground(signal: AbortSignal | undefined): Promise<AccessToken>;
  /** Every token there has been, the workload's own ones too. */
  secrets(): readonly string[];
}

const subjectTokenTypes = {
  jwt: "urn:ietf:params:oauth:token-type:jwt",
  id: "urn:ietf:params:oauth:token-type:id_token",
} as const;

/** Seconds. */
const defaultLifetime = 3_600;
const defaultRefreshBuffer = 1_200;
const refusals: ReadonlySet<number> = new Set([400, 401, 403]);

/**
 * OpenAI's exchange of a workload's token for an access token (RFC 8693), as the reference of
 * workload identity federation has it.
 *
 * @throws {APIError} `invalid_token_url`
 */
export function tokenExchange(
  identity: WorkloadIdentity,
  settings: ExchangeSettings,
): TokenExchange {
  const { clock, timeout, onCall } = settings;
  const url = checkedTokenURL(identity.tokenURL ?? defaultTokenURL);
  const path = url.pathname;
  const secrets = new Set<string>();
  const transport = createTransport({
    baseURL: url.origin,
    timeout,
    clock,
    redact: redactor(() => [...secrets]),
    headers: () => Promise.resolve({ "user-agent": "openai-batch-action" }),
    advise,
    onCall,
  });
  const keep = (secret: string) => {
    if (secrets.has(secret)) return;
    secrets.add(secret);
    settings.onSecret?.(secret);
  };

  const send = async (
    signal: AbortSignal | undefined,
    background: boolean,
  ): Promise<AccessToken> => {
    const subjectToken: unknown = await identity.provider.getToken({ signal, background });
    if (typeof subjectToken !== "string" || subjectToken.trim() === "") throw noSubjectToken();
    keep(subjectToken);
    // The token's life is counted from here, since it may have been made this early.
    const sentAt = clock.now();
    const json = requestOf(identity, subjectToken);
    try {
      const call = { method: "POST", path, json, signal, background } as const;
      const fields = tokenFields(url, await transport.json(call));
      keep(fields.token);
      return accessToken(url, fields, { sentAt, buffer: identity.refreshBufferSeconds });
    } catch (error) {
      // Final, whatever the server's `x-should-retry` says.
      throw isRefusal(error) ? failed(url, error) : error;
    }
  };
  const exchange = async (signal: AbortSignal | undefined, background: boolean) => {
    const call = { call: `POST ${path}`, signal, ...(background ? { maxRetries: 0 } : {}) };
    try {
      return await withRetries(async (ending) => send(ending, background), call, settings);
    } catch (error) {
      throw failed(url, error);
    }
  };

  return {
    exchange: async (signal) => exchange(signal, false),
    exchangeInBackground: async (signal) => exchange(signal, true),
    secrets: () => [...secrets],
  };
}

function requestOf(
  { clientId, identityProviderId, serviceAccountId, provider }: WorkloadIdentity,
  subjectToken: string,
): Readonly<Record<string, string>> {
  return {
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    subject_token: subjectToken,
    subject_token_type: subjectTokenTypes[provider.tokenType],
    identity_provider_id: identityProviderId,
    service_account_id: serviceAccountId,
    ...(clientId === undefined ? {} : { client_id: clientId }),
  };
}

interface TokenFields {
  readonly token: string;
  readonly seconds: number;
}

function tokenFields(url: URL, answer: unknown): TokenFields {
  const fields = isFields(answer) ? answer : {};
  const token = fields["access_token"];
  const seconds = Number(fields["expires_in"] ?? defaultLifetime);
  if (typeof token !== "string" || token.trim() === "" || !(seconds > 0)) {
    throw unreadable(url, "no `access_token`, or one without a life that we can read");
  }
  return { token, seconds };
}

function accessToken(
  url: URL,
  { token, seconds }: TokenFields,
  {
    sentAt,
    buffer = defaultRefreshBuffer,
  }: { readonly sentAt: number; readonly buffer: number | undefined },
): AccessToken {
  if (unsendable.test(token) || token.trim() !== token) {
    throw unreadable(url, "a token that no header can hold");
  }
  const expiresAt = sentAt + seconds * 1000;
  return { token, expiresAt, refreshAt: expiresAt - Math.min(buffer, seconds / 2) * 1000 };
}

function unreadable(url: URL, what: string): OAuthError {
  return new OAuthError(
    `The token exchange at ${url.href} was answered with ${what}. Check that this is the URL of OpenAI's token exchange.`,
    { code: "unreadable_answer" },
  );
}

function failed(url: URL, error: unknown): unknown {
  if (!(error instanceof APIError) || error instanceof OAuthError) return error;
  const { status, code, type, requestID } = error;
  return new OAuthError(`The token exchange at ${url.href} failed. ${error.message}`, {
    status,
    code,
    type,
    requestID,
    cause: error,
  });
}

function isRefusal(error: unknown): boolean {
  return error instanceof APIError && refusals.has(error.status ?? 0);
}

function noSubjectToken(): SubjectTokenProviderError {
  return new SubjectTokenProviderError(
    "The provider of the workload's own token gave none, so there is nothing to exchange. Check what its `getToken` returns.",
    { code: "no_subject_token" },
  );
}

function advise(status: number, code: string | undefined): string {
  if (refusals.has(status)) {
    return (
      "Check the ids of the identity provider and of the service account, that the provider's audience is the token's, " +
      "and that the account's mapping fits this workload (on GitHub its repository, branch or environment)."
    );
  }
  if (status >= 300 && status < 500 && status !== 408 && status !== 429) {
    return `Check the URL of the token exchange; OpenAI's is ${defaultTokenURL}.`;
  }
  return adviceFor(status, code);
}
