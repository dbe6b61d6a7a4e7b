import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { APIError } from "../../api/errors.ts";
import type { Batch, CallOptions } from "../../api/types.ts";
import { fetchInputFile } from "../../batch/input/fetch-input-file.ts";
import { type InputScan, scanInput } from "../../batch/input.ts";
import { decideInputOrder, type FileLength } from "../../batch/rules.ts";
import type { InputPart } from "../../batch/split.ts";
import type { Step } from "../operation.ts";

export interface FetchedInput extends AsyncDisposable {
  /** `undefined` where it is not known what the requests were. */
  readonly scan: InputScan | undefined;
  /** Why that is not known. */
  readonly why?: string | undefined;
  /** Which of the requests each batch was made of. */
  readonly parts: ReadonlyMap<string, InputPart>;
}

/**
 * The requests of batches that another step created, from the server: for the order of their results, and
 * for what was asked.
 *
 * A request that is in several batches has an answer of each, and all of them were paid for: there is
 * no order of the input then, and every line is written in the server's. An input that did not come whole
 * would make answers those of nobody.
 */
export async function fetchInput(
  step: Step,
  batches: readonly Batch[],
  deadline: number | undefined,
): Promise<FetchedInput> {
  const ids = new Set(batches.map(({ input_file_id }) => input_file_id));
  if (ids.size < batches.length) {
    return unknown("several batches were made of the same input file");
  }
  const paths: string[] = [];
  const call = { signal: step.signal, deadline };
  const { scan, why } = await download(step, batches, { paths, call }).catch((error: unknown) => {
    if (!(error instanceof APIError)) throw error;
    return { scan: undefined, why: `the input could not be downloaded. ${error.message}` };
  });
  if (scan !== undefined) {
    const parts = new Map(batches.map(({ id }, file) => [id, wholeFile(file)]));
    return { scan, parts, [Symbol.asyncDispose]: () => remove(paths) };
  }
  await remove(paths);
  return unknown(why);
}

type Downloaded =
  | { readonly scan: InputScan; readonly why?: undefined }
  | { readonly scan: undefined; readonly why: string };

async function download(
  step: Step,
  batches: readonly Batch[],
  { paths, call }: { readonly paths: string[]; readonly call: CallOptions },
): Promise<Downloaded> {
  const folder = process.env["RUNNER_TEMP"] ?? tmpdir();
  const lengths: FileLength[] = [];
  for (const { input_file_id: id } of batches) {
    const path = join(folder, `batch-input-${randomUUID()}.jsonl`);
    paths.push(path);
    lengths.push(await fetchInputFile(step.client, id, { path, call }));
  }
  const scan = await scanInput(paths, { signal: step.signal });
  if (scan.problemCounts.has("duplicate_custom_id")) {
    return { scan: undefined, why: "the batches use the same custom_ids" };
  }
  const requests = requestsByFile(scan);
  const unreadable = scan.problemCounts.get("invalid_json_line") ?? 0;
  for (const [file, batch] of batches.entries()) {
    const length = lengths[file] ?? "unknown";
    const known = { length, requests: requests.get(file) ?? 0, unreadable };
    const { decision, why } = decideInputOrder(batch, known);
    if (decision === "leave") {
      return { scan: undefined, why: `the input of ${batch.id} is not known to be whole: ${why}` };
    }
  }
  return { scan };
}

function requestsByFile({ lines, requests }: InputScan): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (let request = 0; request < requests; request += 1) {
    const { file } = lines.place(request);
    counts.set(file, (counts.get(file) ?? 0) + 1);
  }
  return counts;
}

async function remove(paths: readonly string[]): Promise<void> {
  for (const path of paths) await rm(path, { force: true });
}

function unknown(why: string): FetchedInput {
  return { scan: undefined, why, parts: new Map(), [Symbol.asyncDispose]: () => Promise.resolve() };
}

function wholeFile(file: number): InputPart {
  const ranges = [{ file, start: 0, end: Number.MAX_SAFE_INTEGER }];
  return { index: file, requests: 0, bytes: 0, model: "", hash: "", ranges };
}
