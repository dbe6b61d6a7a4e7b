import type { DispatchedRun, GitHubApi } from "../../src/action/github/api.ts";
import type { Clock } from "../../src/api/clock.ts";
import { APIConnectionError, APIError } from "../../src/api/errors.ts";
import type { DispatchFault } from "./schedule.ts";

/** A run that was started to go on with batches. */
export interface StartedRun extends DispatchedRun {
  readonly batchIds: readonly string[];
  readonly at: number;
}

interface GitHubSettings {
  readonly clock: Clock;
  readonly runs: StartedRun[];
  readonly fault: DispatchFault;
  /** Passed before and after each call is processed. */
  readonly point: () => Promise<void>;
  /** Ends the process. */
  readonly kill: () => Promise<never>;
}

const latency = 40;

/** GitHub as far as a hand-over needs it, on the campaign's clock; each fault comes once. */
export function campaignGitHub({ clock, runs, fault, point, kill }: GitHubSettings): GitHubApi {
  let left = fault === "none" ? 0 : 1;
  const lost = () =>
    new APIConnectionError("GitHub gave no answer.", { code: "ECONNRESET", sent: true });
  const unused = () => new TypeError("The campaign sets no commit statuses.");
  return {
    statuses() {
      throw unused();
    },
    createStatus: () => Promise.reject(unused()),
    async dispatch(_target, inputs, { signal }) {
      signal?.throwIfAborted();
      const now = left > 0 ? fault : "none";
      left -= 1;
      await point();
      // As the real call, it still gets its answer after a signal.
      await clock.sleep(latency);
      if (now === "refused") throw new APIError("GitHub refused.", { status: 403 });
      if (now === "drop") throw lost();
      if (now === "killed-before") return kill();
      const id = 100 + runs.length;
      const batchIds = (inputs["batch-id"] ?? "").split(",");
      const url = `https://github.com/runs/${id}`;
      // The workflow's `run-name` names the batches.
      runs.push({ id, url, title: batchIds.join(" "), batchIds, at: clock.now() });
      if (now === "killed-after") return kill();
      await point();
      await clock.sleep(latency);
      if (now === "lost") throw lost();
      return { id, url };
    },
    async dispatchedRuns(_target, since, { signal }) {
      await point();
      await clock.sleep(latency, signal);
      return runs.filter(({ at }) => at >= since);
    },
  };
}
