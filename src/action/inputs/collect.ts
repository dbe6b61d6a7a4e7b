import { extname } from "node:path";

import type { Batch } from "../../api/types.ts";
import type { BatchFilter } from "../../batch/list.ts";
import { hashText } from "../../batch/create/key.ts";
import type { Fields } from "./fields.ts";
import { readFilter } from "./choice.ts";
import { pathPlace } from "./place.ts";
import type { Problem, Warn } from "./problem.ts";

export interface CollectInputs {
  /** Which of the repository's batches. */
  readonly filter: Required<BatchFilter>;
  /** Paths with `{batch-id}` in them. */
  readonly outputFile: string;
  readonly errorFile: string | undefined;
}

export function readCollect(fields: Fields, problem: Problem, warn: Warn): CollectInputs {
  const outputFile = fields.text("output-file");
  const errorFile = fields.text("error-file");
  if (outputFile === undefined) {
    problem(
      "`output-file` is missing: `collect` writes the results of each batch to a file of its own, for example `results/{batch-id}.jsonl`.",
    );
  }
  const output = withPlace(outputFile ?? "");
  const errors = errorFile === undefined ? undefined : withPlace(errorFile);
  if (output === errors && outputFile !== errorFile) {
    problem("`output-file` and `error-file` are the same file.");
  }
  return { filter: readFilter(fields, warn), outputFile: output, errorFile: errors };
}

/** Several batches need several files: where no place is named for the id, it goes before the extension. */
function withPlace(path: string): string {
  if (path.includes(pathPlace)) return path;
  const extension = extname(path);
  return `${path.slice(0, path.length - extension.length)}-${pathPlace}${extension}`;
}

/** A path of `CollectInputs` for one batch. */
export function pathFor(path: string, { id }: Pick<Batch, "id">): string {
  return path.replaceAll(pathPlace, () => fileNameOf(id));
}

const longestName = 100;

/** An id as a part of a file name: ids may be long, or hold slashes. Two ids never give one name. */
function fileNameOf(id: string): string {
  const safe = id.replace(/[^\w.-]+/g, "-").slice(0, longestName);
  return safe === id && !/^\.*$/.test(id) ? id : `${safe}-${hashText(id).slice(0, 8)}`;
}
