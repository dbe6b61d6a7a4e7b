import { costWords, limitsOf, tokenWords } from "../estimate.ts";
import { formatCount, formatDollars, plural } from "../format.ts";
import type { Checked } from "../operations/check.ts";
import { sourceNote } from "./cost.ts";
import { box, code, escapeMarkdown, prose, table } from "./markdown.ts";

const longestName = 60;
const longestLine = 600;
const maxRows = 100;

/** What `check` found: a line to go by, and what each model would cost. */
export function checkSummary(
  { batches, estimate, endpoint }: Checked,
  failure: string | undefined,
): string {
  const figures = [
    plural(estimate.requests, "request"),
    plural(batches, "batch", "batches"),
    escapeMarkdown(tokenWords(estimate)),
    escapeMarkdown(costWords(estimate)),
    code(endpoint, longestName),
  ];
  const icon = failure === undefined ? "✅" : "❌";
  const lines = (failure ?? "").split("\n").map((line) => prose(line, longestLine));
  const parts = [
    `### ${icon} OpenAI batch: checked, nothing sent`,
    figures.join(" · "),
    failure === undefined ? "" : box("CAUTION", lines),
    modelTable(estimate),
    ...limitsOf(estimate).map((words) => prose(words, longestLine)),
    sourceNote(estimate.source),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function modelTable({ models }: Checked["estimate"]): string {
  const head = ["Model", "Requests:", "Input tokens:", "Output tokens, at most:", "Cost:"];
  const shown = models.slice(0, maxRows);
  const rows = shown.map(({ model, requests, input, output, unlimited, cost }) => [
    model === "" ? "no model named" : code(model, longestName),
    formatCount(requests),
    formatCount(input),
    unlimited > 0 ? "no limit" : formatCount(output),
    cost === undefined ? "not known" : escapeMarkdown(formatDollars(cost)),
  ]);
  const more = models.length - shown.length;
  return table(head, rows) + (more > 0 ? `\n\n… and ${plural(more, "model")} more` : "");
}
