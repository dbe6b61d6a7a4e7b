import { unstated } from "../api/status-words.ts";
import type { Batch } from "../api/types.ts";
import { plural } from "../batch/format.ts";
import { createProgressTeller } from "../batch/progress/teller.ts";
import { isKnownStatus } from "../batch/status.ts";
import type { Toolkit } from "./runner/toolkit.ts";

export { describeBatch } from "../batch/progress.ts";

/** Says how the batches are doing, when there is something to say, and warns once of a status nobody has told us of. */
export function progressLog(
  toolkit: Pick<Toolkit, "info" | "warning" | "startGroup" | "endGroup">,
  now: () => number,
): (batches: readonly Batch[]) => void {
  const tell = createProgressTeller(now);
  const warned = new Set<string>();
  return (batches) => {
    const { lines, details } = tell(batches);
    if (details.length > 0) {
      toolkit.startGroup(plural(batches.length, "batch", "batches"));
      for (const line of details) toolkit.info(line);
      if (details.length < batches.length)
        toolkit.info(`… and ${batches.length - details.length} more`);
      toolkit.endGroup();
    }
    for (const line of lines) toolkit.info(line);
    for (const { status } of batches) {
      if (isKnownStatus(status) || warned.has(status)) continue;
      warned.add(status);
      toolkit.warning(
        status === unstated
          ? "The server names no status of a batch. Still waiting."
          : `The server names a status that is not known: ${String(status)}. Still waiting.`,
      );
    }
  };
}
