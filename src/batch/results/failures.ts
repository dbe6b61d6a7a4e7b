import type { ResultBook } from "./book.ts";
import { LineReader } from "./line-reader.ts";
import { NameReader } from "./names.ts";

/** Requests that failed with the same code. */
export interface FailureGroup {
  readonly code: string;
  readonly count: number;
  /** A few `custom_id`s. */
  readonly examples: readonly string[];
}

interface OpenGroup {
  count: number;
  readonly requests: number[];
}

const examplesPerCode = 3;

/** Failed requests by code, most frequent first. */
export function failuresOf(book: ResultBook): readonly FailureGroup[] {
  const groups = groupsOf(book);
  if (groups.size === 0) return [];
  const results = new LineReader(book.paths);
  const names = new NameReader(book, results);
  try {
    return [...groups]
      .map(([code, { count, requests }]) => ({
        code,
        count,
        examples: requests.flatMap((request) => names.nameOf(request) ?? []),
      }))
      .sort((a, b) => b.count - a.count);
  } finally {
    names.close();
    results.close();
  }
}

function groupsOf(book: ResultBook): ReadonlyMap<string, OpenGroup> {
  const groups = new Map<string, OpenGroup>();
  const count = (code: string, more: number, request?: number) => {
    const group = groups.get(code) ?? { count: 0, requests: [] };
    groups.set(code, group);
    group.count += more;
    if (request !== undefined && group.requests.length < examplesPerCode) {
      group.requests.push(request);
    }
  };
  for (let request = 0; request < book.requests; request += 1) {
    const line = book.lineOf(request);
    if (line === undefined) count(book.absenceOf(request).code, 1, request);
    else if (!book.isAnswer(line)) count(codeOf(book, line), 1, request);
  }
  if (book.input === undefined) {
    for (const line of book.strangers) {
      if (!book.isAnswer(line)) count(codeOf(book, line), 1);
    }
  }
  for (const [code, more] of book.namelessByCode) count(code, more);
  return groups;
}

function codeOf(book: ResultBook, line: number): string {
  const state = book.states.stateOf(book.lines.tag(line));
  return "code" in state ? state.code : state.state;
}
