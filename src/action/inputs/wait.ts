import type { Environment } from "../../api/environment.ts";
import type { InputFields } from "./fields.ts";
import type { DispatchTarget } from "../github/api.ts";
import { dispatchTarget } from "../github/target.ts";
import type { Problem } from "./problem.ts";

const onTimeouts = ["fail", "continue", "cancel", "dispatch"] as const;
type OnTimeout = (typeof onTimeouts)[number];

/** All in milliseconds. */
export interface WaitInputs {
  readonly timeout: number;
  readonly onTimeout: OnTimeout;
  /** What `dispatch` starts. */
  readonly dispatch: DispatchTarget | undefined;
  readonly pollInterval: number;
  readonly maxPollInterval: number;
}

const defaultTimeout = 5.5 * 3_600_000;
const defaultMaxPollInterval = 60_000;

export function readWait(fields: InputFields, env: Environment, problem: Problem): WaitInputs {
  const pollInterval = fields.duration("poll-interval") ?? 5_000;
  const maxPollInterval = fields.duration("max-poll-interval") ?? defaultMaxPollInterval;
  // Whoever raises only the lower bound above the upper one's default means both.
  if (maxPollInterval < pollInterval && maxPollInterval !== defaultMaxPollInterval) {
    problem("`max-poll-interval` is shorter than `poll-interval`.");
  }
  const onTimeout = fields.oneOf("on-timeout", onTimeouts, "fail");
  return {
    timeout: fields.duration("timeout") ?? defaultTimeout,
    onTimeout,
    dispatch: onTimeout === "dispatch" ? readTarget(env, problem) : undefined,
    pollInterval,
    maxPollInterval: Math.max(pollInterval, maxPollInterval),
  };
}

function readTarget(env: Environment, problem: Problem): DispatchTarget | undefined {
  const target = dispatchTarget(env);
  if (!("problem" in target)) return target;
  problem(`\`on-timeout: dispatch\`: ${target.problem}`);
  return undefined;
}
