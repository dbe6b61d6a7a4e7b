import { leadsElsewhere } from "../../api/wire.ts";
import type { BatchFilter } from "../../batch/list.ts";
import { isKnownStatus, statusesByDistance } from "../../batch/status.ts";
import type { InputFields } from "./fields.ts";
import { didYouMean } from "./nearest.ts";
import type { Problem, Warn } from "./problem.ts";

/** Which batches an operation works on: named ones, or those that a filter picks. */
export type BatchChoice =
  { readonly ids: readonly string[] } | { readonly match: Required<BatchFilter> };

export function readFilter(fields: InputFields, warn: Warn) {
  const statuses = fields.list("match-status").map((status) => status.toLowerCase());
  for (const status of statuses) {
    if (!isKnownStatus(status)) {
      warn(
        `\`match-status\`: \`${status}\` is no status of OpenAI's API, so maybe no batch has it.${didYouMean(status, statusesByDistance)}`,
      );
    }
  }
  return { metadata: fields.pairs("match-metadata"), statuses };
}

export function readBatchChoice(
  fields: InputFields,
  operation: "wait" | "cancel" | "retrieve",
  problem: Problem,
  warn: Warn,
): BatchChoice {
  const ids = [...new Set(fields.list("batch-id"))];
  const match = readFilter(fields, warn);
  const sizes = {
    "match-metadata": Object.keys(match.metadata).length,
    "match-status": match.statuses.length,
  };
  const matching = Object.entries(sizes).filter(([name]) => fields.text(name) !== undefined);
  if (ids.length > 0 && matching.length > 0) {
    problem(
      `\`batch-id\` and \`${matching.map(([name]) => name).join("` and `")}\` are both given; name the batches or choose them, not both.`,
    );
  }
  if (ids.length === 0 && matching.length === 0 && !fields.isWrong("batch-id")) {
    problem(
      "`batch-id` is missing. Give one or more ids, for example `${{ steps.create.outputs.batch-id }}`; it is empty when that step did not run. Or choose batches with `match-metadata` or `match-status`.",
    );
  }
  // An empty filter matches every batch of the organization, which nobody means by it.
  for (const [name, size] of matching) {
    if (size === 0 && !fields.isWrong(name)) {
      problem(
        `\`${name}\` is given but names nothing, so it would choose every batch. Say what to look for, or leave it out.`,
      );
    }
  }
  const byStatusAlone = sizes["match-metadata"] === 0 && !fields.isWrong("match-metadata");
  if (operation === "cancel" && sizes["match-status"] > 0 && byStatusAlone) {
    problem(
      "`match-status` alone would cancel every running batch of the organization. Give `match-metadata` too, for example `github_repository=${{ github.repository }}`.",
    );
  }
  if (fields.text("batch-id")?.startsWith("{") === true) {
    problem("`batch-id` is a JSON object; give ids, or a JSON array of them.");
    return { ids: [] };
  }
  checkIds(ids, problem);
  return matching.length === 0 ? { ids } : { match };
}

/** An id with white space in it is two, or a sentence; the client would refuse a path, but after other calls. */
export function checkIds(ids: readonly string[], problem: Problem): void {
  for (const id of ids) {
    if (/\s/.test(id)) problem(`\`batch-id\`: \`${id}\` is no id: it holds white space.`);
    else if (leadsElsewhere(id)) {
      problem(`\`batch-id\`: \`${id}\` is no id: it is a path to something else.`);
    }
  }
}
