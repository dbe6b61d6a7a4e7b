import { adviceFor } from "../api/advice.ts";
import { SubjectTokenProviderError } from "../api/auth-errors.ts";
import { identityExpired } from "../api/auth-errors.ts";
import { redactor } from "../api/auth.ts";
import type { Clock } from "../api/clock.ts";
import { APIError } from "../api/errors.ts";
import type { ExchangeSettings, SubjectTokenProvider } from "../api/exchange.ts";
import { isFields } from "../api/json.ts";
import { withRetries } from "../api/retry.ts";
import { createTransport } from "../api/transport.ts";
import { endOfRight, type OidcRequest } from "./inputs/identity.ts";

/** The service answers within one or two seconds, or not at all. */
const attemptTimeout = 10_000;
const maxRetries = 3;

interface OidcSettings extends Pick<ExchangeSettings, "onCall" | "onRetry"> {
  readonly clock: Clock;
  readonly random?: (() => number) | undefined;
  /** Milliseconds that one attempt has; defaults to 10,000. */
  readonly timeout?: number | undefined;
}

/**
 * GitHub's OIDC token of this job, asked for as the toolkit's `getIDToken` does it. That one waits
 * three minutes for a silent service, cannot be ended by a signal, and keeps the process alive
 * meanwhile; here an attempt has ten seconds, and a transient failure three more tries.
 *
 * @throws {SubjectTokenProviderError} (from `getToken`) when GitHub gives none; with the code
 * `identity_expired` when the job may no longer ask
 */
export function githubTokenProvider(
  { url, token, audience }: OidcRequest,
  { clock, random = Math.random, timeout = attemptTimeout, onCall, onRetry }: OidcSettings,
): SubjectTokenProvider {
  const { origin, pathname, searchParams } = new URL(url);
  const transport = createTransport({
    baseURL: origin,
    timeout,
    clock,
    redact: redactor(() => [token]),
    headers: () => Promise.resolve({ authorization: `Bearer ${token}` }),
    advise,
    onCall,
  });
  const query = { ...Object.fromEntries(searchParams), audience };
  const call = `GET ${pathname}`;

  const ends = endOfRight(token);
  let given = false;
  // Nothing that was wrong from the start explains the refusal of what was granted before.
  const hasEnded = () => given || (ends !== undefined && clock.now() >= ends);

  const ask = async (signal: AbortSignal | undefined, background: boolean) => {
    const request = { method: "GET", path: pathname, query, signal, background } as const;
    const answer = await transport.json(request);
    const value = isFields(answer) ? answer["value"] : undefined;
    if (typeof value === "string" && value !== "") {
      given = true;
      return value;
    }
    throw new SubjectTokenProviderError(
      "GitHub answered the request for an OIDC token without one. Run again; if it stays so, look at githubstatus.com.",
      { code: "no_subject_token" },
    );
  };

  return {
    tokenType: "jwt",
    async getToken({ signal, background = false } = {}) {
      const retries = { clock, random, maxRetries: background ? 0 : maxRetries, onRetry };
      try {
        return await withRetries(async (end) => ask(end, background), { call, signal }, retries);
      } catch (error) {
        if (!(error instanceof APIError) || error instanceof SubjectTokenProviderError) throw error;
        const { status, code } = error;
        if (isRefusal(status) && hasEnded()) throw expired(error);
        throw new SubjectTokenProviderError(`GitHub gave no OIDC token. ${error.message}`, {
          status,
          code,
          cause: error,
        });
      }
    },
  };
}

function expired(cause: APIError): SubjectTokenProviderError {
  return new SubjectTokenProviderError(
    "The job may no longer ask GitHub for its identity: that right ends about six hours after the job's start. Give `timeout` less than that, and go on in another run with `on-timeout: dispatch`.",
    { status: cause.status, code: identityExpired, cause },
  );
}

function isRefusal(status: number | undefined): boolean {
  return status !== undefined && status >= 400 && status < 500 && status !== 408 && status !== 429;
}

function advise(status: number, code: string | undefined): string {
  return isRefusal(status)
    ? "Check that the job has `permissions:` with `id-token: write`, and that `identity-audience` is one that GitHub takes. The right to ask ends about six hours after the job began."
    : adviceFor(status, code);
}
