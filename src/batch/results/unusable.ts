import type { AnswerProblem } from "../answers/problem.ts";
import type { ResultBook } from "./book.ts";
import { LineReader } from "./line-reader.ts";
import { NameReader } from "./names.ts";
import { problemOf } from "./state-table.ts";

/** Answers that came and have the same problem. */
export interface UnusableGroup {
  readonly problem: AnswerProblem;
  readonly count: number;
  /** Whether they count as failed requests. */
  readonly rejected: boolean;
  /** A few `custom_id`s. */
  readonly examples: readonly string[];
}

interface OpenProblemGroup {
  readonly problem: AnswerProblem;
  readonly rejected: boolean;
  count: number;
  readonly requests: number[];
}

const maxExamples = 3;

/** Answers with a problem, by what it is, most frequent first. */
export function unusableOf(book: ResultBook): readonly UnusableGroup[] {
  if (!book.states.hasProblems) return [];
  const groups = groupsOf(book);
  const results = new LineReader(book.paths);
  const names = new NameReader(book, results);
  try {
    return groups
      .map(({ requests, ...group }) => ({
        ...group,
        examples: requests.flatMap((request) => names.nameOf(request) ?? []),
      }))
      .sort((a, b) => b.count - a.count);
  } finally {
    names.close();
    results.close();
  }
}

function groupsOf(book: ResultBook): readonly OpenProblemGroup[] {
  const groups = new Map<AnswerProblem, OpenProblemGroup>();
  const count = (line: number, request?: number) => {
    const state = book.states.stateOf(book.lines.tag(line));
    const problem = problemOf(state);
    if (problem === undefined) return;
    const rejected = state.state === "rejected";
    const group = groups.get(problem) ?? { problem, rejected, count: 0, requests: [] };
    groups.set(problem, group);
    group.count += 1;
    if (request !== undefined && group.requests.length < maxExamples) group.requests.push(request);
  };
  for (let request = 0; request < book.requests; request += 1) {
    const line = book.lineOf(request);
    if (line !== undefined) count(line, request);
  }
  if (book.input === undefined) for (const line of book.strangers) count(line);
  return [...groups.values()];
}
