import { setImmediate } from "node:timers/promises";

import type { Clock } from "../../src/api/clock.ts";

export interface VirtualClock extends Clock {
  /** Every pause that was asked for, in milliseconds. */
  readonly pauses: readonly number[];
  /** Lets time pass without anybody sleeping. */
  advance(ms: number): void;
  /** Does something when the time comes, while somebody sleeps or time is advanced. */
  at(time: number, action: () => void): void;
}

/**
 * A clock whose sleeps end at once: time jumps to the end of the pause, doing on the way what was
 * planned for the times between. A pause that a planned abort cuts ends at the abort's time.
 */
export function virtualClock(start = Date.UTC(2026, 0, 1)): VirtualClock {
  let time = start;
  const pauses: number[] = [];
  const planned: { readonly time: number; readonly action: () => void }[] = [];
  const next = (until: number) => {
    planned.sort((a, b) => a.time - b.time);
    return planned[0] !== undefined && planned[0].time <= until ? planned.shift() : undefined;
  };
  const passTo = (until: number, signal?: AbortSignal) => {
    for (let event = next(until); event !== undefined; event = next(until)) {
      time = Math.max(time, event.time);
      event.action();
      if (signal?.aborted === true) return;
    }
    time = Math.max(time, until);
  };
  return {
    pauses,
    now: () => time,
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      pauses.push(ms);
      passTo(time + ms, signal);
      signal?.throwIfAborted();
      // What the pause let happen elsewhere comes first, as with a real one.
      await setImmediate();
    },
    timeout(ms) {
      const controller = new AbortController();
      planned.push({
        time: time + ms,
        action() {
          controller.abort(new DOMException("The time was up.", "TimeoutError"));
        },
      });
      return controller.signal;
    },
    advance(ms) {
      passTo(time + ms);
    },
    at(when, action) {
      planned.push({ time: when, action });
    },
  };
}
