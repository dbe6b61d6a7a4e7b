import type { Batch } from "../api/types.ts";
import { isKnownStatus } from "../batch/status.ts";
import { formatDuration } from "./format.ts";
import type { Toolkit } from "./toolkit.ts";

/** One line about a batch: its id, status and counts. */
export function describeBatch(batch: Batch): string {
  const counts = batch.request_counts;
  const requests =
    counts === undefined || counts.total === 0
      ? ""
      : `, ${counts.completed + counts.failed} of ${counts.total} requests done` +
        (counts.failed === 0 ? "" : `, ${counts.failed} failed`);
  return `${batch.id}: ${batch.status}${requests}`;
}

/** Says a line for each batch that changed, and warns once of a status nobody has told us of. */
export function progressLog(
  toolkit: Pick<Toolkit, "info" | "warning">,
  now: () => number,
): (batches: readonly Batch[]) => void {
  const started = now();
  const said = new Map<string, string>();
  const warned = new Set<string>();
  return (batches) => {
    for (const batch of batches) {
      const line = describeBatch(batch);
      if (said.get(batch.id) === line) continue;
      said.set(batch.id, line);
      toolkit.info(`${line} (after ${formatDuration(now() - started)})`);
      if (!isKnownStatus(batch.status) && !warned.has(batch.status)) {
        warned.add(batch.status);
        toolkit.warning(
          `The server names a status that is not known: ${String(batch.status)}. Waiting on.`,
        );
      }
    }
  };
}
