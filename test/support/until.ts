import { setTimeout as sleep } from "node:timers/promises";

/** Waits until something is so, however long a busy machine takes; only the test's own time ends it. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(1);
}

/** Does something as soon as something is so, while the test waits for what comes of it. */
export function asSoonAs(isSo: () => boolean, act: () => void): void {
  void until(isSo).then(act);
}
