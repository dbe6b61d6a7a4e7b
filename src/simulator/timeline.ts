import type { BatchStatus } from "./types.ts";

/** How long a batch stays in each phase, in milliseconds. `Infinity` is allowed: the phase then never ends by itself. */
export interface Phases {
  readonly validating: number;
  readonly inProgress: number;
  readonly finalizing: number;
  readonly cancelling: number;
}

/** What decides a batch's way. All times in milliseconds since the epoch. */
export interface Course {
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly phases: Phases;
  /** When the cancel call came, if it did. */
  readonly cancelledAt?: number | undefined;
  /** Whether the batch runs out of time at the end of its `inProgress` phase. */
  readonly expires: boolean;
  /** Whether the input passes validation. Asked only once the validation is over. */
  readonly valid: () => boolean;
}

/** A status and when it was reached. */
export interface StatusStep {
  readonly status: BatchStatus;
  readonly at: number;
}

/**
 * The statuses a batch has gone through up to `now`, oldest first. It is a pure function of the clock, so nothing has to
 * tick: a batch nobody looks at costs nothing.
 */
export function stepsUntil(now: number, course: Course): readonly [StatusStep, ...StatusStep[]] {
  const validated = course.createdAt + course.phases.validating;
  const first: StatusStep = { status: "validating", at: course.createdAt };
  const cancelled = cancelSteps(course);
  const before = (at: number): boolean =>
    course.cancelledAt === undefined || at <= course.cancelledAt;

  const planned: StatusStep[] = [];
  if (now >= validated && before(validated)) {
    if (!course.valid()) return [first, { status: "failed", at: validated }];
    const end = processingEnd(course);
    const finished = end.at + course.phases.finalizing;
    planned.push({ status: "in_progress", at: validated });
    if (before(end.at)) planned.push({ status: "finalizing", at: end.at });
    if (before(finished)) {
      planned.push({ status: end.expired ? "expired" : "completed", at: finished });
      return [first, ...planned.filter((step) => step.at <= now)];
    }
  }
  return [first, ...[...planned, ...cancelled].filter((step) => step.at <= now)];
}

/** The share (0…1) of the `inProgress` phase that had passed at `now`; a cancel or the expiry stops it. */
export function progressAt(now: number, course: Course): number {
  const start = course.createdAt + course.phases.validating;
  const stop = Math.min(now, processingEnd(course).at, course.cancelledAt ?? Infinity);
  if (stop < start) return 0;
  return course.phases.inProgress === 0
    ? 1
    : Math.min(1, (stop - start) / course.phases.inProgress);
}

function processingEnd(course: Course): { readonly at: number; readonly expired: boolean } {
  const start = course.createdAt + course.phases.validating;
  const done = start + course.phases.inProgress;
  return done > course.expiresAt
    ? { at: Math.max(start, course.expiresAt), expired: true }
    : { at: done, expired: course.expires };
}

function cancelSteps(course: Course): readonly StatusStep[] {
  if (course.cancelledAt === undefined) return [];
  return [
    { status: "cancelling", at: course.cancelledAt },
    { status: "cancelled", at: course.cancelledAt + course.phases.cancelling },
  ];
}
