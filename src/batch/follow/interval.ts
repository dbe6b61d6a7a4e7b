interface PollBounds {
  /** Milliseconds; the shortest time between two looks. */
  readonly pollInterval: number;
  /** Milliseconds; the longest. */
  readonly maxPollInterval: number;
}

/** A batch that took an hour is seen to end within 72 seconds; the 60 s bound makes that 60. */
const shareOfElapsed = 0.02;
const jitter = 0.05;

/**
 * Milliseconds until the next look at a batch that has run for `elapsed` milliseconds: two percent
 * of that, within the bounds, and up to a twentieth less so that many jobs do not ask in step.
 */
export function nextInterval(elapsed: number, bounds: PollBounds, random: () => number): number {
  const { pollInterval, maxPollInterval } = bounds;
  const grown = Math.min(Math.max(elapsed * shareOfElapsed, pollInterval), maxPollInterval);
  return Math.round(Math.max(grown * (1 - jitter * random()), Math.min(pollInterval, grown)));
}
