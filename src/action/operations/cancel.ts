import { APIError, messageOf } from "../../api/errors.ts";
import type { BatchEvent } from "../../batch/events.ts";
import type { Batch } from "../../api/types.ts";
import { decideCancel } from "../../batch/rules.ts";
import { cancelOrDeadline, latest } from "../cancellation/main.ts";
import { explain } from "../explain.ts";
import { cancelledEnding } from "../github/ending.ts";
import type { BatchChoice } from "../inputs.ts";
import type { StepOutcome, Step } from "../operation.ts";
import { reportOf } from "../outputs.ts";
import { choose, nothingToDo } from "./choose.ts";

/** `cancel`: cancels batches; one that has ended is left as it is. */
export async function cancel(step: Step, choice: BatchChoice): Promise<StepOutcome> {
  const { ids, incomplete } = await choose(
    step,
    choice,
    (batch) => decideCancel(batch).decision === "cancel",
  );
  if (ids.length === 0) {
    step.toolkit.notice(
      "No batch that matches is still running, as far as the list shows, so none was cancelled.",
    );
    return { report: nothingToDo(incomplete), failure: incomplete };
  }
  return cancelAll(step, ids, incomplete);
}

async function cancelAll(
  step: Step,
  ids: readonly string[],
  incomplete: string | undefined,
): Promise<StepOutcome> {
  const { state, reporter, signal, narrator } = step;
  // What this step does not come to is left to the post step.
  for (const id of ids) state.batch(id, {});
  state.cancelWanted();
  const answered: Batch[] = [];
  const onEvent = (event: BatchEvent) => {
    if (event.type === "cancelled") answered.push(event.batch);
    narrator.onEvent(event);
  };
  try {
    const { batches, failures } = await cancelOrDeadline(
      { ...step, narrator: { ...narrator, onEvent } },
      ids,
    );
    for (const id of failures.keys()) state.unknown(id);
    reporter.ended(cancelledEnding(batches));
    const all = [...[...failures.values()].map(messageOf), incomplete ?? ""].filter(Boolean);
    // One that could not be cancelled may be running.
    const isUnknown = (error: unknown) => error instanceof APIError && error.status === 404;
    const told = ids.filter((id) => !isUnknown(failures.get(id)));
    const report = reportOf(latest(ids, batches), { ids: told });
    return { report, failure: all.join("\n") || undefined };
  } catch (error) {
    if (!signal.aborted) throw error;
    const left = ids.filter((id) => !answered.some((batch) => batch.id === id));
    const failure = `${explain(error)} Not cancelled yet: ${left.join(", ")}. The post step goes on with them.`;
    return { report: reportOf(latest(ids, answered), { ids }), failure };
  }
}
