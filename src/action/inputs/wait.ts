import type { Fields } from "../fields.ts";
import type { Problem } from "./problem.ts";

export type OnTimeout = "fail" | "continue" | "cancel";

/** All in milliseconds. */
export interface WaitInputs {
  readonly timeout: number;
  readonly onTimeout: OnTimeout;
  readonly pollInterval: number;
  readonly maxPollInterval: number;
}

const defaultTimeout = 5.5 * 3_600_000;
const defaultMaxPollInterval = 60_000;

export function readWait(fields: Fields, problem: Problem): WaitInputs {
  const pollInterval = fields.duration("poll-interval") ?? 5_000;
  const maxPollInterval = fields.duration("max-poll-interval") ?? defaultMaxPollInterval;
  // Whoever raises only the lower bound above the upper one's default means both.
  if (maxPollInterval < pollInterval && maxPollInterval !== defaultMaxPollInterval) {
    problem("`max-poll-interval` is shorter than `poll-interval`.");
  }
  return {
    timeout: fields.duration("timeout") ?? defaultTimeout,
    onTimeout: fields.oneOf("on-timeout", ["fail", "continue", "cancel"], "fail"),
    pollInterval,
    maxPollInterval: Math.max(pollInterval, maxPollInterval),
  };
}

export function readBatchIds(fields: Fields, problem: Problem): readonly string[] {
  const ids = [...new Set(fields.list("batch-id"))];
  if (ids.length === 0) {
    problem(
      "`batch-id` is missing. Give one or more ids, for example `${{ steps.create.outputs.batch-id }}`; it is empty when that step did not run.",
    );
  }
  for (const id of ids) {
    if (/\s/.test(id)) problem(`\`batch-id\`: \`${id}\` is no id: it holds white space.`);
  }
  return ids;
}
