/** The action's texts and the library's say durations, sizes and counts in the same words. */
export {
  formatBytes,
  formatCount,
  formatDollars,
  formatDuration,
  plainDollars,
  plural,
  shorten,
  withoutStop,
} from "../batch/format.ts";
