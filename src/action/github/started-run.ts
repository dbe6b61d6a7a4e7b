import type { Clock } from "../../api/clock.ts";
import { APIError } from "../../api/errors.ts";
import type { CallOptions } from "../../api/types.ts";
import type { DispatchedRun, DispatchTarget, GitHubApi } from "./api.ts";

/** A dispatch whose answer was lost. */
interface LostDispatch {
  readonly target: DispatchTarget;
  /** The batches that the run was to go on with. */
  readonly ids: readonly string[];
  /** Milliseconds since the epoch: the run cannot be older. */
  readonly since: number;
  /** The greatest id of a run that was there before; one that was started since has a greater one. */
  readonly after: number;
}

/** What is known of the run that a dispatch was to start. */
export type DispatchKnowledge =
  /** A run goes on with these batches. */
  | { readonly state: "started"; readonly run: Pick<DispatchedRun, "id" | "url"> | undefined }
  /** GitHub refused the dispatch, or it never left this machine. */
  | { readonly state: "not-started"; readonly why: string }
  /** There may be a run, or none. */
  | { readonly state: "unknown"; readonly why: string };

interface DispatchDecision {
  readonly decision: "done" | "dispatch-again" | "give-up";
  readonly why: string;
}

/** So often a dispatch is sent in all, as long as it is not known whether a run has started. */
const maxTries = 3;

/**
 * The rule: when in doubt, dispatch again. A second run for the same batches waits beside the first
 * and does no harm; without any run nobody waits for them.
 *
 * @param tries how often the dispatch has been sent
 */
export function decideDispatch(known: DispatchKnowledge, tries: number): DispatchDecision {
  switch (known.state) {
    case "started":
      return { decision: "done", why: `a run goes on with the batches: ${known.run?.url ?? ""}` };
    case "not-started":
      return { decision: "give-up", why: known.why };
    case "unknown":
      return { decision: tries < maxTries ? "dispatch-again" : "give-up", why: known.why };
  }
}

/** What a failed dispatch leaves open. */
export function knownByFailure({ message, outcomeUnknown }: APIError): DispatchKnowledge {
  return { state: outcomeUnknown ? "unknown" : "not-started", why: message };
}

/** Milliseconds between looks for a run that was just started; the list lags. */
const looks = [0, 2_000, 4_000, 8_000];
/** How far GitHub's clock may be behind ours, in milliseconds. */
const gitHubClockSkew = 60_000;

/** The greatest id of the runs that are there before a dispatch, this one's siblings in a matrix too. */
export async function newestRun(
  api: GitHubApi,
  target: DispatchTarget,
  { since, own }: { readonly since: number; readonly own: string | undefined },
  call: CallOptions,
): Promise<number> {
  const runs = await api.dispatchedRuns(target, since - gitHubClockSkew, call);
  return Math.max(Number(own ?? 0), ...runs.map(({ id }) => id));
}

/**
 * Looks for the run of a lost dispatch. GitHub's list tells no inputs, so a new run may be a
 * sibling's: only one whose title names the batches (by the workflow's `run-name`) is known to be
 * ours. No such run proves nothing either, because the list lags.
 *
 * @throws the signal's reason when it aborts
 */
export async function lookForRun(
  api: GitHubApi,
  { target, ids, since, after }: LostDispatch,
  { clock, ...call }: CallOptions & { readonly clock: Clock },
): Promise<DispatchKnowledge> {
  let others = 0;
  try {
    for (const pause of looks) {
      await clock.sleep(pause, call.signal);
      const runs = await api.dispatchedRuns(target, since - gitHubClockSkew, call);
      const started = runs.filter(({ id }) => id > after);
      const run = started.find(({ title }) => namesAll(title, ids));
      if (run !== undefined) return { state: "started", run };
      others = started.length;
    }
  } catch (error) {
    if (!(error instanceof APIError)) throw error;
    return { state: "unknown", why: error.message };
  }
  return {
    state: "unknown",
    why:
      others === 0
        ? `GitHub shows no new run of ${target.file}, which may be late.`
        : `GitHub shows new runs of ${target.file}, but not for which batches they were started; \`run-name\` with \`\${{ inputs.batch-id }}\` would tell.`,
  };
}

/** Whether a title names each of these batches as a word of its own, not within a longer id. */
function namesAll(title: string, ids: readonly string[]): boolean {
  const words = new Set(title.split(/[\s,;:()[\]"'`]+/));
  return ids.length > 0 && ids.every((id) => words.has(id));
}
