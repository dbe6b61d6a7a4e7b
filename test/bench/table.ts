import type { Medians } from "./compare.ts";

/** One line of the table; a figure that does not apply is left out. */
export interface Row {
  readonly what: string;
  readonly figures?: Medians | undefined;
  /** Wall time over that of the peer in the same runs. */
  readonly ratio?: number | undefined;
  /** Anything else that was measured. */
  readonly note?: string | undefined;
  readonly target?: string | undefined;
  readonly held?: boolean | undefined;
}

const whole = (value: number | undefined, unit: string) =>
  value === undefined || Number.isNaN(value) ? "" : `${Math.round(value)} ${unit}`;

/** The rows as one Markdown table. */
export function table(rows: readonly Row[]): string {
  const lines = rows.map(({ what, figures, ratio, note = "", target = "", held }) =>
    [
      what,
      whole(figures?.wall, "ms"),
      whole(figures?.cpu, "ms"),
      whole(figures?.memory, "MiB"),
      ratio === undefined ? "" : ratio.toFixed(2),
      note,
      target,
      held === undefined ? "" : held ? "held" : "**not held**",
    ].join(" | "),
  );
  return [
    "| What | Wall | CPU | Peak memory | Ratio | Also | Target | |",
    "| --- | ---: | ---: | ---: | ---: | --- | --- | --- |",
    ...lines.map((line) => `| ${line} |`),
  ].join("\n");
}
