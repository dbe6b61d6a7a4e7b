import type { RequestState } from "../knowledge.ts";
import { decideResend } from "../rules/results.ts";
import type { ResultBook } from "./book.ts";
import { LineReader } from "./line-reader.ts";
import { NameReader } from "./names.ts";

/** Requests that failed with the same code. */
export interface FailureGroup {
  readonly code: string;
  readonly count: number;
  /** How many of them are known to be unanswered for a reason that may pass: retry rounds take these. */
  readonly resendable: number;
  /** A few `custom_id`s. */
  readonly examples: readonly string[];
}

interface OpenFailureGroup {
  count: number;
  resendable: number;
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
      .map(([code, { count, resendable, requests }]) => ({
        code,
        count,
        resendable,
        examples: requests.flatMap((request) => names.nameOf(request) ?? []),
      }))
      .sort((a, b) => b.count - a.count);
  } finally {
    names.close();
    results.close();
  }
}

function groupsOf(book: ResultBook): ReadonlyMap<string, OpenFailureGroup> {
  const groups = new Map<string, OpenFailureGroup>();
  const count = (code: string, state: RequestState, more = 1) => {
    const group = groups.get(code) ?? { count: 0, resendable: 0, requests: [] };
    groups.set(code, group);
    group.count += more;
    if (decideResend(state).decision === "resend") group.resendable += more;
    return group;
  };
  for (let request = 0; request < book.requests; request += 1) {
    const line = book.lineOf(request);
    if (line !== undefined && book.isAnswer(line)) continue;
    const state = book.stateOf(request);
    const code = line === undefined ? book.absenceOf(request).code : codeOf(state);
    const { requests } = count(code, state);
    if (requests.length < examplesPerCode) requests.push(request);
  }
  for (const line of book.input === undefined ? book.strangers : []) {
    const state = book.stateOfLine(line);
    if (state.state !== "answered") count(codeOf(state), state);
  }
  for (const [{ code, state }, more] of book.nameless) count(code, state, more);
  return groups;
}

function codeOf(state: RequestState): string {
  return "code" in state ? state.code : state.state;
}
