import { createHash } from "node:crypto";
import { type BatchRecord, isTerminal } from "./batch-record.ts";
import { type Charge, Charges } from "./charges.ts";
import type { BatchRequest } from "./input.ts";

/** One run of a request, in one batch. */
export interface LedgerRun {
  /** The batch that holds the request. */
  readonly batch_id: string;
  /**
   * `pending` while it may still be run, `answered` or `failed` once it was run, and `never_ran` when it was not and never
   * will be. A `failed` run may be repeated; one that is `answered` or `pending` is paid for.
   */
  readonly outcome: "pending" | "answered" | "failed" | "never_ran";
  /** Whether its result line was made available, in a file that the batch names; the file may be gone by now. */
  readonly available: boolean;
}

/** A request, known by its `custom_id` and all that was asked. */
export interface LedgerRequest {
  readonly custom_id: string;
  /** SHA-256 over method, URL and body, in hexadecimal digits: the same question has the same digest. */
  readonly digest: string;
  /** One run for every batch that holds the request, oldest batch first. */
  readonly runs: readonly LedgerRun[];
}

/**
 * What an account was charged for: the oracle of a test that says "paid for once".
 *
 * @example
 * ```ts
 * import { startSimulator } from "openai-batch-action/simulator";
 * import { BatchClient, runBatch } from "openai-batch-action";
 *
 * await using simulator = await startSimulator({
 *   phases: { validating: 0, inProgress: 0, finalizing: 0 },
 *   shuffle: false,
 * });
 * simulator.plan({ kind: "expired", completedShare: 0.4 });
 * const client = new BatchClient({ apiKey: "any", baseURL: simulator.url });
 * await runBatch(client, { input: "requests.jsonl", retryFailed: 1 });
 * const { requests, paidTwice, running } = simulator.ledger();
 * console.log(requests[2]?.runs.map(({ outcome }) => outcome)); // [ 'never_ran', 'answered' ]
 * console.log(paidTwice.length, running.length); // 0 0
 * ```
 */
export interface Ledger {
  /** Every request of every batch that passes validation, deleted batches too. */
  readonly requests: readonly LedgerRequest[];
  /** Those with two or more runs that are `answered` or `pending`. */
  readonly paidTwice: readonly LedgerRequest[];
  /** What the answers of all batches are charged for, by model. */
  readonly charges: readonly Charge[];
  /** The ids of the batches that have not ended, oldest first. */
  readonly running: readonly string[];
}

/** Adds up what the batches of an account, oldest first, have run. */
export function ledgerOf(records: readonly BatchRecord[]): Ledger {
  const requests = new Map<string, LedgerRequest & { readonly runs: LedgerRun[] }>();
  for (const record of records) {
    for (const [request, { outcome, line }] of record.requests()) {
      const { custom_id } = request;
      const digest = digestOf(request);
      const key = `${digest} ${custom_id}`;
      const entry = requests.get(key) ?? { custom_id, digest, runs: [] };
      requests.set(key, entry);
      entry.runs.push({ batch_id: record.id, outcome, available: line !== null });
    }
  }
  const charges = new Charges();
  for (const record of records) {
    for (const charge of record.charges()) charges.take(charge);
  }
  const isPaid = ({ outcome }: LedgerRun): boolean =>
    outcome === "answered" || outcome === "pending";
  return {
    requests: [...requests.values()],
    paidTwice: [...requests.values()].filter(({ runs }) => runs.filter(isPaid).length > 1),
    charges: charges.list(),
    running: records
      .filter((record) => !record.removed && !isTerminal(record.view().status))
      .map(({ id }) => id),
  };
}

function digestOf({ method, url, body }: BatchRequest): string {
  return createHash("sha256")
    .update(JSON.stringify([method, url, body]))
    .digest("hex");
}
