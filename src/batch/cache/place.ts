import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";

import { APIError, messageOf } from "../../api/errors.ts";
import { isOfSystem } from "../results/disk-error.ts";
import { placeOf } from "../results/place.ts";

/** What speaks against keeping answers at a path; `undefined` where nothing does. */
function cacheDefect(path: string): string | undefined {
  const { kind } = placeOf(path);
  if (kind === "none" || kind === "file") return undefined;
  return kind === "folder" ? "is a folder." : "is no regular file.";
}

/**
 * Where the answers really are; the file is made where there is none yet, so that it is known before
 * anything is paid whether it can be written.
 *
 * @throws {APIError} `invalid_target`
 */
export function cachePlace(path: string): string {
  try {
    const defect = cacheDefect(path);
    if (defect !== undefined) throw invalid(path, defect);
    const place = placeOf(path).path;
    mkdirSync(dirname(place), { recursive: true });
    closeSync(openSync(place, "a+"));
    return place;
  } catch (error) {
    if (!isOfSystem(error)) throw error;
    throw invalid(path, `cannot be read and written: ${messageOf(error)}.`);
  }
}

function invalid(path: string, why: string): APIError {
  return new APIError(`The cache file ${path} ${why} Choose another path.`, {
    code: "invalid_target",
  });
}
