import type { GitHubApi } from "../github/api.ts";
import { lookForRun } from "../github/started-run.ts";
import type { dispatchTarget } from "../github/target.ts";
import type { HandOver } from "../state.ts";
import type { PostStep } from "./post.ts";

interface Workflow {
  readonly api: GitHubApi | undefined;
  readonly target: ReturnType<typeof dispatchTarget>;
  /** The id of this run. */
  readonly own: string | undefined;
}

/** Milliseconds that the look for a run may take: what is left has to be cancelled. */
const timeToLook = 20_000;

/**
 * The batches of a hand-over that was cut off, if the run that goes on with them did start. Where
 * that cannot be found out they count as ours: a run whose batch is cancelled says so, and a batch
 * that nobody waits for would not.
 */
export async function takenOver(
  { client, toolkit }: PostStep,
  handOver: HandOver | undefined,
  { api, target, own }: Workflow,
): Promise<readonly string[]> {
  if (handOver?.done !== false || api === undefined || "problem" in target) return [];
  const { clock } = client;
  const { ids, since } = handOver;
  const after = Math.max(handOver.after, Number(own ?? 0));
  const call = { clock, deadline: clock.now() + timeToLook };
  const known = await lookForRun(api, { target, ids, since, after }, call);
  if (known.state === "started") {
    toolkit.info(
      `Left to ${known.run?.url ?? "a run"}, which was started for them: ${ids.join(", ")}.`,
    );
    return ids;
  }
  toolkit.warning(
    `Whether a run was started to go on with ${ids.join(", ")} could not be found out. ${known.why}`,
  );
  return [];
}
