import { extname } from "node:path";

import type { Batch } from "../../api/types.ts";
import type { BatchFilter } from "../../batch/list.ts";
import { hashText } from "../../batch/create/key.ts";
import type { InputFields } from "./fields.ts";
import { readFilter } from "./choice.ts";
import { pathPlace } from "./place.ts";
import type { Problem, Warn } from "./problem.ts";

export interface CollectInputs {
  /** Which of the repository's batches. */
  readonly filter: Required<BatchFilter>;
  /** Paths with `{batch-id}` in them. */
  readonly outputFile: string | undefined;
  readonly errorFile: string | undefined;
  readonly answersFile: string | undefined;
}

export function readCollect(fields: InputFields, problem: Problem, warn: Warn): CollectInputs {
  const outputFile = fields.text("output-file");
  const errorFile = fields.text("error-file");
  const answersFile = fields.text("answers-file");
  if (outputFile === undefined && answersFile === undefined) {
    problem(
      "`output-file` is missing: `collect` writes the results of each batch to a file of its own, for example `results/{batch-id}.jsonl`. Or give `answers-file`.",
    );
  }
  const given = { "output-file": outputFile, "error-file": errorFile, "answers-file": answersFile };
  checkPlaced(given, problem);
  return {
    filter: readFilter(fields, warn),
    outputFile: withPlace(outputFile),
    errorFile: withPlace(errorFile),
    answersFile: withPlace(answersFile),
  };
}

/** Finds paths that become the same one only by the place for the id. */
function checkPlaced(given: Readonly<Record<string, string | undefined>>, problem: Problem): void {
  const taken = new Map<string, { readonly name: string; readonly path: string }>();
  for (const [name, path] of Object.entries(given)) {
    const placed = withPlace(path);
    if (path === undefined || placed === undefined) continue;
    const other = taken.get(placed);
    // Paths that were equal before are a problem of every operation.
    if (other !== undefined && other.path !== path) {
      problem(`\`${other.name}\` and \`${name}\` are the same file.`);
    }
    taken.set(placed, { name, path });
  }
}

/** Several batches need several files: where no place is named for the id, it goes before the extension. */
function withPlace<T extends string | undefined>(path: T): string | (T & undefined) {
  if (path === undefined || path.includes(pathPlace)) return path;
  const extension = extname(path);
  return `${path.slice(0, path.length - extension.length)}-${pathPlace}${extension}`;
}

/** A path of `CollectInputs` for one batch. */
export function pathFor(path: string | undefined, { id }: Pick<Batch, "id">): string | undefined {
  return path?.replaceAll(pathPlace, () => fileNameOf(id));
}

const longestName = 100;

/** An id as a part of a file name: ids may be long, or hold slashes. Two ids never give one name. */
function fileNameOf(id: string): string {
  const safe = id.replace(/[^\w.-]+/g, "-").slice(0, longestName);
  return safe === id && !/^\.*$/.test(id) ? id : `${safe}-${hashText(id).slice(0, 8)}`;
}
