import { describeProblem, type InputScan } from "../../batch/input.ts";
import { adviceForBatch } from "../advice.ts";
import { formatCount, plural } from "../format.ts";
import { code, escapeMarkdown, prose, table } from "./markdown.ts";

const maxListed = 50;

/** What is wrong with the request files: each problem with its count, and the first lines that have one. */
export function problemSummary({
  problems,
  problemCount,
  problemCounts,
  template,
}: InputScan): string {
  const rows = [...problemCounts]
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => [code(name), String(count), prose(adviceForBatch(name))]);
  const more = problemCount - Math.min(problems.length, maxListed);
  return [
    `### ❌ OpenAI batch: ${plural(problemCount, "problem")} in the ${template === undefined ? "request file" : "rows and their template"}`,
    "",
    "Nothing was uploaded, and nothing is billed.",
    "",
    table(["Problem", "Lines:", "What to do"], rows),
    "",
    ...problems
      .slice(0, maxListed)
      .map((problem) => `- ${escapeMarkdown(describeProblem(problem))}`),
    ...(more > 0 ? [`- … and ${formatCount(more)} more`] : []),
    "",
  ].join("\n");
}
