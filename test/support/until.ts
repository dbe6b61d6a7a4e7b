import { setTimeout as sleep } from "node:timers/promises";

/** Waits until something is so, however long a busy machine takes; only the test's own time ends it. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(1);
}
