import { describeProblem, type InputScan } from "../batch/input.ts";
import { plural } from "./format.ts";
import type { Report } from "./outputs.ts";
import type { Toolkit } from "./toolkit.ts";

/** GitHub shows nothing of a summary over 1 MiB, so every part of it is bounded. */
const longestText = 300;
const mostRows = 200;

/** Foreign text as Markdown that shows it as it is: no markup, no link, no mention. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .slice(0, longestText)
    .replace(
      /:(?=\/\/)|(?<=www)\.|[^\p{L}\p{N} _.,:;/-]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu,
      (character) => {
        return `&#${character.codePointAt(0) ?? 0xfffd};`;
      },
    );
}

export async function writeSummary(toolkit: Pick<Toolkit, "summary">, text: string): Promise<void> {
  await toolkit.summary.addRaw(text, true).write();
}

/** What is wrong with the request files: each problem with its count, and the first lines that have one. */
export function problemSummary({ problems, problemCount, problemCounts }: InputScan): string {
  const rows = [...problemCounts]
    .sort(([, a], [, b]) => b - a)
    .map(([code, count]) => `| ${escapeMarkdown(code)} | ${count} |`);
  const first = problems
    .slice(0, 50)
    .map((problem) => `- ${escapeMarkdown(describeProblem(problem))}`);
  return [
    `### OpenAI batch: ${plural(problemCount, "problem")} in the request file`,
    "",
    "Nothing was uploaded.",
    "",
    "| Problem | Lines |",
    "| --- | ---: |",
    ...rows,
    "",
    ...first,
    "",
  ].join("\n");
}

/** A table of the batches, the failures by code, and where the results are. */
export function summaryOf({ batches, conclusion, counts, usage, results }: Report): string {
  const rows = batches
    .slice(0, mostRows)
    .map(({ id, status, endpoint, request_counts: reported }) => {
      const own = batches.length === 1 ? counts : undefined;
      const shown = own ?? reported;
      return `| ${[id, status, endpoint].map(escapeMarkdown).join(" | ")} | ${shown?.total ?? ""} | ${shown?.failed ?? ""} |`;
    });
  const failures = (results?.failures ?? []).slice(0, 20).map(({ code, count, examples }) => {
    return `| ${escapeMarkdown(code)} | ${count} | ${examples.map(escapeMarkdown).join(", ")} |`;
  });
  const problems = batches
    .flatMap(({ errors }) => errors?.data ?? [])
    .slice(0, 50)
    .map(({ code, message, line }) => {
      const where = line === undefined || line === null ? "" : ` (line ${line})`;
      return `- ${escapeMarkdown(`${code ?? "error"}${where}: ${message ?? ""}`)}`;
    });
  const files = [
    results?.outputFile === undefined ? [] : [`Answers: ${escapeMarkdown(results.outputFile)}`],
    results?.errorFile === undefined
      ? []
      : [`Failed requests: ${escapeMarkdown(results.errorFile)}`],
  ].flat();
  const tokens =
    usage === undefined
      ? ""
      : `${plural(usage.total, "token")} (${usage.input.toLocaleString("en")} in, ${usage.output.toLocaleString("en")} out)`;

  return [
    `### OpenAI batch: ${conclusion}`,
    "",
    "| Batch | Status | Endpoint | Requests | Failed |",
    "| --- | --- | --- | ---: | ---: |",
    ...rows,
    ...(batches.length > mostRows ? ["", `… and ${batches.length - mostRows} more`] : []),
    ...(tokens === "" ? [] : ["", tokens]),
    ...(problems.length === 0 ? [] : ["", "**What the server found**", "", ...problems]),
    ...(failures.length === 0
      ? []
      : ["", "| Failure | Requests | For example |", "| --- | ---: | --- |", ...failures]),
    ...(files.length === 0 ? [] : ["", files.join("<br>")]),
    "",
  ].join("\n");
}
