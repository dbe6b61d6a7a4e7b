import type { FailureGroup } from "../../batch/results/failures.ts";
import type { UnusableGroup } from "../../batch/results/unusable.ts";
import { sumUsage } from "../../batch/results/usage.ts";
import type { CollectedResults } from "../../batch/results.ts";
import { sumCounts } from "../../batch/status.ts";

/** The results of several batches as those of one, for the report; paths stand one a line. */
export function mergeResults(all: readonly CollectedResults[]): CollectedResults {
  const sum = (of: (results: CollectedResults) => number) =>
    all.reduce((total, results) => total + of(results), 0);
  const paths = (of: (results: CollectedResults) => string | undefined) =>
    all.flatMap((results) => of(results) ?? []).join("\n") || undefined;
  return {
    counts: sumCounts(all.map(({ counts }) => counts)),
    failures: mergeFailures(all.flatMap(({ failures }) => failures)),
    unusable: mergeUnusable(all.flatMap(({ unusable }) => unusable)),
    usage: sumUsage(all.flatMap(({ usage }) => usage ?? [])),
    usageByModel: all.flatMap(({ usageByModel }) => usageByModel),
    cachedByModel: all.flatMap(({ cachedByModel }) => cachedByModel),
    unexpected: sum(({ unexpected }) => unexpected),
    duplicates: sum(({ duplicates }) => duplicates),
    unknown: sum(({ unknown }) => unknown),
    lines: {
      output: sum(({ lines }) => lines.output),
      error: sum(({ lines }) => lines.error),
      answers: sum(({ lines }) => lines.answers),
    },
    files: new Map(all.flatMap(({ files }) => [...files])),
    batches: all.flatMap(({ batches }) => batches),
    problems: all.flatMap(({ problems }) => problems),
    outputFile: paths(({ outputFile }) => outputFile),
    errorFile: paths(({ errorFile }) => errorFile),
    answersFile: paths(({ answersFile }) => answersFile),
    keysLeftOut: sum(({ keysLeftOut }) => keysLeftOut),
  };
}

function mergeUnusable(unusable: readonly UnusableGroup[]): readonly UnusableGroup[] {
  const groups = Map.groupBy(unusable, ({ problem }) => problem);
  return [...groups]
    .map(([problem, group]) => ({
      problem,
      count: group.reduce((total, { count }) => total + count, 0),
      rejected: group.some(({ rejected }) => rejected),
      examples: group.flatMap(({ examples }) => examples).slice(0, 5),
    }))
    .sort((a, b) => b.count - a.count);
}

function mergeFailures(failures: readonly FailureGroup[]): readonly FailureGroup[] {
  const groups = Map.groupBy(failures, ({ code }) => code);
  return [...groups]
    .map(([code, group]) => ({
      code,
      count: group.reduce((total, { count }) => total + count, 0),
      resendable: group.reduce((total, { resendable }) => total + resendable, 0),
      examples: group.flatMap(({ examples }) => examples).slice(0, 5),
    }))
    .sort((a, b) => b.count - a.count);
}
