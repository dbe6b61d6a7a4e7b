import type { BatchClient } from "../api/client.ts";
import { APIError, DeadlineError } from "../api/errors.ts";
import type { Batch } from "../api/types.ts";
import { type CreateBatchOptions, type CreatedBatch, createBatch } from "./create.ts";
import { nextInterval } from "./wait/interval.ts";
import { lookAt } from "./wait/look.ts";
import { findAdoptable, thirtyDays } from "./create/lookup.ts";
import { createPace } from "./create/pace.ts";
import { isTerminal } from "./status.ts";
import { lastLook, type WaitOptions, youngestRun } from "./wait.ts";

/** What one batch is to be made of. */
export interface Load {
  readonly key: string | undefined;
  readonly input: CreateBatchOptions["input"];
}

/** How the batches of several loads are created. */
export interface CreateLoadsOptions extends Omit<
  CreateBatchOptions,
  "input" | "idempotencyKey" | "lookUp"
> {
  /**
   * Whether an expired or cancelled batch with the same key is adopted too, for the answers that it
   * has; for callers who send the rest again. Defaults to `false`.
   */
  readonly reusePartial?: boolean | undefined;
  /** Called with each batch as soon as it is known. */
  readonly onBatch?: ((created: CreatedBatch, load: number) => void) | undefined;
}

/** How the batches of several loads are created and followed. Times are milliseconds. */
export interface FlightOptions
  extends
    Omit<CreateLoadsOptions, "deadline">,
    Omit<WaitOptions, "signal" | "known" | "onProgress"> {
  /** Batches in flight at once; 0, or nothing, for no bound. */
  readonly maxActive?: number | undefined;
  /** Called after each round of looks: the newest of each load's batch, in the order of the loads. */
  readonly onProgress?: ((batches: readonly Batch[]) => void) | undefined;
  /** Called when a load has to wait because the server has no room for it now. */
  readonly onHeldBack?: ((load: number, pause: number) => void) | undefined;
}

/** What became of the loads. */
export interface FlightResult {
  /** Of each load the last batch, as last seen; `undefined` where there is none. */
  readonly batches: readonly (Batch | undefined)[];
  /** Whether every load has a batch that has ended. */
  readonly done: boolean;
  readonly reused: boolean;
  /** Why loads without a batch have none, when it is not the deadline. */
  readonly failure: APIError | undefined;
}

/** A load is tried again this long after it was turned away, then twice as long, up to the longest. */
const firstHold = 60_000;
const longestHold = 15 * 60_000;
/** How often a load is tried again when no other of the same job is in flight. */
const maxAlone = 5;

/** Makes creates of many loads cost one reading of the list, and keeps them to the hourly limit. */
export async function createLoader(
  client: BatchClient,
  loads: readonly Load[],
  options: CreateLoadsOptions,
): Promise<(load: number) => Promise<CreatedBatch>> {
  const { signal, deadline } = options;
  const pace = createPace(client.clock);
  const keys = loads.flatMap(({ key }) => key ?? []);
  let adoptable = new Map<string, Batch>();
  const uploaded = new Map<number, string>();
  if (options.reuseExisting !== false && keys.length > 0) {
    const since = client.clock.now() - (options.lookBack ?? thirtyDays);
    const call = { signal, deadline, partial: options.reusePartial };
    adoptable = new Map(await findAdoptable(client, keys, since, call, options.onNoList));
  }
  return async (index) => {
    const load = loads[index];
    if (load === undefined) throw new RangeError(`There is no load ${index}.`);
    const found = load.key === undefined ? undefined : adoptable.get(load.key);
    // A load that comes again does so because its batch has failed; it gets a new one of the same file.
    if (load.key !== undefined) adoptable.delete(load.key);
    if (found === undefined) await pace.turn(signal);
    const fileId = uploaded.get(index);
    const created =
      found === undefined
        ? await createBatch(client, {
            ...options,
            input: fileId === undefined ? load.input : { fileId },
            idempotencyKey: load.key,
            lookUp: false,
            onUploaded(file, reused) {
              uploaded.set(index, file.id);
              options.onUploaded?.(file, reused);
            },
          })
        : { batch: found, reused: true };
    options.onBatch?.(created, index);
    return created;
  };
}

/**
 * Creates the batches of all loads and follows them to their end, no more than `maxActive` at once.
 * A load that the server has no room for (`token_limit_exceeded`, at the create or minutes later in a
 * failed batch) waits until others have finished or a pause is over, and goes again; none is dropped.
 *
 * When a create fails for good no further one is made, and what is in flight is followed to its end.
 *
 * @returns with `done: false` when the timeout came first; what is in flight keeps running
 * @throws {APIError} when a create fails for good before there is any batch, or a credential is refused
 * @throws the signal's reason when it aborts; nothing is cancelled then
 * @example
 * ```ts
 * import { BatchClient, fly, partSource, scanInput, splitInput } from "openai-batch-action";
 *
 * const client = new BatchClient();
 * const scan = await scanInput("requests.jsonl");
 * const loads = splitInput(scan, { maxRequests: 1 }).map((part) => ({
 *   key: `nightly:${part.hash}`,
 *   input: partSource(scan, part),
 * }));
 * const { batches, done } = await fly(client, loads, {
 *   endpoint: "/v1/chat/completions",
 *   maxActive: 2,
 *   pollInterval: 10,
 *   maxPollInterval: 10,
 * });
 * console.log(batches.length, done); // 3 true
 * ```
 */
export async function fly(
  client: BatchClient,
  loads: readonly Load[],
  options: FlightOptions,
): Promise<FlightResult> {
  const { clock } = client;
  const { signal, random = Math.random, pollInterval = 5_000, maxPollInterval = 60_000 } = options;
  const { maxActive: bound = 0 } = options;
  const maxActive = bound === 0 ? Number.POSITIVE_INFINITY : bound;
  const started = clock.now();
  const deadline = options.timeout === undefined ? undefined : started + options.timeout;
  const batches: (Batch | undefined)[] = loads.map(() => undefined);
  const active = new Map<string, number>();
  let queue = [...loads.keys()];
  let reused = false;
  let failure: APIError | undefined;
  let hold = firstHold;
  let heldUntil = 0;
  let newest = started;
  const report = (done: boolean): FlightResult => ({ batches, done, reused, failure });
  const alone = new Map<number, number>();
  /** Room comes when others of ours finish; a load that is turned away though none is left may be too large for ever. */
  const mayFit = (load: number): boolean => {
    if (active.size > 0) return true;
    const times = (alone.get(load) ?? 0) + 1;
    alone.set(load, times);
    return loads.length > 1 && times <= maxAlone;
  };
  const holdBack = (load: number) => {
    heldUntil = clock.now() + hold;
    options.onHeldBack?.(load, hold);
    hold = Math.min(longestHold, hold * 2);
    queue = [load, ...queue].sort((a, b) => a - b);
  };

  try {
    const create = await createLoader(client, loads, { ...options, deadline });
    for (let last = false; ;) {
      while (queue.length > 0 && active.size < maxActive && clock.now() >= heldUntil) {
        const [load = 0] = queue.splice(0, 1);
        try {
          const created = await create(load);
          batches[load] = created.batch;
          reused ||= created.reused;
          newest = clock.now();
          active.set(created.batch.id, load);
        } catch (error) {
          if (!(error instanceof APIError) || error instanceof DeadlineError) throw error;
          if (error.code === "token_limit_exceeded" && mayFit(load)) holdBack(load);
          else {
            failure = error;
            queue = [];
            if (batches.every((batch) => batch === undefined)) throw error;
          }
        }
      }
      if (active.size > 0) {
        const { found } = await lookAt(client, [...active.keys()], {
          signal,
          deadline,
          seen: new Set(active.keys()),
          onError: options.onPollError,
        });
        for (const [id, batch] of found) {
          const load = active.get(id);
          if (load === undefined) continue;
          batches[load] = batch;
          if (!isTerminal(batch)) continue;
          active.delete(id);
          if (isTurnedAway(batch) && mayFit(load)) holdBack(load);
          else {
            hold = firstHold;
            heldUntil = 0;
          }
        }
      }
      const known = batches.filter((batch) => batch !== undefined);
      options.onProgress?.(known);
      if (active.size === 0 && queue.length === 0) return report(failure === undefined);
      if (active.size < maxActive && queue.length > 0 && clock.now() >= heldUntil) continue;

      const left = deadline === undefined ? Number.POSITIVE_INFINITY : deadline - clock.now();
      const interval =
        active.size === 0
          ? Math.max(0, heldUntil - clock.now())
          : nextInterval(
              youngestRun(known, clock.now(), newest),
              { pollInterval, maxPollInterval },
              random,
            );
      if (last || left <= 0) {
        await clock.sleep(Math.max(0, left), signal);
        return report(false);
      }
      last = interval >= left;
      await clock.sleep(last ? Math.max(0, left - lastLook) : interval, signal);
    }
  } catch (error) {
    // A create whose outcome the deadline leaves open is an UnknownOutcomeError; nothing else is at stake.
    if (error instanceof DeadlineError) return report(false);
    throw error;
  }
}

/** The server took the batch and found, when it came to it, that too many tokens were enqueued. */
function isTurnedAway({ status, errors }: Batch): boolean {
  return (
    status === "failed" &&
    errors?.data?.some(({ code }) => code === "token_limit_exceeded") === true
  );
}
