import type { Clock } from "../../api/clock.ts";
import type { CallOptions } from "../../api/types.ts";
import type { DispatchedRun, DispatchTarget, GitHubApi } from "./api.ts";

/** Milliseconds between looks for a run that was just started; the list lags. */
const looks = [0, 2_000, 4_000, 8_000];
/** How far GitHub's clock may be behind ours, in milliseconds. */
const clockSkew = 60_000;

/**
 * The run that a dispatch since then has started; `undefined` when there is none.
 *
 * @param own the id of the run that asks: one that it has started has a greater one
 */
export async function findStartedRun(
  api: GitHubApi,
  target: DispatchTarget,
  { since, own }: { readonly since: number; readonly own: string | undefined },
  { clock, ...call }: CallOptions & { readonly clock: Clock },
): Promise<DispatchedRun | undefined> {
  for (const pause of looks) {
    await clock.sleep(pause, call.signal);
    const runs = await api.dispatchedRuns(target, since - clockSkew, call);
    const started = runs.find(({ id }) => id > Number(own ?? 0));
    if (started !== undefined) return started;
  }
  return undefined;
}
