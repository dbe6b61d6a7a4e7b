import { APIError, messageOf } from "../../api/errors.ts";
import { cancelOrDeadline, latest } from "../cancellation/main.ts";
import { cancelledEnding } from "../github/ending.ts";
import type { BatchChoice } from "../inputs.ts";
import { reportOf } from "../outputs.ts";
import type { Outcome, Step } from "../operation.ts";
import { decideCancel } from "../../batch/rules.ts";
import { choose, nothingToDo } from "./choose.ts";

/** `cancel`: cancels batches; one that has ended is left as it is. */
export async function cancel(step: Step, choice: BatchChoice): Promise<Outcome> {
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
  const { batches, failures } = await cancelOrDeadline(step, ids);
  step.reporter.ended(cancelledEnding(batches));
  const all = [...[...failures.values()].map(messageOf), incomplete ?? ""].filter(Boolean);
  // One that could not be cancelled may be running.
  const isUnknown = (error: unknown) => error instanceof APIError && error.status === 404;
  const told = ids.filter((id) => !isUnknown(failures.get(id)));
  const report = reportOf(latest(ids, batches), { ids: told });
  return { report, failure: all.join("\n") || undefined };
}
