import { sentence } from "../api/errors.ts";
import type { Batch, BatchError } from "../api/types.ts";
import type { InputScan } from "../batch/input.ts";
import { type Origin, originsOf } from "../batch/input/origin.ts";
import type { InputPart } from "../batch/split.ts";
import { adviceForBatch } from "./advice.ts";
import { shorten } from "./format.ts";
import type { Toolkit } from "./runner/toolkit.ts";

/** Where errors of batches come from, in the user's own files. */
export type Origins = ReadonlyMap<BatchError, Origin>;

/** GitHub shows ten annotations of a kind per step, and the step's failure is one of them. */
export const maxAnnotations = 9;
/** Errors that are traced to their lines; what the summary shows of them is fewer. */
const maxTraced = 100;
const longestMessage = 500;

/** Traces errors of batches, as far as they name a line, back to the lines of the request files. */
export function traceErrors(
  batches: readonly Batch[],
  scan: InputScan,
  parts: ReadonlyMap<string, InputPart>,
): Origins {
  const origins = new Map<BatchError, Origin>();
  let left = maxTraced;
  for (const { id, errors } of batches) {
    const part = parts.get(id);
    const found = (errors?.data ?? []).slice(0, left);
    if (part === undefined || found.length === 0) continue;
    left -= found.length;
    const of = originsOf(scan, part, new Set(found.flatMap(({ line }) => line ?? [])));
    for (const error of found) {
      const origin = of.get(error.line ?? 0);
      if (origin !== undefined) origins.set(error, origin);
    }
  }
  return origins;
}

/** Annotates the lines of the request files that made batches fail, as many as GitHub shows. */
export function annotateErrors(
  tell: Toolkit["error"],
  batches: readonly Batch[],
  origins: Origins,
): void {
  const traced = batches.flatMap(({ id, errors }) =>
    (errors?.data ?? []).flatMap((error) => {
      const origin = origins.get(error);
      return origin === undefined ? [] : [{ id, error, origin }];
    }),
  );
  for (const { id, error, origin } of traced.slice(0, maxAnnotations)) {
    tell(`${sentence(describeError(error))} ${adviceForBatch(error.code)}`, {
      title: `Batch ${shorten(id, 100)} failed`,
      file: origin.file,
      startLine: origin.line,
    });
  }
}

/** Code and message of a batch's error, in one line. */
export function describeError({ code, message }: BatchError): string {
  return shorten([code, message].filter(Boolean).join(": "), longestMessage) || "error";
}
