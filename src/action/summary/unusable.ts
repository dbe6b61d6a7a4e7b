import type { UnusableGroup } from "../../batch/results/unusable.ts";
import { adviceForAnswer } from "../advice.ts";
import { formatCount } from "../format.ts";
import { examples } from "./examples.ts";
import { code, prose, table } from "./markdown.ts";

/** Answers with a problem: how many, which, whether they count as failed, and what to change. */
export function unusableAnswers(groups: readonly UnusableGroup[]): string {
  const rows = groups.map(({ problem, count, rejected, examples: ids }) => [
    code(problem),
    formatCount(count),
    rejected ? "yes" : "no",
    examples(ids, count),
    prose(adviceForAnswer(problem), longestAdvice),
  ]);
  return table(["Unusable answers", "Count:", "Rejected", "For example", "What to change"], rows);
}

const longestAdvice = 400;
