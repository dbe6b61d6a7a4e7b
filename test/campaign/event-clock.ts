import type { Clock } from "../../src/api/clock.ts";

/** A clock on which many can sleep at once: time moves to the next waking when nobody has work left. */
export interface EventClock extends Clock {
  /** Does something when the time comes; does not make it come. */
  at(time: number, action: () => void): void;
}

interface Event {
  readonly time: number;
  readonly fire: () => void;
}

/** Whether somebody waits for the disk: that takes no time on this clock, or no two plays were alike. */
function isDiskBusy(): boolean {
  return process
    .getActiveResourcesInfo()
    .some((name) => name.startsWith("FSReq") || name === "CloseReq");
}

export function eventClock(start = Date.UTC(2026, 0, 1)): EventClock {
  let time = start;
  let pumping = false;
  const sleepers = new Set<Event>();
  const alarms = new Set<Event>();

  const earliest = (events: ReadonlySet<Event>): Event | undefined => {
    let first: Event | undefined;
    for (const event of events) if (first === undefined || event.time < first.time) first = event;
    return first;
  };
  const pump = () => {
    pumping = false;
    if (isDiskBusy()) {
      schedule();
      return;
    }
    const sleeper = earliest(sleepers);
    if (sleeper === undefined) return;
    const alarm = earliest(alarms);
    const next = alarm !== undefined && alarm.time <= sleeper.time ? alarm : sleeper;
    sleepers.delete(next);
    alarms.delete(next);
    time = Math.max(time, next.time);
    next.fire();
    schedule();
  };
  const schedule = () => {
    if (pumping || sleepers.size === 0) return;
    pumping = true;
    setImmediate(pump);
  };
  return {
    now: () => time,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const abort = () => {
          sleepers.delete(event);
          // What a caller aborts with is what its sleep ends with.
          reject(signal?.reason as Error);
        };
        const event = {
          time: time + ms,
          fire() {
            signal?.removeEventListener("abort", abort);
            resolve();
          },
        };
        if (signal?.aborted === true) {
          abort();
          return;
        }
        signal?.addEventListener("abort", abort, { once: true });
        sleepers.add(event);
        schedule();
      }),
    timeout(ms) {
      const controller = new AbortController();
      alarms.add({
        time: time + ms,
        fire() {
          controller.abort(new DOMException("The time was up.", "TimeoutError"));
        },
      });
      return controller.signal;
    },
    at(when, action) {
      alarms.add({ time: when, fire: action });
    },
  };
}
