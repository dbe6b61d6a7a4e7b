import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { BatchClient } from "../api/client.ts";
import type { Batch, CallOptions } from "../api/types.ts";
import { LineWriter } from "./filewriter.ts";
import { isBlank, readLines } from "./lines.ts";
import { addUsage, readResultLine, type TokenUsage } from "./resultline.ts";
import { isTerminal, reportedCounts, type RequestCounts } from "./status.ts";

export interface CollectOptions extends CallOptions {
  /** Where the answers of requests that succeeded are written; nowhere unless given. */
  readonly outputFile?: string | undefined;
  /** Where the lines of requests that failed are written; nowhere unless given. */
  readonly errorFile?: string | undefined;
  /** For downloads on their way; the system's folder unless given. */
  readonly temporaryFolder?: string | undefined;
}

/** Requests that failed with the same code. */
export interface FailureGroup {
  readonly code: string;
  readonly count: number;
  /** A few `custom_id`s. */
  readonly examples: readonly string[];
}

export interface CollectedResults {
  /** Counted from the lines; of a batch without result files, or not ended, from what the server reports. */
  readonly counts: RequestCounts;
  /** Most frequent first. */
  readonly failures: readonly FailureGroup[];
  /** `undefined` where no line told. */
  readonly usage: TokenUsage | undefined;
  /** Absolute paths of what was written. */
  readonly outputFile: string | undefined;
  readonly errorFile: string | undefined;
}

const examplesPerCode = 3;

/**
 * Downloads what finished batches have, counts it line by line and writes the answers to one file
 * and the failures to another, in the order in which the server completed them. Works for every
 * terminal status: what an expired, cancelled or failed batch has was paid for as well.
 *
 * The files appear whole or not at all.
 */
export async function collectResults(
  client: BatchClient,
  batches: readonly Batch[],
  options: CollectOptions = {},
): Promise<CollectedResults> {
  const folder = options.temporaryFolder ?? tmpdir();
  const output =
    options.outputFile === undefined ? undefined : await LineWriter.open(options.outputFile);
  const errors =
    options.errorFile === undefined ? undefined : await LineWriter.open(options.errorFile);
  const tally = createTally();
  try {
    for (const batch of batches) {
      // Some servers let the output of a running batch be read while it grows.
      const ids = isTerminal(batch) ? [batch.output_file_id, batch.error_file_id] : [];
      const files = ids.filter((id) => id !== undefined);
      if (files.length === 0) tally.reported(batch);
      for (const id of files) {
        const raw = join(folder, `batch-results-${randomUUID()}.jsonl`);
        try {
          await client.files.download(id, raw, options);
          for await (const { bytes } of readLines(raw)) {
            if (isBlank(bytes)) continue;
            const line = readResultLine(bytes);
            tally.line(line.customId, line.failure, line.usage);
            await (line.failure === undefined ? output : errors)?.write(bytes);
          }
        } finally {
          await rm(raw, { force: true });
        }
      }
    }
    await output?.commit();
    await errors?.commit();
  } catch (error) {
    await output?.discard();
    await errors?.discard();
    throw error;
  }
  return { ...tally.sum(), outputFile: output?.path, errorFile: errors?.path };
}

function createTally() {
  let counts: RequestCounts = { total: 0, completed: 0, failed: 0 };
  let usage: TokenUsage | undefined;
  const groups = new Map<string, { count: number; examples: string[] }>();
  return {
    reported(batch: Batch) {
      const more = reportedCounts([batch]);
      counts = {
        total: counts.total + more.total,
        completed: counts.completed + more.completed,
        failed: counts.failed + more.failed,
      };
    },
    line(customId: string | undefined, failure: string | undefined, used: TokenUsage | undefined) {
      usage = addUsage(usage, used);
      counts = {
        total: counts.total + 1,
        completed: counts.completed + (failure === undefined ? 1 : 0),
        failed: counts.failed + (failure === undefined ? 0 : 1),
      };
      if (failure === undefined) return;
      const group = groups.get(failure) ?? { count: 0, examples: [] };
      groups.set(failure, group);
      group.count += 1;
      if (customId !== undefined && group.examples.length < examplesPerCode) {
        group.examples.push(customId);
      }
    },
    sum: () => ({
      counts,
      usage,
      failures: [...groups]
        .map(([code, group]) => ({ code, ...group }))
        .sort((a, b) => b.count - a.count),
    }),
  };
}
