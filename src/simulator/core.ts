import { type BatchContext, BatchRecord, isTerminal } from "./batch-record.ts";
import type { Bytes } from "./bytes.ts";
import type { CoreOptions } from "./core-options.ts";
import { type Load, loadOf, refusalFor } from "./enqueued.ts";
import { noSuchBatch, SimulatorApiError } from "./errors.ts";
import { type FilesQuery, FileStore, type Upload } from "./files.ts";
import { type Ledger, ledgerOf } from "./ledger.ts";
import {
  expandOutcome,
  type Outcome,
  OUTCOME_KEY,
  type OutcomePlan,
  parseOutcome,
} from "./outcome.ts";
import { pageOf } from "./pages.ts";
import { readBatchParams, readLimit } from "./params.ts";
import { createRandom, deriveSeed, type Random } from "./random.ts";
import type { Phases } from "./timeline.ts";
import type { BatchObject, DeletedFile, FileObject, ListPage, ModelObject } from "./types.ts";

const DEFAULT_PHASES: Phases = {
  validating: 100,
  inProgress: 500,
  finalizing: 100,
  cancelling: 100,
};

const DAY_MS = 24 * 3_600_000;

const DEFAULT_WINDOWS: Readonly<Record<string, number>> = { "24h": DAY_MS };

/** What `GET /batches` understands, as the query string's texts. */
export interface BatchesQuery {
  /** The id of the last batch already seen. */
  readonly after?: string | undefined;
  /** 1…100, 20 by default. */
  readonly limit?: string | undefined;
}

/**
 * One simulated account without any HTTP: a state machine on a clock, every operation synchronous. Each operation returns
 * the body of a 200 answer, or throws a `SimulatorApiError` that holds the status and body of another one.
 *
 * @throws {SimulatorApiError} from every operation that the API would refuse
 * @example
 * ```ts
 * import { Bytes, SimulatorCore } from "openai-batch-action/simulator";
 *
 * let now = Date.UTC(2026, 0, 1);
 * const core = new SimulatorCore({ now: () => now });
 * const line = {
 *   custom_id: "r1",
 *   method: "POST",
 *   url: "/v1/chat/completions",
 *   body: { model: "gpt-6-luna", messages: [{ role: "user", content: "Hello" }] },
 * };
 * const bytes = Bytes.from(`${JSON.stringify(line)}\n`);
 * const file = core.createFile({ filename: "requests.jsonl", purpose: "batch", bytes });
 * const batch = core.createBatch({
 *   input_file_id: file.id,
 *   endpoint: "/v1/chat/completions",
 *   completion_window: "24h",
 * });
 * now += 60_000;
 * console.log(core.retrieveBatch(batch.id).status); // completed
 * ```
 */
export class SimulatorCore {
  readonly #files: FileStore;
  readonly #batches = new Map<string, BatchRecord>();
  readonly #options: CoreOptions;
  readonly #now: () => number;
  readonly #seed: number;
  /** Batches as they were last shown, but for lists. */
  readonly #shown = new Map<string, BatchObject>();
  /** What each batch takes of the limit of enqueued tokens, where there is one. */
  readonly #loads = new Map<string, Load>();
  #outcome: Outcome;
  #planned: Outcome[] = [];

  constructor(options: CoreOptions = {}) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#seed = options.seed ?? 1;
    this.#outcome = options.outcome ?? "completed";
    const random = createRandom(this.#seed);
    let files = 0;
    this.#files = new FileStore({
      now: this.#now,
      newId: () => options.newId?.("file", (files += 1)) ?? `file-${random.base62(22)}`,
      fileLag: options.fileLag ?? 0,
      processing: options.processing,
      maxBytes: options.limits?.bytes ?? 200 * 1024 * 1024,
      after: options.list?.after,
    });
  }

  /** `POST /files`. 400 for a wrong purpose, name or expiry, 413 for too many bytes. */
  createFile(upload: Upload): FileObject {
    return this.#files.upload(upload);
  }

  /** `GET /files`. 400 for a wrong limit or order, 404 for an unknown cursor. */
  listFiles(query: FilesQuery = {}): ListPage<FileObject> {
    this.#settle();
    return this.#files.list(query);
  }

  /** `GET /files/{id}`. 404 when there is none. */
  getFile(id: string): FileObject {
    return this.#files.get(id);
  }

  /** `GET /files/{id}/content`. 404 when there is none. */
  fileContent(id: string): Bytes {
    return this.#files.content(id);
  }

  /** `DELETE /files/{id}`. 404 when there is none. A batch at work keeps what it has read. */
  deleteFile(id: string): DeletedFile {
    return this.#files.delete(id);
  }

  /**
   * `POST /batches`, with the parsed JSON of its body. 400 for a wrong parameter, 404 for an unknown input file. The key
   * `simulator_outcome` of the metadata chooses the batch's outcome; see `parseOutcome`.
   */
  createBatch(body: unknown): BatchObject {
    const windows = this.#options.windows ?? DEFAULT_WINDOWS;
    const params = readBatchParams(body, Object.keys(windows));
    const wish = params.metadata?.[OUTCOME_KEY];
    const wished = wish === undefined ? undefined : parseOutcome(wish);
    const input = this.#files.input(params.input_file_id);
    if (input.object.purpose !== "batch") {
      throw new SimulatorApiError(
        400,
        `Invalid purpose of file ${input.object.id}: expected 'batch', but got '${input.object.purpose}' instead.`,
        { param: "input_file_id" },
      );
    }
    const load = this.#loadOf(input.bytes, params.endpoint);
    const roomless = load && this.#turnAway(load);
    const seed = deriveSeed(this.#seed, this.#batches.size);
    const record = new BatchRecord(this.#batchContext(), {
      id: this.#newBatchId(createRandom(~seed)),
      params,
      input: input.bytes,
      outcome: roomless ?? wished ?? expandOutcome(this.#planned.shift() ?? this.#outcome),
      phases: { ...DEFAULT_PHASES, ...this.#options.phases },
      windowMs: windows[params.completion_window] ?? DAY_MS,
      seed,
    });
    this.#batches.set(record.id, record);
    if (load !== undefined) this.#loads.set(record.id, load);
    return this.#show(record);
  }

  /** `GET /batches/{id}`. 404 when there is none. */
  retrieveBatch(id: string): BatchObject {
    return this.#show(this.#find(id));
  }

  /** `GET /batches`, newest first. 400 for a limit outside 1…100, 404 for an unknown cursor. */
  listBatches(query: BatchesQuery = {}): ListPage<BatchObject> {
    const { listLag = 0, list = {} } = this.#options;
    const limit = readLimit(query.limit, { max: 100, default: 20 });
    const listedSince = this.#now() - listLag;
    const records = this.#present.filter((record) => record.createdAt <= listedSince);
    if (list.order === "id") records.sort((one, other) => (one.id < other.id ? -1 : 1));
    else if (list.order !== "oldest") records.reverse();
    const page = pageOf(records, { after: query.after, limit, habit: list.after }, noSuchBatch);
    const shown = (record: BatchRecord): BatchObject =>
      (list.stale === true ? this.#shown.get(record.id) : undefined) ?? record.view();
    return { ...page, data: page.data.map(shown) };
  }

  /**
   * `POST /batches/{id}/cancel`. 404 when there is none, 409 when it has ended (see `cancelEnded`); a batch in `cancelling`
   * stays as it is.
   */
  cancelBatch(id: string): BatchObject {
    const record = this.#find(id);
    const { status } = record.view();
    if (!isTerminal(status)) record.cancel();
    else if (this.#options.cancelEnded === "cancelled") record.overturn();
    else if (this.#options.cancelEnded !== "unchanged") {
      throw new SimulatorApiError(409, `Cannot cancel a batch with status '${status}'.`);
    }
    return this.#show(record);
  }

  /** `GET /models/{model}`. 404 when there is none. */
  getModel(id: string): ModelObject {
    const { models } = this.#options;
    const found =
      models === undefined
        ? { id, object: "model" as const, created: 1_735_689_600, owned_by: "system" }
        : models.find((model) => model.id === id);
    if (found !== undefined) return found;
    throw new SimulatorApiError(
      404,
      `The model '${id}' does not exist or you do not have access to it.`,
      { code: "model_not_found", param: "model" },
    );
  }

  /** Takes a batch or a file off the account, as another of its users may. A batch stops. 404 when there is none. */
  remove(id: string): void {
    const record = this.#batches.get(id);
    if (record === undefined || record.removed) this.#files.delete(id);
    else record.remove();
  }

  /** What was paid for so far; see `Ledger`. */
  ledger(): Ledger {
    return ledgerOf([...this.#batches.values()]);
  }

  /** Plans the outcome of the next batch (several plans queue up), or of all batches to come. */
  plan(outcome: Outcome, scope: "next" | "all" = "next"): void {
    if (scope === "next") {
      this.#planned.push(outcome);
    } else {
      this.#planned = [];
      this.#outcome = outcome;
    }
  }

  /** Every batch as it is now, oldest first, lag or not. */
  get batches(): readonly BatchObject[] {
    return this.#present.map((record) => record.view());
  }

  /** Every file there is now, oldest first. */
  get files(): readonly FileObject[] {
    this.#settle();
    return this.#files.all();
  }

  get #present(): BatchRecord[] {
    return [...this.#batches.values()].filter((record) => !record.removed);
  }

  #loadOf(input: Bytes, endpoint: string): Load | undefined {
    const { enqueued, inputTokens, limits } = this.#options;
    if (enqueued === undefined) return undefined;
    return loadOf(input, { endpoint, maxRequests: limits?.requests ?? 50_000 }, inputTokens);
  }

  /** How a batch ends that the limit of enqueued tokens leaves no room; throws where its create is refused. */
  #turnAway(load: Load): OutcomePlan | undefined {
    const { enqueued } = this.#options;
    if (enqueued === undefined) return undefined;
    const taken = this.#present
      .filter((record) => !isTerminal(record.view().status) && !record.isTurnedAway)
      .map(({ id }) => this.#loads.get(id))
      .reduce((sum, other) => sum + (other?.model === load.model ? other.tokens : 0), 0);
    const refusal = refusalFor(load, taken, enqueued);
    if (refusal === undefined) return undefined;
    const { code, message } = refusal;
    if (enqueued.refusedAt === "create") throw new SimulatorApiError(400, message, { code });
    return { kind: "failed", errors: [refusal] };
  }

  #batchContext(): BatchContext {
    const { shuffle, limits, respond, inputTokens, resultLag } = this.#options;
    return {
      now: this.#now,
      files: this.#files,
      shuffle: shuffle ?? true,
      maxRequests: limits?.requests ?? 50_000,
      respond,
      inputTokens,
      resultLag: resultLag ?? 0,
    };
  }

  #newBatchId(random: Random): string {
    return this.#options.newId?.("batch", this.#batches.size + 1) ?? `batch_${random.hex(32)}`;
  }

  #find(id: string): BatchRecord {
    const record = this.#batches.get(id);
    if (record === undefined || record.removed) throw noSuchBatch(id);
    return record;
  }

  #show(record: BatchRecord): BatchObject {
    const shown = record.view();
    this.#shown.set(record.id, shown);
    return shown;
  }

  /** Batches that have ended unseen leave their result files only when looked at. */
  #settle(): void {
    for (const record of this.#present) record.view();
  }
}
