import type { BatchClient } from "../api/client.ts";
import { APIError } from "../api/errors.ts";
import { type CostOptions, openBudget } from "./cost/budget.ts";
import type { PartToCreate } from "./create/creator.ts";
import type { CreateBatchOptions } from "./create.ts";
import { openCreator } from "./create/creator.ts";
import type { InputScan, RequestInput, ScanOptions } from "./input.ts";
import type { KnownBatch } from "./knowledge.ts";
import { type KeyOptions, ownKeyOptions, partOfFile, partsToCreate } from "./parts.ts";
import { disposeOfOwn, scanned } from "./run.ts";
import { splitInput, type SplitLimits } from "./split.ts";

/** What is created of an input, of any size. */
export interface CreateBatchesOptions
  extends
    Omit<CreateBatchOptions, "input" | "endpoint" | "idempotencyKey">,
    KeyOptions,
    CostOptions,
    Pick<ScanOptions, "template" | "temporaryFolder"> {
  /**
   * One or more files of requests (of rows, with `template`), requests from memory, what `scanInput` made
   * of them, or the id of a file that is already there.
   */
  readonly input: RequestInput | InputScan | { readonly fileId: string };
  /** Defaults to the `url` of the requests. */
  readonly endpoint?: string | undefined;
  /** What one batch may hold. */
  readonly limits?: SplitLimits | undefined;
}

/**
 * Creates the batches of an input of any size, each once, as `createBatch` does with one, and waits for
 * none of them.
 *
 * @throws {APIError} `invalid_input` when the input has problems; nothing is sent then
 * @throws {APIError} `max_cost_exceeded` or `price_unknown` where `maxCost` asks; nothing is sent then
 * @throws {APIError} as `createBatch`; its message names the batches that were created before
 * @returns the batches in the input's order
 * @example
 * ```ts
 * import { BatchClient, createBatches } from "openai-batch-action";
 *
 * const client = new BatchClient();
 * const batches = await createBatches(client, {
 *   input: "requests.jsonl",
 *   limits: { maxRequests: 2 },
 *   idempotencyKey: "evaluation-2026-08-02",
 * });
 * console.log(batches.length); // 2
 * ```
 */
export async function createBatches(
  client: BatchClient,
  options: CreateBatchesOptions,
): Promise<readonly KnownBatch[]> {
  const { input } = options;
  if (typeof input === "object" && "fileId" in input) {
    const { fileId } = input;
    const endpoint = options.endpoint ?? "";
    if (options.maxCost !== undefined) throw notEstimated();
    const parts = partOfFile(fileId, options);
    return createParts(client, options, { parts, endpoint, inputHash: fileId });
  }
  const scan = await scanned(client, { ...options, input });
  try {
    await openBudget(client, scan, options);
    return await createParts(client, options, {
      parts: partsToCreate(scan, splitInput(scan, options.limits), { ...options, round: 0 }),
      endpoint: options.endpoint ?? scan.endpoint ?? "",
      inputHash: scan.hash,
    });
  } finally {
    await disposeOfOwn(scan, input);
  }
}

interface Planned {
  readonly parts: readonly PartToCreate[];
  readonly endpoint: string;
  readonly inputHash: string;
}

async function createParts(
  client: BatchClient,
  options: CreateBatchesOptions,
  { parts, endpoint, inputHash }: Planned,
): Promise<readonly KnownBatch[]> {
  const creator = await openCreator(client, parts, {
    ...options,
    ...ownKeyOptions(inputHash, endpoint, options),
    endpoint,
  });
  const known: KnownBatch[] = [];
  for (const index of parts.keys()) {
    const one = await creator.create(index).catch((error: unknown) => {
      throw nameCreated(error, known);
    });
    known.push(one);
  }
  return known;
}

/** What was paid for before has to be found by who gets nothing but the error. */
function nameCreated(error: unknown, known: readonly KnownBatch[]): unknown {
  if (error instanceof APIError && known.length > 0) {
    const ids = known.map(({ batch }) => batch.id).join(", ");
    error.message += ` Batches that are there already: ${ids}.`;
  }
  return error;
}

function notEstimated(): APIError {
  return new APIError(
    "Nothing was sent: what a file that is already on the server costs cannot be estimated, so `maxCost` cannot hold. Pass the requests themselves.",
    { code: "price_unknown" },
  );
}
