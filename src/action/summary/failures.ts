import type { Batch, BatchError } from "../../api/types.ts";
import { openCodes } from "../../batch/results/absence.ts";
import type { FailureGroup } from "../../batch/results/failures.ts";
import { adviceForBatch, adviceForRequest } from "../advice.ts";
import type { Origins } from "../batch-errors.ts";
import { formatCount, plural } from "../format.ts";
import { examples, longestExample, maxExamples } from "./examples.ts";
import { code, escapeMarkdown, prose, table } from "./markdown.ts";

const maxGroups = 20;
const longestCode = 60;

const open: readonly string[] = Object.values(openCodes);

/** Requests without an answer, by code: how many, which, and what to do; those that have not failed by themselves. */
export function requestFailures(
  failures: readonly FailureGroup[],
  batches: readonly Batch[],
): string {
  const refused = codesOfRefused(batches);
  const adviceFor = (name: string) =>
    refused.has(name) ? adviceForBatch(name) : adviceForRequest(name);
  const failed = failures.filter(({ code: name }) => !open.includes(name));
  const others = failures.filter(({ code: name }) => open.includes(name));
  return [
    groupTable("Failed requests", failed, adviceFor),
    groupTable("Open requests", others, adviceFor),
  ]
    .filter((shown) => shown !== "")
    .join("\n\n");
}

/** Codes that requests have of a batch that failed as a whole. Retry rounds leave them alone, but for lack of room. */
function codesOfRefused(batches: readonly Batch[]): ReadonlySet<string> {
  const failed = batches.filter(({ status }) => status === "failed");
  return new Set(failed.map(({ errors }) => errors?.data?.[0]?.code ?? "batch_failed"));
}

function groupTable(
  head: string,
  failures: readonly FailureGroup[],
  adviceFor: (code: string) => string,
): string {
  if (failures.length === 0) return "";
  const rows = failures
    .slice(0, maxGroups)
    .map((group) => [
      code(group.code, longestCode),
      formatCount(group.count),
      examples(group.examples, group.count),
      prose(adviceFor(group.code)),
    ]);
  const rest = failures.slice(maxGroups);
  const requests = rest.reduce((sum, { count }) => sum + count, 0);
  return (
    table([head, "Count:", "For example", "What to do"], rows) +
    (rest.length === 0
      ? ""
      : `\n\n… and ${plural(requests, "request")} with ${plural(rest.length, "other code")}`)
  );
}

/** What the server found in batches that failed, by code: how often, where, its words, and what to do. */
export function batchErrorTable(batches: readonly Batch[], origins: Origins): string {
  const groups = new Map<string, BatchError[]>();
  for (const error of batches.flatMap(({ errors }) => errors?.data ?? [])) {
    const key = error.code ?? "";
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [error]);
    else group.push(error);
  }
  const sorted = [...groups].sort(([, a], [, b]) => b.length - a.length);
  const rows = sorted
    .slice(0, maxGroups)
    .map(([key, errors]) => [
      code(key || "error", longestCode),
      formatCount(errors.length),
      examples(placesOf(errors, origins), errors.length),
      escapeMarkdown(errors.find(({ message }) => message !== undefined)?.message ?? ""),
      prose(adviceForBatch(errors[0]?.code)),
    ]);
  const more = sorted.length - rows.length;
  return (
    table(["Batch errors", "Count:", "Where", "The server's words", "What to do"], rows) +
    (more > 0 ? `\n\n… and ${plural(more, "other code")}` : "")
  );
}

function placesOf(errors: readonly BatchError[], origins: Origins): readonly string[] {
  const places = new Set<string>();
  for (const error of errors) {
    const place = placeOf(error, origins);
    if (place !== undefined) places.add(place);
    if (places.size === maxExamples) break;
  }
  return [...places];
}

function placeOf(error: BatchError, origins: Origins): string | undefined {
  const origin = origins.get(error);
  if (origin !== undefined) {
    const place = `${origin.file}:${origin.line}`;
    // Of a long path the end says more than the start.
    return place.length > longestExample ? `…${place.slice(1 - longestExample)}` : place;
  }
  return typeof error.line === "number" ? `line ${error.line}` : undefined;
}
