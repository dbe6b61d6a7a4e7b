import type { Schedule } from "./schedule.ts";

/** Every schedule that ever failed, shrunk. */
export const onceFailed: readonly Schedule[] = [];
