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
  /** `undefined` where the input files could not be downloaded, or tell no order. */
  readonly scan: InputScan | undefined;
  /** Which of the requests each batch was made of. */
  readonly parts: ReadonlyMap<string, InputPart>;
}

/** The requests of batches that another step created, from the server, to put their results in order. */
export async function fetchInput(
  { client, toolkit, signal }: Step,
  batches: readonly Batch[],
): Promise<FetchedInput> {
  const folder = process.env["RUNNER_TEMP"] ?? tmpdir();
  const ids = [...new Set(batches.map(({ input_file_id }) => input_file_id))];
  // Several answers to one request have no place of their own in the input's order.
  if (ids.length < batches.length) return inServerOrder(toolkit);
  const paths: string[] = [];
  const remove = async () => {
    for (const path of paths) await rm(path, { force: true });
  };
  try {
    for (const id of ids) {
      const path = join(folder, `batch-input-${randomUUID()}.jsonl`);
      await client.files.download(id, path, { signal });
      paths.push(path);
    }
    const scan = await scanInput(paths, { signal });
    if (!scan.problemCounts.has("duplicate_custom_id")) {
      const parts = new Map(
        batches.map((batch) => [batch.id, wholeFile(ids.indexOf(batch.input_file_id))]),
      );
      return { scan, parts, [Symbol.asyncDispose]: remove };
    }
    await remove();
    return inServerOrder(toolkit);
  } catch (error) {
    await remove();
    if (!(error instanceof APIError)) throw error;
    toolkit.warning(
      `The results are in the server's order, because the input could not be downloaded. ${error.message}`,
    );
    return nothingFetched;
  }
}

const nothingFetched: FetchedInput = {
  scan: undefined,
  parts: new Map(),
  [Symbol.asyncDispose]: () => Promise.resolve(),
};

function inServerOrder(toolkit: Step["toolkit"]): FetchedInput {
  toolkit.warning(
    "The results are in the server's order, because the batches use the same custom_ids.",
  );
  return nothingFetched;
}

function wholeFile(file: number): InputPart {
  const ranges = [{ file, start: 0, end: Number.MAX_SAFE_INTEGER }];
  return { index: file, requests: 0, bytes: 0, model: "", hash: "", ranges };
}
