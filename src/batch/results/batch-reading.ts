import { problemIn } from "../answers/answer.ts";
import type { KeptAnswers } from "../answers/kept-answers.ts";
import type { InputScan } from "../input.ts";
import { IdIndex } from "../input/id-index.ts";
import { LineTable } from "../input/line-table.ts";
import type { ModelUsage } from "../cost/spending.ts";
import { addAnswer, openSum, type OpenSum } from "../cost/token-sum.ts";
import { forEachLine, isBlank, type Line } from "../input/lines.ts";
import type { FileSight } from "../rules/results.ts";
import { trimmedLine } from "./json.ts";
import { readResultLine, type ResultLine } from "./line.ts";
import type { StateTable } from "./state-table.ts";
import { sumUsage, type TokenUsage } from "./usage.ts";

/** What was found in a result file. */
type FileContent = Pick<
  Extract<FileSight, { readonly seen: "content" }>,
  "lines" | "unreadable" | "strange"
>;

const named = 1;
const charged = 2;

/**
 * What the result files of one batch say, line by line. It is read before it is known whether the
 * files are whole, and thrown away where they are fetched again; a book takes it in once it stands.
 */
export class BatchReading {
  readonly paths: string[] = [];
  /** Where each line is, by the number of its path, with the tag of what it says. */
  readonly lines = new LineTable();
  /** Files that are no result files: a page, a message. */
  readonly #foreign = new Set<number>();
  readonly #input: InputScan | undefined;
  readonly #states: StateTable;
  /** Of the batch's own ids, where no input numbers them. */
  readonly #ids: IdIndex;
  /** Of each line the number of its request plus one; 0 for a line of no known request. */
  #requestOf = new Uint32Array(1024);
  #results = 0;
  /** Of each request whether it has a line, and one with its tokens, in bits. */
  #named: Uint8Array;
  usage: TokenUsage | undefined;
  /** The answer of each line, where they are kept. */
  readonly answers: KeptAnswers | undefined;
  /** The answers' tokens, by the model that the input asked for and the one that the answer names. */
  readonly #byModel = new Map<string | undefined, Map<string, OpenSum>>();

  readonly #isPaid: boolean;

  /** @param isPaid whether an answer that is no good was paid for all the same; not where it is of a cache */
  constructor(states: StateTable, input?: InputScan, answers?: KeptAnswers, isPaid = true) {
    this.#states = states;
    this.#isPaid = isPaid;
    this.#input = input;
    this.answers = answers;
    this.#ids = input?.ids ?? new IdIndex();
    this.#named = new Uint8Array(input?.requests ?? 1024);
  }

  /** Reads a file, which has to stay where it is until the lines have been written. */
  async add(path: string, signal?: AbortSignal): Promise<FileContent> {
    const file = this.paths.push(path) - 1;
    const found = { lines: 0, unreadable: 0, strange: 0 };
    const onLine = (line: Line) => {
      if (!isBlank(line.bytes)) this.#addLine(line, file, found);
    };
    await forEachLine(path, onLine, signal);
    await this.answers?.flush();
    if (found.lines === 0 && found.unreadable > 0) this.#foreign.add(file);
    else this.#results += found.lines + found.unreadable;
    return found;
  }

  /** Removes what was kept of the answers: what the files say is read anew. */
  discard(): void {
    this.answers?.remove();
  }

  /** The answers' tokens by model, as the lines and the input name it. */
  *spent(): Generator<ModelUsage> {
    for (const [requested, sums] of this.#byModel) {
      for (const [model, sum] of sums) yield { ...sum, model, requested };
    }
  }

  /** How many requests the batch is known to have, where no input numbers them. */
  get ownRequests(): number {
    return this.#input === undefined ? this.#ids.size : 0;
  }

  /** How many results the files hold, two lines for one request counted once. */
  get results(): number {
    return this.#results;
  }

  /** The request of a line, numbered by the input, or within this batch; `undefined` for none. */
  requestOf(line: number): number | undefined {
    const request = this.#requestOf[line] ?? 0;
    return request === 0 ? undefined : request - 1;
  }

  /** Whether a file is one of results; what another holds is nobody's. */
  isOfResults(file: number): boolean {
    return !this.#foreign.has(file);
  }

  /** Those of these requests that no line names. */
  *unnamedOf(requests: Iterable<number>): Generator<number> {
    for (const request of requests) if (!this.#is(request, named)) yield request;
  }

  #addLine(line: Line, file: number, found: { -readonly [K in keyof FileContent]: number }): void {
    const { bytes, skipped } = trimmedLine(line.bytes);
    if (isBlank(bytes)) return;
    const text = bytes.toString("utf8");
    const result = readResultLine(bytes, text);
    const { customId, failure, readable } = result;
    const start = line.start + skipped;
    const request = customId === undefined ? undefined : this.#numberOf(customId);
    const asksJson = request !== undefined && this.#input?.asksJson.has(request) === true;
    const problem =
      this.answers === undefined
        ? problemIn(result, asksJson)
        : this.answers.keep(result, {
            text,
            start,
            length: bytes.length,
            asksJson,
            requested: this.#modelOf(request),
          });
    const tag = this.#states.tagOf(failure, problem);
    this.lines.add(file, start, start + bytes.length, tag);
    this.#note(request);
    const isGood = this.#states.stateOf(tag).state === "answered";
    if (this.#isPaid || isGood) this.#addUsage(request, result);
    if (!readable) found.unreadable += 1;
    else if (request === undefined) {
      found.strange += 1;
      found.lines += 1;
    } else if (!this.#is(request, named)) {
      this.#mark(request, named);
      found.lines += 1;
    }
  }

  #modelOf(request: number | undefined): string | undefined {
    if (request === undefined || this.#input === undefined) return undefined;
    return this.#input.models[this.#input.lines.tag(request)];
  }

  /** A request that has two lines was run once. */
  #addUsage(request: number | undefined, { usage, model, failure }: ResultLine): void {
    if (usage === undefined) {
      const isAgain = request !== undefined && this.#is(request, named);
      if (failure === undefined && !isAgain) this.#addToModel(request, model, undefined);
      return;
    }
    if (request !== undefined) {
      if (this.#is(request, charged)) return;
      this.#mark(request, charged);
    }
    this.usage = this.usage === undefined ? usage : sumUsage([this.usage, usage]);
    this.#addToModel(request, model, usage);
  }

  #addToModel(
    request: number | undefined,
    model: string | undefined,
    usage: TokenUsage | undefined,
  ): void {
    const requested = this.#modelOf(request);
    const sums = this.#byModel.get(requested) ?? new Map<string, OpenSum>();
    this.#byModel.set(requested, sums);
    const sum = sums.get(model ?? "") ?? openSum();
    sums.set(model ?? "", sum);
    addAnswer(sum, usage);
  }

  #is(request: number, bit: number): boolean {
    return ((this.#named[request] ?? 0) & bit) !== 0;
  }

  #mark(request: number, bit: number): void {
    this.#named[request] = (this.#named[request] ?? 0) | bit;
  }

  #note(request: number | undefined): void {
    const line = this.lines.size - 1;
    if (line >= this.#requestOf.length) {
      const grown = new Uint32Array(this.#requestOf.length * 2);
      grown.set(this.#requestOf);
      this.#requestOf = grown;
    }
    this.#requestOf[line] = request === undefined ? 0 : request + 1;
  }

  #numberOf(customId: string): number | undefined {
    if (this.#input !== undefined) return this.#ids.numberOf(customId);
    const known = this.#ids.add(customId);
    if (known !== undefined) return known;
    if (this.#ids.size > this.#named.length) {
      const grown = new Uint8Array(this.#named.length * 2);
      grown.set(this.#named);
      this.#named = grown;
    }
    return this.#ids.size - 1;
  }
}
