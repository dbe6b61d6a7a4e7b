/**
 * Remembers which deliveries are done. Hosts that start anew for every request forget what is in
 * memory, so give them a store of theirs: a key-value store does.
 */
export interface DeliveryStore {
  /** Whether this delivery was added. */
  has(id: string): Promise<boolean>;
  /** Remembers a delivery that is done, for at least so many seconds. */
  add(id: string, seconds: number): Promise<void>;
}

/**
 * Remembers the newest deliveries as long as the process lives.
 *
 * @param maxDeliveries how many; defaults to 10,000
 * @returns a store that forgets the oldest, and everything when the process ends
 * @example
 * ```ts
 * import { memoryStore } from "openai-batch-action/webhook";
 *
 * const store = memoryStore(2);
 * for (const id of ["wh_1", "wh_2", "wh_3"]) await store.add(id, 3_600);
 * console.log(await store.has("wh_1"), await store.has("wh_3")); // false true
 * ```
 */
export function memoryStore(maxDeliveries = 10_000): DeliveryStore {
  const ids = new Set<string>();
  return {
    has: (id) => Promise.resolve(ids.has(id)),
    add(id) {
      ids.add(id);
      for (const oldest of ids) {
        if (ids.size <= maxDeliveries) break;
        ids.delete(oldest);
      }
      return Promise.resolve();
    },
  };
}

/** Runs one piece of work at a time under an id; who comes meanwhile gets that one's outcome. */
export function sharedById<T>(): (id: string, work: () => Promise<T>) => Promise<T> {
  const running = new Map<string, Promise<T>>();
  return (id, work) => {
    const earlier = running.get(id);
    if (earlier !== undefined) return earlier;
    const mine = work().finally(() => running.delete(id));
    running.set(id, mine);
    return mine;
  };
}
