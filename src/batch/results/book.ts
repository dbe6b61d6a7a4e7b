import type { InputScan } from "../input.ts";
import { LineTable } from "../input/line-table.ts";
import type { RequestState } from "../knowledge.ts";
import { decideResend, decideStanding } from "../rules/results.ts";
import type { AnswerProblem } from "../answers/problem.ts";
import type { RequestCounts } from "../status.ts";
import type { BatchReading } from "./batch-reading.ts";
import { StateTable } from "./state-table.ts";
import { sumUsage, type TokenUsage } from "./usage.ts";

/** What is known of requests without a line. */
export interface Absence {
  readonly state: RequestState;
  /** What their line in the error file says. */
  readonly code: string;
  readonly message: string;
}

const notNamed: Absence = {
  state: { state: "missing" },
  code: "result_missing",
  message: "The server gave no result for this request.",
};

/**
 * Accounts for every request: of each it knows the line that stands for it and what that line says, or
 * why there is none.
 *
 * A request that has several lines keeps its first answer, else its first rejected one, else its last
 * failure.
 */
export class ResultBook {
  readonly states: StateTable;
  readonly input: InputScan | undefined;
  readonly paths: string[] = [];
  readonly lines = new LineTable();
  /** Where the answer of each line is kept, with its shape, by the number of its path below; empty where none is. */
  readonly answers = new LineTable();
  readonly answerPaths: string[] = [];
  /** Where the text of each answer stands in its file, as `KeptAnswers.texts` has it. */
  readonly texts = new LineTable();
  /** Lines of no known request. */
  readonly strangers: number[] = [];
  readonly #absences: Absence[] = [];
  /** Of each request the number of its line plus one; 0 while it has none. */
  #lineOf: Uint32Array;
  /** Of each request the number of its absence plus one; 0 where its line stands, or nothing is known. */
  #absenceOf: Uint32Array | undefined;
  #requests: number;
  #otherwise = notNamed;
  /** Requests of which the server counts more than it gives lines, with no input to name them: what became of how many. */
  readonly nameless: [Absence, number][] = [];
  usage: TokenUsage | undefined;
  #duplicates = 0;
  /** Lines from a cache; they come first. */
  #cachedLines = 0;
  #cached = 0;

  /** @param rejected problems with which an answer counts as a failure */
  constructor(input?: InputScan, rejected: Iterable<AnswerProblem> = []) {
    this.states = new StateTable(rejected);
    this.input = input;
    this.#requests = input?.requests ?? 0;
    this.#lineOf = new Uint32Array(input?.requests ?? 1024);
  }

  /** Takes in what a batch's files say. */
  take(reading: BatchReading): void {
    const firstRequest = this.input ? 0 : this.#requests;
    const copy = this.#copier(reading);
    this.#grow(reading.ownRequests);
    for (let at = 0; at < reading.lines.size; at += 1) {
      if (!reading.isOfResults(reading.lines.place(at).file)) continue;
      const line = copy(at);
      const request = reading.requestOf(at);
      if (request === undefined) this.strangers.push(line);
      else this.#settle(firstRequest + request, line);
    }
    this.usage = sumUsage([this.usage, reading.usage].filter((usage) => usage !== undefined));
  }

  /**
   * Takes in answers of earlier runs, before anything else is. They were paid for then, so that their
   * tokens are none of this book's.
   *
   * @param stands whether a line of the reading is to stand for its request
   */
  takeCached(reading: BatchReading, stands: (line: number) => boolean): void {
    const copy = this.#copier(reading);
    for (let at = 0; at < reading.lines.size; at += 1) {
      const request = reading.requestOf(at);
      if (request === undefined || !stands(at)) continue;
      this.#settle(request, copy(at));
      this.#cached += 1;
    }
    this.#cachedLines = this.lines.size;
  }

  /** How many requests are answered by a cache. */
  get cached(): number {
    return this.#cached;
  }

  /** Says why these requests have no line of their batch; an answer that is there stands. */
  absent(requests: Iterable<number>, absence: Absence): void {
    const number = this.#absences.push(absence);
    this.#absenceOf ??= new Uint32Array(this.#requests);
    for (const request of requests) {
      const told = this.#toldOf(request);
      if (told === undefined || decideStanding(told, absence.state).decision === "replace") {
        this.#absenceOf[request] = number;
      }
    }
  }

  /** Says why requests have no line of which nothing else is known. */
  otherwise(absence: Absence): void {
    this.#otherwise = absence;
  }

  get requests(): number {
    return this.#requests;
  }

  /** Lines for a request that already had one in the same file, or an answer. */
  get duplicates(): number {
    return this.#duplicates;
  }

  /** The number of the line that stands for a request. */
  lineOf(request: number): number | undefined {
    if ((this.#absenceOf?.[request] ?? 0) > 0) return undefined;
    const line = this.#lineOf[request] ?? 0;
    return line === 0 ? undefined : line - 1;
  }

  /** Any line that names a request, also where it does not stand for it any more. */
  namedBy(request: number): number | undefined {
    const line = this.#lineOf[request] ?? 0;
    return line === 0 ? undefined : line - 1;
  }

  /** Why a request has no line; only for one that has none. */
  absenceOf(request: number): Absence {
    return this.#absences[(this.#absenceOf?.[request] ?? 0) - 1] ?? this.#otherwise;
  }

  stateOf(request: number): RequestState {
    const line = this.lineOf(request);
    return line === undefined ? this.absenceOf(request).state : this.stateOfLine(line);
  }

  /** The numbers of the requests without an answer, ascending. */
  *unanswered(): Generator<number> {
    for (let request = 0; request < this.#requests; request += 1) {
      const line = this.lineOf(request);
      if (line === undefined || !this.isAnswer(line)) yield request;
    }
  }

  /** How many requests may have an answer that could not be read. */
  unknown(): number {
    let unknown = 0;
    for (let request = 0; request < this.#requests; request += 1) {
      if (this.stateOf(request).state === "unknown") unknown += 1;
    }
    return unknown;
  }

  /** Whether a line answers its request, with an answer that is not rejected. */
  isAnswer(line: number): boolean {
    return this.stateOfLine(line).state === "answered";
  }

  #isPaid(line: number): boolean {
    const { state } = this.stateOfLine(line);
    return state === "answered" || state === "rejected";
  }

  /** What a batch has said of a request, by its line or in place of one. */
  #toldOf(request: number): RequestState | undefined {
    const line = this.lineOf(request);
    if (line !== undefined) return this.stateOfLine(line);
    return this.#absences[(this.#absenceOf?.[request] ?? 0) - 1]?.state;
  }

  /** What a line says of its request, whether it stands or not. */
  stateOfLine(line: number): RequestState {
    return this.states.stateOf(this.lines.tag(line));
  }

  /** The numbers of the requests that are sent again by a retry round, ascending. */
  *resendable(): Generator<number> {
    for (let request = 0; request < this.#requests; request += 1) {
      if (decideResend(this.stateOf(request)).decision === "resend") yield request;
    }
  }

  counts(): RequestCounts {
    let completed = 0;
    for (let request = 0; request < this.#requests; request += 1) {
      const line = this.lineOf(request);
      if (line !== undefined && this.isAnswer(line)) completed += 1;
    }
    // A line without a request is one more result, where no input says how many there are.
    const strangers = this.input === undefined ? this.strangers : [];
    completed += strangers.filter((line) => this.isAnswer(line)).length;
    const nameless = this.nameless.reduce((sum, [, count]) => sum + count, 0);
    const total = this.#requests + strangers.length + nameless;
    return { total, completed, failed: total - completed };
  }

  /** Copies lines of a reading, and where their answers are kept; gives the number of each here. */
  #copier({ paths, lines, answers }: BatchReading): (at: number) => number {
    const firstPath = this.paths.length;
    this.paths.push(...paths);
    const kept = answers === undefined ? 0 : this.answerPaths.push(answers.path) - 1;
    return (at) => {
      const { file, start, end } = lines.place(at);
      const line = this.lines.size;
      this.lines.add(firstPath + file, start, end, lines.tag(at));
      if (answers === undefined) return line;
      const { start: from, end: to } = answers.places.place(at);
      this.answers.add(kept, from, to, answers.places.tag(at));
      const text = answers.texts.place(at);
      this.texts.add(firstPath + file, text.start, text.end, answers.texts.tag(at));
      return line;
    };
  }

  #grow(more: number): void {
    this.#requests += more;
    let length = this.#lineOf.length;
    while (length < this.#requests) length *= 2;
    if (length === this.#lineOf.length) return;
    const grown = new Uint32Array(length);
    grown.set(this.#lineOf);
    this.#lineOf = grown;
  }

  #settle(request: number, line: number): void {
    const before = (this.#lineOf[request] ?? 0) - 1;
    if (before >= 0) {
      const again = this.lines.place(before).file === this.lines.place(line).file;
      if ((again || this.#isPaid(before)) && before >= this.#cachedLines) this.#duplicates += 1;
    }
    const told = this.#toldOf(request);
    if (told && decideStanding(told, this.stateOfLine(line)).decision === "keep") return;
    this.#lineOf[request] = line + 1;
    if (this.#absenceOf !== undefined) this.#absenceOf[request] = 0;
  }
}
