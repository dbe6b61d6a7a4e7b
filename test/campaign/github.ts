import type { DispatchedRun, GitHubApi } from "../../src/action/github/api.ts";
import type { CommitStatus } from "../../src/action/github/record.ts";
import type { Clock } from "../../src/api/clock.ts";
import { APIConnectionError, APIError } from "../../src/api/errors.ts";
import type { DispatchFault } from "./schedule.ts";

/** A run that was started to go on with batches. */
export interface StartedRun extends DispatchedRun {
  readonly batchIds: readonly string[];
  readonly at: number;
}

/** What GitHub keeps. */
export interface GitHubStore {
  readonly runs: StartedRun[];
  /** Of the one commit, oldest first. */
  readonly statuses: CommitStatus[];
}

interface GitHubSettings extends GitHubStore {
  readonly clock: Clock;
  /** The fault of the next dispatch. */
  readonly nextFault: () => DispatchFault;
  /** Passed before and after each call is processed. */
  readonly point: () => Promise<void>;
  /** Ends the process. */
  readonly kill: () => Promise<never>;
}

const latency = 40;

/** GitHub as far as the action needs it, on the campaign's clock. */
export function campaignGitHub(settings: GitHubSettings): GitHubApi {
  const { clock, runs, statuses, point, kill } = settings;
  const lost = () =>
    new APIConnectionError("GitHub gave no answer.", { code: "ECONNRESET", sent: true });
  return {
    async *statuses(_commit, { signal }) {
      await point();
      await clock.sleep(latency, signal);
      yield [...statuses].reverse();
    },
    async createStatus(_commit, { state, name, targetUrl }, { signal }) {
      await point();
      await clock.sleep(latency, signal);
      const status = { id: statuses.length + 1, state, name, targetUrl, createdAt: clock.now() };
      statuses.push(status);
      return status;
    },
    async dispatch(_target, inputs, { signal }) {
      signal?.throwIfAborted();
      const now = settings.nextFault();
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
