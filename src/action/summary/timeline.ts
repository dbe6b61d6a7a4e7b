import type { Batch } from "../../api/types.ts";
import { durationOf, type Phase, phasesOf } from "../../batch/phases.ts";
import { isTerminal } from "../../batch/status.ts";
import { formatDuration, shorten } from "../format.ts";

const maxBatches = 8;
const longestName = 24;

/**
 * A Mermaid chart of the phases of the batches, of many the slowest; `undefined` where no server
 * told their times. Times are in UTC, as they are in logs.
 */
export function timeline(batches: readonly Batch[], now: number): string | undefined {
  const timed = batches
    .map((batch) => ({ batch, phases: phasesOf(batch, now).filter(isSeen) }))
    .filter(({ phases }) => phases.length > 0);
  if (timed.length === 0) return undefined;
  const slowest = new Set(
    [...timed]
      .sort((a, b) => (durationOf(b.batch, now) ?? 0) - (durationOf(a.batch, now) ?? 0))
      .slice(0, maxBatches),
  );
  const shown = timed.filter((one) => slowest.has(one));
  const title =
    timed.length > maxBatches ? `The ${maxBatches} slowest batches (UTC)` : "When (UTC)";
  return [
    "```mermaid",
    '%%{init: {"gantt": {"leftPadding": 170}}}%%',
    "gantt",
    `    title ${title}`,
    "    dateFormat YYYY-MM-DD HH:mm:ss",
    `    axisFormat ${axisOf(shown.flatMap(({ phases }) => phases))}`,
    ...shown.flatMap(({ batch, phases }) => section(batch, phases)),
    "```",
  ].join("\n");
}

/** Servers tell seconds; what is shorter is a batch that was just made. */
function isSeen({ from, to }: Phase): boolean {
  return to - from >= 1_000;
}

function section(batch: Batch, phases: readonly Phase[]): readonly string[] {
  return [
    `    section ${plainName(batch.id)}`,
    ...phases.map(({ status, from, to }, index) => {
      const last = index === phases.length - 1;
      const tag = !last ? "done" : !isTerminal(batch) ? "active" : endTag(batch);
      return `    ${plainName(status).replaceAll("_", " ")} ${formatDuration(to - from)} :${tag}, ${time(from)}, ${time(to)}`;
    }),
  ];
}

/** What ended badly is red. */
function endTag({ status }: Batch): string {
  return status === "completed" ? "done" : "crit";
}

function axisOf(phases: readonly Phase[]): string {
  const from = phases.reduce((least, phase) => Math.min(least, phase.from), Infinity);
  const to = phases.reduce((most, phase) => Math.max(most, phase.to), 0);
  const minutes = (to - from) / 60_000;
  if (minutes <= 10) return "%H:%M:%S";
  return minutes <= 24 * 60 ? "%H:%M" : "%d %b %H:%M";
}

function time(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 19).replace("T", " ");
}

/**
 * Mermaid has no escape that holds everywhere in a chart (`:`, `;`, `#`, `%%`, brackets and line
 * breaks all mean something somewhere), so only what means nothing passes.
 */
function plainName(text: string): string {
  const plain =
    shorten(text, 200)
      .replaceAll(/[^\w-]+/g, "_")
      .replaceAll(/^_+|_+$/g, "") || "batch";
  return plain.length > longestName
    ? `${plain.slice(0, longestName - 7)}...${plain.slice(-4)}`
    : plain;
}
