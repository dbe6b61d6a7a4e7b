import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";

import type { BatchClient } from "../../api/client.ts";
import { APIError } from "../../api/errors.ts";
import type { Batch, CallOptions } from "../../api/types.ts";
import type { AnswersTarget } from "../answers/answers-writer.ts";
import { openFormat } from "../answers/format.ts";
import { type Keeping, KeptAnswers } from "../answers/kept-answers.ts";
import type { AnswerProblem } from "../answers/problem.ts";
import type { Keeper } from "../cache/keep-answers.ts";
import type { TakenAnswers } from "../cache/take-answers.ts";
import { loadPrices, type Prices, type PriceTexts } from "../cost/prices.ts";
import type { ModelUsage } from "../cost/spending.ts";
import type { Reports } from "../events.ts";
import { plural } from "../format.ts";
import type { InputScan } from "../input.ts";
import type { ResultFile } from "../knowledge.ts";
import { decideRecord, isOpen, stateOfUnnamed } from "../rules/results.ts";
import { type InputPart, requestsOf } from "../split.ts";
import { isTerminal, type RequestCounts, sumCounts } from "../status.ts";
import { absenceBy, notSent, unfinished, unseen } from "./absence.ts";
import { BatchReading } from "./batch-reading.ts";
import { type Absence, ResultBook } from "./book.ts";
import { type FailureGroup, failuresOf } from "./failures.ts";
import type { ResultSource } from "./fetch.ts";
import { spentBy } from "./spent.ts";
import { filesOf, type SettledBatch, settleBatch } from "./settle.ts";
import { type UnusableGroup, unusableOf } from "./unusable.ts";
import { noTokens, type TokenUsage } from "./usage.ts";
import { type WriteOptions, type Written, writeResults } from "./writing.ts";

/** What becomes of the answers beside their lines. */
export interface AnswerOptions {
  /**
   * Where the answers are written as a table, one row for each request; optional. A name in `.csv` or
   * `.jsonl`, which says what it is.
   */
  readonly answersFile?: string | undefined;
  /**
   * Problems with which an answer counts as a failed request: it goes to the error file, is counted as
   * failed, and is not sent again, since it was paid for. None by default.
   */
  readonly rejectAnswers?: readonly AnswerProblem[] | undefined;
  /**
   * What answers cost, for the column `cost`: dollars per million tokens at batch rates by the name of a
   * model, as `input/output` or `input/cached/output`. Defaults to half the list price of OpenAI's models.
   */
  readonly prices?: PriceTexts | undefined;
}

/** What is collected, and where it is written. */
export interface CollectOptions extends CallOptions, WriteOptions, AnswerOptions, Reports {
  /** The requests, so that every one of them is accounted for. */
  readonly input?: InputScan | undefined;
  /** Which requests a batch was made of, by its id; says of a failed batch whose requests it took along. */
  readonly parts?: ReadonlyMap<string, InputPart> | undefined;
  /** For downloads on their way; defaults to the system's folder. */
  readonly temporaryFolder?: string | undefined;
}

/** What the results of one or more batches amount to. */
export interface CollectedResults {
  /**
   * Counted from the lines. With an input every request without an answer counts as failed, also one that was
   * not sent or still runs; without, the server's counts stand for a batch without result files or not ended.
   */
  readonly counts: RequestCounts;
  /** Most frequent first. */
  readonly failures: readonly FailureGroup[];
  /** Answers that came and have a problem, rejected or not; most frequent first. */
  readonly unusable: readonly UnusableGroup[];
  /** `undefined` where no line told. */
  readonly usage: TokenUsage | undefined;
  /** The same by model, with what else the cost depends on. */
  readonly usageByModel: readonly ModelUsage[];
  /** Of the answers that came from a cache, which are in neither of these: what they took when they were made. */
  readonly cachedByModel: readonly ModelUsage[];
  /** Lines for no request of the input; 0 without an input. */
  readonly unexpected: number;
  /** Further lines for a request that had one in the same file already, or an answer; a cached answer does not count. */
  readonly duplicates: number;
  /** Requests that may have an answer that could not be read; they count as failed. */
  readonly unknown: number;
  /** The batches that have ended, as last seen: some servers name a batch's files a while after its end. */
  readonly batches: readonly Batch[];
  /** Why results of some of the batches could not be read. */
  readonly problems: readonly string[];
  /** What is known of the result files of each batch that has ended, by its id. */
  readonly files: ReadonlyMap<string, readonly ResultFile[]>;
  /** How many lines were written, and how many rows of answers. */
  readonly lines: { readonly output: number; readonly error: number; readonly answers: number };
  /** Absolute path of the answers; `undefined` where nobody asked for the file. */
  readonly outputFile: string | undefined;
  /** Absolute path of all else; `undefined` where nobody asked for the file, or nothing was to be written to it. */
  readonly errorFile: string | undefined;
  /** Absolute path of the table of answers; `undefined` where nobody asked for it. */
  readonly answersFile: string | undefined;
  /** Answers in JSON of which some keys have no column in a CSV of answers, because there are too many. */
  readonly keysLeftOut: number;
}

/** How result lines fit an input that somebody says they are of. */
export interface InputFit {
  /** Requests of the input that a line names. */
  readonly named: number;
  /** Lines of no request of the input. */
  readonly strangers: number;
  /** Lines of requests that had one already. */
  readonly duplicates: number;
}

/** Results on their way: what has been downloaded, until it is written. */
export interface Collection {
  /** Takes answers of earlier runs, before anything else is added. */
  addCached(taken: TakenAnswers): Promise<CachedCounts>;
  /** Downloads and reads what these batches have. */
  add(batches: readonly Batch[], parts?: ReadonlyMap<string, InputPart>): Promise<void>;
  /** Says that these requests were never sent. */
  unsent(part: InputPart, why: string): void;
  /** Says that a batch of these requests may run that nobody has seen. */
  unknown(part: InputPart, why: string): void;
  /** The numbers of the requests that no cache has answered; asked before any batch is added. */
  uncached(): readonly number[];
  /** The numbers of the requests that are sent again by a retry round. */
  resendable(): readonly number[];
  /** How what was read fits the input. */
  fit(): InputFit;
  /** The tokens of what was answered so far. */
  spent(): readonly ModelUsage[];
  /** Writes what there is; the files appear whole or not at all. */
  write(files: WriteOptions): Promise<CollectedResults>;
  /**
   * Why not a single result line could be read although there should be some; `undefined` where one could.
   * Its code is `results_gone` where no other try would bring any.
   */
  nothingRead(): APIError | undefined;
  /** Removes the downloads. */
  close(): Promise<void>;
}

/** What came of the answers that a cache has. */
interface CachedCounts {
  /** Requests that are answered by it. */
  readonly answered: number;
  /** Requests whose answer is no good for this run, so that they are sent. */
  readonly rejected: number;
  /** The numbers of requests whose answer could not be read. */
  readonly unreadable: readonly number[];
}

interface OpenCollectionOptions extends Omit<CollectOptions, "parts" | keyof WriteOptions> {
  /** Keeps the answers of a batch, once they stand; `undefined` where nothing is kept of it. */
  readonly keeperOf?: ((batch: Batch) => Keeper | undefined) | undefined;
}

/**
 * A collection to which batches can be added in several rounds.
 *
 * Downloads lie in `temporaryFolder` until `close`.
 */
export function openCollection(client: BatchClient, options: OpenCollectionOptions): Collection {
  const { temporaryFolder, onEvent, signal, deadline, maxRetries } = options;
  return new OpenCollection(
    {
      client,
      call: { signal, deadline, maxRetries },
      folder: temporaryFolder ?? tmpdir(),
      onEvent: onEvent ?? (() => undefined),
    },
    options,
  );
}

class OpenCollection implements Collection {
  readonly #source: ResultSource;
  readonly #input: InputScan | undefined;
  readonly #book: ResultBook;
  readonly #options: AnswerOptions;
  #table: AnswersTarget | undefined;
  #prices: Prices | undefined;
  readonly #files = new Map<string, readonly ResultFile[]>();
  readonly #ended = new Map<string, Batch>();
  readonly #errors: APIError[] = [];
  readonly #keeperOf: (batch: Batch) => Keeper | undefined;
  readonly #readings: BatchReading[] = [];
  readonly #spent: ModelUsage[] = [];
  #cachedByModel: readonly ModelUsage[] = [];
  #reported: RequestCounts = { total: 0, completed: 0, failed: 0 };
  /** Requests that no input names and that may have an answer. */
  #namelessUnknown = 0;

  constructor(source: ResultSource, options: OpenCollectionOptions) {
    const { input, rejectAnswers, keeperOf = () => undefined } = options;
    this.#source = source;
    this.#input = input;
    this.#options = options;
    this.#keeperOf = keeperOf;
    this.#book = new ResultBook(input, rejectAnswers);
  }

  async addCached({ path, requests, unreadable }: TakenAnswers): Promise<CachedCounts> {
    const keeping = await this.#keeping();
    const reading = new BatchReading(
      this.#book.states,
      this.#input,
      keeping && new KeptAnswers(keeping),
      false,
    );
    this.#readings.push(reading);
    await reading.add(path, this.#source.call.signal);
    this.#cachedByModel = [...reading.spent()];
    const stateOf = (line: number) => this.#book.states.stateOf(reading.lines.tag(line)).state;
    const isOf = (line: number) => reading.requestOf(line) === requests[line];
    this.#book.takeCached(reading, (line) => isOf(line) && stateOf(line) === "answered");
    const answered = this.#book.cached;
    const strange = requests.filter((_, line) => !isOf(line) || stateOf(line) === "unknown");
    const rejected = requests.length - answered - strange.length;
    return { answered, rejected, unreadable: [...unreadable, ...strange] };
  }

  async add(batches: readonly Batch[], parts?: ReadonlyMap<string, InputPart>): Promise<void> {
    for (const batch of batches) {
      const part = parts?.get(batch.id);
      // Some servers let the output of a running batch be read while it grows.
      if (isTerminal(batch)) await this.#addEnded(batch, part);
      else this.#addUnfinished(batch, part);
    }
  }

  unsent(part: InputPart, why: string): void {
    if (this.#input !== undefined) this.#book.absent(requestsOf(this.#input, part), notSent(why));
  }

  unknown(part: InputPart, why: string): void {
    if (this.#input !== undefined) this.#book.absent(requestsOf(this.#input, part), unseen(why));
  }

  uncached(): readonly number[] {
    return [...this.#book.unanswered()];
  }

  resendable(): readonly number[] {
    return [...this.#book.resendable()];
  }

  fit(): InputFit {
    const { strangers, duplicates, lines } = this.#book;
    const named = lines.size - strangers.length - duplicates;
    return { named, strangers: strangers.length, duplicates };
  }

  spent(): readonly ModelUsage[] {
    return this.#spent;
  }

  async write(options: WriteOptions): Promise<CollectedResults> {
    const { unnamed, ...written } = await writeResults(this.#book, options, this.#table);
    const results = this.#results(written, unnamed);
    this.#source.onEvent({ type: "written", results });
    return results;
  }

  nothingRead(): APIError | undefined {
    const [error] = this.#errors;
    if (error === undefined || this.#book.lines.size > 0) return undefined;
    const files = [...this.#files.values()].flat();
    return decideRecord(files).decision === "record" ? goneFrom(error) : error;
  }

  async close(): Promise<void> {
    for (const reading of this.#readings) reading.discard();
    for (const path of this.#book.paths) await rm(path, { force: true });
  }

  async #keeping(): Promise<Keeping | undefined> {
    const { prices, answersFile: path } = this.#options;
    if (path === undefined) return undefined;
    const { client, folder } = this.#source;
    this.#table ??= { path, format: await openFormat(path) };
    this.#prices ??= await loadPrices(prices, client.clock.now());
    return { format: this.#table.format, folder, priceOf: this.#prices.priceOf };
  }

  #addUnfinished(batch: Batch, part: InputPart | undefined): void {
    if (this.#input === undefined) this.#report(batch);
    else this.#tell(part, unfinished(batch));
  }

  async #addEnded(given: Batch, part: InputPart | undefined): Promise<void> {
    const { states } = this.#book;
    const input = this.#input;
    // The same batch twice, and no input to tell its requests by, would count everything twice.
    if (input === undefined && this.#files.has(given.id)) return;
    const keeping = await this.#keeping();
    const settled = await settleBatch(this.#source, given, { states, input, part, keeping });
    const { batch, reading, files } = settled;
    this.#readings.push(reading);
    this.#files.set(batch.id, files);
    this.#ended.set(batch.id, batch);
    const since = this.#book.lines.size;
    this.#book.take(reading);
    this.#spent.push(...spentBy(settled, part?.model));
    this.#tellOfFiles(settled);
    await this.#keep(batch, part, since);
    const absence = absenceBy(batch, stateOfUnnamed(batch, files));
    if (input === undefined) this.#addNameless(settled, absence);
    else if (part === undefined) this.#tell(undefined, absence);
    else {
      this.#book.absent(reading.unnamedOf(requestsOf(input, part)), absence);
    }
  }

  /** A cache that takes no more is no reason to lose what was paid for. */
  async #keep(batch: Batch, part: InputPart | undefined, since: number): Promise<void> {
    const keeper = this.#keeperOf(batch);
    if (keeper === undefined || part === undefined || this.#input === undefined) return;
    try {
      const requests = requestsOf(this.#input, part);
      const answers = await keeper.keep(this.#book, requests, since);
      this.#source.onEvent({ type: "cache-written", batchId: batch.id, answers });
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.#source.onEvent({ type: "cache-failed", batchId: batch.id, error });
    }
  }

  /** Without its part a batch may hold any request that has no line. */
  #tell(part: InputPart | undefined, absence: Absence): void {
    if (part !== undefined && this.#input !== undefined) {
      this.#book.absent(requestsOf(this.#input, part), absence);
    } else if (absence.state.state !== "missing") this.#book.otherwise(absence);
  }

  #addNameless({ batch, reading, files }: SettledBatch, absence: Absence): void {
    if (files.every(({ state }) => state === "none")) this.#report(batch);
    else {
      const more = (batch.request_counts?.total ?? 0) - reading.results;
      if (more <= 0) return;
      this.#book.nameless.push([absence, more]);
      if (absence.state.state === "unknown") this.#namelessUnknown += more;
    }
  }

  #report({ request_counts: counts }: Batch): void {
    const { total = 0, completed = 0, failed = 0 } = counts ?? {};
    this.#reported = sumCounts([this.#reported, { total, completed, failed }]);
  }

  #tellOfFiles({ batch, files, errors }: SettledBatch): void {
    const named = filesOf(batch);
    for (const [index, file] of files.entries()) {
      const fileId = named[index]?.[1];
      if (file.state === "complete" && fileId !== undefined) {
        const { lines } = file;
        this.#source.onEvent({ type: "downloaded", batchId: batch.id, fileId, lines });
      } else if ("why" in file && file.state !== "complete") {
        const { why } = file;
        this.#source.onEvent({ type: "download-failed", batchId: batch.id, fileId, why });
      }
    }
    const told = new Set(errors.map(({ message }) => message));
    const open = new Set(files.filter(isOpen).map(({ why }) => why));
    this.#errors.push(
      ...errors,
      ...[...open].filter((why) => !told.has(why)).map((why) => notWhole(batch, why)),
    );
  }

  #results(written: Omit<Written, "unnamed">, unnamed: number): CollectedResults {
    const book = this.#book;
    const problems = this.#errors.map(({ message }) => message);
    return {
      counts: sumCounts([book.counts(), this.#reported]),
      failures: failuresOf(book),
      unusable: unusableOf(book),
      usage:
        book.usage ?? (book.cached > 0 && book.cached === book.requests ? noTokens : undefined),
      usageByModel: this.#spent,
      cachedByModel: this.#cachedByModel,
      unexpected: this.#input === undefined ? 0 : book.strangers.length,
      duplicates: book.duplicates,
      unknown: book.unknown() + this.#namelessUnknown,
      problems: unnamed === 0 ? problems : [...problems, namesLost(unnamed)],
      batches: [...this.#ended.values()],
      files: this.#files,
      ...written,
    };
  }
}

function goneFrom(cause: APIError): APIError {
  const { message, status, type, param, requestID } = cause;
  return new APIError(message, { code: "results_gone", status, type, param, requestID, cause });
}

function notWhole({ id }: Batch, why: string): APIError {
  return new APIError(
    `The results of batch ${id} are not known to be whole: ${why}. None of its requests is sent again; retrieve the batch later.`,
    { code: "result_unknown" },
  );
}

function namesLost(unnamed: number): string {
  return `The input file was changed or removed while its batch ran, so ${plural(unnamed, "request")} without a result could not be named and ${unnamed === 1 ? "has" : "have"} no line in the error file.`;
}
