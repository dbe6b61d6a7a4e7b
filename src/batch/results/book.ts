import { isFields } from "../../api/normalize.ts";
import { IdIndex } from "../input/id-index.ts";
import type { InputScan } from "../input.ts";
import { forEachLine, isBlank, withoutMark } from "../input/lines.ts";
import { LineReader } from "./line-reader.ts";
import { LineTable } from "../input/line-table.ts";
import type { LineWriter } from "./line-writer.ts";
import { type Failure, readResultLine, type TokenUsage } from "./line.ts";
import type { RequestCounts } from "../status.ts";

/** Requests that failed with the same code. */
export interface FailureGroup {
  readonly code: string;
  readonly count: number;
  /** A few `custom_id`s. */
  readonly examples: readonly string[];
}

/** What became of a request of which no line tells. */
export interface Absence extends Failure {
  readonly message: string;
}

const missing: Absence = {
  code: "result_missing",
  transient: true,
  message: "The server gave no result for this request.",
};

interface Readers {
  readonly results: LineReader;
  readonly input: LineReader;
  close(): void;
}

const success = 0;
const examplesPerCode = 3;
const maxCodes = 10_000;

/**
 * Accounts for every request: reads result files, remembers of each line where it is and what it
 * says, and sets the lines against the requests of the input, where that is at hand.
 *
 * A request that has several lines keeps its first success, else its last failure.
 */
export class ResultBook {
  readonly #scan: InputScan | undefined;
  readonly #ids: IdIndex;
  readonly #paths: string[] = [];
  readonly #lines = new LineTable();
  /** Of each request the number of its line plus one; 0 while it has none. */
  #lineOf: Uint32Array;
  /** By tag, from 1. */
  readonly #failures: Failure[] = [];
  readonly #tags = new Map<string, number>();
  readonly #absences = new Map<number, Absence>();
  readonly #unexpected: number[] = [];
  #usage: TokenUsage | undefined;
  #duplicates = 0;
  #extraMissing = 0;

  constructor(scan?: InputScan) {
    this.#scan = scan;
    this.#ids = scan?.ids ?? new IdIndex();
    this.#lineOf = new Uint32Array(scan?.requests ?? 1024);
  }

  /**
   * Reads a result file; it has to stay where it is until the lines have been written.
   *
   * @param batch tells requests of different batches apart where no input says which is which
   * @returns how many lines it has
   */
  async add(path: string, batch = "", signal?: AbortSignal): Promise<number> {
    const file = this.#paths.push(path) - 1;
    let count = 0;
    const inThisFile = this.#lines.size;
    await forEachLine(
      path,
      (whole) => {
        if (isBlank(whole.bytes)) return;
        count += 1;
        const { bytes, start } = withoutMark(whole);
        const { customId, failure, usage } = readResultLine(bytes);
        this.#addUsage(usage);
        const line = this.#lines.size;
        const tag = failure === undefined ? success : this.#tagOf(failure);
        this.#lines.add(file, start, whole.end, tag);
        const request = customId === undefined ? undefined : this.#requestOf(customId, batch);
        if (request === undefined) this.#unexpected.push(line);
        else this.#settle(request, line, inThisFile);
      },
      signal,
    );
    return count;
  }

  /** Says why these requests have no line. */
  absent(requests: Iterable<number>, why: Absence): void {
    for (const request of requests) this.#absences.set(request, why);
  }

  /** Requests of which the server has counted more than it has given lines, with no input to name them. */
  missingUnnamed(count: number): void {
    this.#extraMissing += count;
  }

  /** The numbers of the requests that have no answer for a reason that passes, ascending. */
  *retryable(): Generator<number> {
    for (let request = 0; request < this.#requests; request += 1) {
      if (this.#failureOf(request)?.transient === true) yield request;
    }
  }

  counts(): RequestCounts {
    let completed = 0;
    for (let request = 0; request < this.#requests; request += 1) {
      if (this.#failureOf(request) === undefined) completed += 1;
    }
    // A line without a request is one more result, where no input says how many there are.
    const nameless = this.#scan === undefined ? this.#unexpected : [];
    completed += nameless.filter((line) => this.#lines.tag(line) === success).length;
    const total = this.#requests + nameless.length + this.#extraMissing;
    return { total, completed, failed: total - completed };
  }

  /** How many result lines have been read. */
  get lines(): number {
    return this.#lines.size;
  }

  get usage(): TokenUsage | undefined {
    return this.#usage;
  }

  /** Lines for a request that already had one in the same file, or an answer. */
  get duplicates(): number {
    return this.#duplicates;
  }

  /** Lines for no request of the input, or without a `custom_id`. */
  get unexpected(): number {
    return this.#unexpected.length;
  }

  /** Failed requests by code, most frequent first. */
  failures(): readonly FailureGroup[] {
    const groups = new Map<string, { count: number; requests: number[] }>();
    const count = (code: string, request?: number, more = 1) => {
      const group = groups.get(code) ?? { count: 0, requests: [] };
      groups.set(code, group);
      group.count += more;
      if (request !== undefined && group.requests.length < examplesPerCode) {
        group.requests.push(request);
      }
    };
    for (let request = 0; request < this.#requests; request += 1) {
      const failure = this.#failureOf(request);
      if (failure !== undefined) count(failure.code, request);
    }
    if (this.#scan === undefined) {
      for (const line of this.#unexpected) {
        if (this.#lines.tag(line) === success) continue;
        count(this.#failures[this.#lines.tag(line) - 1]?.code ?? "unexpected_line");
      }
    }
    if (this.#extraMissing > 0) count(missing.code, undefined, this.#extraMissing);
    const readers = this.#readers();
    try {
      return [...groups]
        .map(([code, { count: number, requests }]) => ({
          code,
          count: number,
          examples: requests.map((request) => this.#customId(request, readers)),
        }))
        .sort((a, b) => b.count - a.count);
    } finally {
      readers.close();
    }
  }

  /**
   * Writes the answers to one file and all else to the other.
   *
   * @param order `input`: as the requests stand in the input, which must be at hand; `completion`: as the server gave them
   */
  write(
    output: Pick<LineWriter, "write"> | undefined,
    errors: Pick<LineWriter, "write"> | undefined,
    order: "input" | "completion",
  ): void {
    const readers = this.#readers();
    try {
      const copy = (line: number) => {
        const target = this.#lines.tag(line) === success ? output : errors;
        target?.write(readers.results.read(this.#lines.place(line)));
      };
      if (order === "completion") {
        const kept = new Set(this.#unexpected);
        const current = this.#current();
        for (let line = 0; line < this.#lines.size; line += 1) {
          if (current[line] === 1 && !kept.has(line)) copy(line);
        }
      }
      for (let request = 0; request < this.#requests; request += 1) {
        const line = this.#lineOf[request] ?? 0;
        if (line > 0) {
          if (order === "input") copy(line - 1);
        } else if (errors !== undefined) {
          const why = this.#absences.get(request) ?? missing;
          errors.write(absentLine(this.#customId(request, readers), why));
        }
      }
      for (const line of this.#unexpected) {
        (this.#scan === undefined && this.#lines.tag(line) === success ? output : errors)?.write(
          readers.results.read(this.#lines.place(line)),
        );
      }
    } finally {
      readers.close();
    }
  }

  get #requests(): number {
    return this.#scan?.requests ?? this.#ids.size;
  }

  /** Which lines stand for their request, by number. */
  #current(): Uint8Array {
    const current = new Uint8Array(this.#lines.size);
    for (let request = 0; request < this.#requests; request += 1) {
      const line = this.#lineOf[request] ?? 0;
      if (line > 0) current[line - 1] = 1;
    }
    return current;
  }

  #requestOf(customId: string, batch: string): number | undefined {
    if (this.#scan !== undefined) return this.#ids.numberOf(customId);
    const known = this.#ids.add(`${batch}\n${customId}`);
    if (known !== undefined) return known;
    const request = this.#ids.size - 1;
    if (request >= this.#lineOf.length) {
      const grown = new Uint32Array(this.#lineOf.length * 2);
      grown.set(this.#lineOf);
      this.#lineOf = grown;
    }
    return request;
  }

  #settle(request: number, line: number, firstOfFile: number): void {
    const before = (this.#lineOf[request] ?? 0) - 1;
    if (before >= 0) {
      const answered = this.#lines.tag(before) === success;
      if (before >= firstOfFile || answered) this.#duplicates += 1;
      if (answered) return;
    }
    this.#lineOf[request] = line + 1;
  }

  #failureOf(request: number): Failure | undefined {
    const line = this.#lineOf[request] ?? 0;
    if (line === 0) return this.#absences.get(request) ?? missing;
    const tag = this.#lines.tag(line - 1);
    return tag === success ? undefined : this.#failures[tag - 1];
  }

  #tagOf(failure: Failure): number {
    // A server whose every code is new must not run us out of tags.
    const code = this.#failures.length < maxCodes ? failure.code : "other";
    const key = `${failure.transient} ${code}`;
    const known = this.#tags.get(key);
    if (known !== undefined) return known;
    const tag = this.#failures.push({ code, transient: failure.transient });
    this.#tags.set(key, tag);
    return tag;
  }

  #addUsage(usage: TokenUsage | undefined): void {
    if (usage === undefined) return;
    const sum = this.#usage ?? { input: 0, output: 0, total: 0 };
    this.#usage = {
      input: sum.input + usage.input,
      output: sum.output + usage.output,
      total: sum.total + usage.total,
    };
  }

  #readers(): Readers {
    const results = new LineReader(this.#paths);
    const input = new LineReader(this.#scan?.files ?? []);
    return {
      results,
      input,
      close() {
        results.close();
        input.close();
      },
    };
  }

  #customId(request: number, readers: Readers): string {
    const line = this.#lineOf[request] ?? 0;
    const bytes =
      line > 0
        ? readers.results.read(this.#lines.place(line - 1))
        : this.#scan && readers.input.read(this.#scan.lines.place(request));
    const parsed: unknown = bytes === undefined ? undefined : JSON.parse(bytes.toString("utf8"));
    const id = isFields(parsed) ? parsed["custom_id"] : undefined;
    return typeof id === "string" ? id : "";
  }
}

function absentLine(customId: string, { code, message }: Absence): Buffer {
  return Buffer.from(
    JSON.stringify({ id: null, custom_id: customId, response: null, error: { code, message } }),
  );
}
