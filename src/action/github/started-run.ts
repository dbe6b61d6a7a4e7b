import type { Clock } from "../../api/clock.ts";
import type { CallOptions } from "../../api/types.ts";
import type { DispatchedRun, DispatchTarget, GitHubApi } from "./api.ts";

/** Milliseconds between looks for a run that was just started; the list lags. */
const looks = [0, 2_000, 4_000, 8_000];
/** How far GitHub's clock may be behind ours, in milliseconds. */
const clockSkew = 60_000;

/** Runs that were there before a dispatch are of others: of this one's siblings in a matrix too. */
export async function newestRun(
  api: GitHubApi,
  target: DispatchTarget,
  { since, own }: { readonly since: number; readonly own: string | undefined },
  call: CallOptions,
): Promise<number> {
  const runs = await api.dispatchedRuns(target, since - clockSkew, call);
  return Math.max(Number(own ?? 0), ...runs.map(({ id }) => id));
}

/**
 * The run that a dispatch since then has started; `undefined` when there is none.
 *
 * @param after the greatest id of a run that was there before: one that was started since has a greater one
 */
export async function findStartedRun(
  api: GitHubApi,
  target: DispatchTarget,
  { since, after }: { readonly since: number; readonly after: number },
  { clock, ...call }: CallOptions & { readonly clock: Clock },
): Promise<DispatchedRun | undefined> {
  for (const pause of looks) {
    await clock.sleep(pause, call.signal);
    const runs = await api.dispatchedRuns(target, since - clockSkew, call);
    const started = runs.find(({ id }) => id > after);
    if (started !== undefined) return started;
  }
  return undefined;
}
