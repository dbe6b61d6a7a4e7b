import type { Clock } from "../../api/clock.ts";

/** OpenAI lets an organization create this many batches an hour. */
const maxAnHour = 2_000;
const hour = 3_600_000;

/** Keeps creates to 2,000 an hour: each waits until the one 2,000 before it is an hour old. */
export function createPace(clock: Clock): { turn(signal?: AbortSignal): Promise<void> } {
  const times: number[] = [];
  return {
    async turn(signal) {
      const before = times[times.length - maxAnHour];
      if (before !== undefined) {
        await clock.sleep(Math.max(0, before + hour - clock.now()), signal);
      }
      times.push(clock.now());
    },
  };
}
