import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { APIError } from "../../api/errors.ts";
import type { Batch } from "../../api/types.ts";
import { type InputScan, scanInput } from "../../batch/input.ts";
import type { InputPart } from "../../batch/split.ts";
import type { Step } from "../operation.ts";

export interface FetchedInput extends AsyncDisposable {
  /** `undefined` where the results are in the server's order instead. */
  readonly scan: InputScan | undefined;
  /** Which of the requests each batch was made of. */
  readonly parts: ReadonlyMap<string, InputPart>;
}

/**
 * The requests of batches that another step created, from the server, to put their results in order.
 *
 * A request that is in several batches has an answer of each, and all of them were paid for: there is
 * no order of the input then, and every line is written in the server's.
 */
export async function fetchInput(step: Step, batches: readonly Batch[]): Promise<FetchedInput> {
  const ids = [...new Set(batches.map(({ input_file_id }) => input_file_id))];
  if (ids.length < batches.length) {
    return withoutOrder(step, "several batches were made of the same input file");
  }
  const paths: string[] = [];
  try {
    const scan = await download(step, ids, paths);
    if (!scan.problemCounts.has("duplicate_custom_id")) {
      const parts = new Map(batches.map(({ id }, file) => [id, wholeFile(file)]));
      return { scan, parts, [Symbol.asyncDispose]: () => remove(paths) };
    }
  } catch (error) {
    await remove(paths);
    if (!(error instanceof APIError)) throw error;
    return withoutOrder(step, `the input could not be downloaded. ${error.message}`);
  }
  await remove(paths);
  return withoutOrder(step, "the batches use the same custom_ids");
}

async function download(
  { client, signal }: Step,
  ids: readonly string[],
  paths: string[],
): Promise<InputScan> {
  const folder = process.env["RUNNER_TEMP"] ?? tmpdir();
  for (const id of ids) {
    const path = join(folder, `batch-input-${randomUUID()}.jsonl`);
    paths.push(path);
    await client.files.download(id, path, { signal });
  }
  return scanInput(paths, { signal });
}

async function remove(paths: readonly string[]): Promise<void> {
  for (const path of paths) await rm(path, { force: true });
}

function withoutOrder({ toolkit }: Step, why: string): FetchedInput {
  toolkit.warning(`The results are in the server's order, because ${why.replace(/\.$/, "")}.`);
  return { scan: undefined, parts: new Map(), [Symbol.asyncDispose]: () => Promise.resolve() };
}

function wholeFile(file: number): InputPart {
  const ranges = [{ file, start: 0, end: Number.MAX_SAFE_INTEGER }];
  return { index: file, requests: 0, bytes: 0, model: "", hash: "", ranges };
}
