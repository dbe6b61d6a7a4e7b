/** Milliseconds that GitHub wants a client to wait at least where it names no time of its own. */
const shortestPause = 60_000;

/** An answer of GitHub, as far as it may speak of a limit. */
interface LimitedAnswer {
  readonly status: number;
  /** GitHub's own words. */
  readonly said: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

/**
 * Milliseconds until GitHub takes calls again; `undefined` for an answer that is not about a limit.
 *
 * GitHub answers both of its limits with 403 or 429, and often names the secondary one (too many
 * calls in a short time, once called abuse detection) in its message only. Its documentation asks
 * for a minute then, and for more each time it happens again.
 *
 * @param earlier how often the same call was answered so before
 */
export function limitPause(
  { status, said, headers }: LimitedAnswer,
  now: number,
  earlier = 0,
): number | undefined {
  if (status !== 403 && status !== 429) return undefined;
  const named = askedPause(headers);
  if (named !== undefined) return named;
  const isRefusal = status === 403 && /not accessible/i.test(said);
  const reset = Number(headers["x-ratelimit-reset"] ?? Number.NaN);
  if (String(headers["x-ratelimit-remaining"]) === "0" && Number.isFinite(reset) && !isRefusal) {
    return Math.max(0, reset * 1000 - now);
  }
  const isLimit = status === 429 || /rate limit|\babuse\b/i.test(said);
  return isLimit ? shortestPause * 2 ** earlier : undefined;
}

/** What `retry-after` asks for, in milliseconds. */
export function askedPause(headers: Readonly<Record<string, unknown>>): number | undefined {
  const seconds = Number(headers["retry-after"] ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds * 1000 : undefined;
}
