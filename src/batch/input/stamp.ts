import { stat } from "node:fs/promises";

import { APIError } from "../../api/errors.ts";
import { isOfSystem } from "../results/disk-error.ts";

/** Tells whether a file is still what it was: every write changes one of these. */
export type FileStamp = string;

export async function stampOf(path: string): Promise<FileStamp> {
  const { ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
  return [ino, size, mtimeNs, ctimeNs].join(":");
}

/**
 * Places in a file that has been written since stand for other requests, which nobody has checked.
 *
 * @throws {APIError} `input_changed`
 */
export async function checkStamps(
  paths: readonly string[],
  stamps: readonly FileStamp[],
  files: Iterable<number>,
): Promise<void> {
  for (const file of files) {
    const path = paths[file] ?? "";
    if ((await stampNow(path)) === stamps[file]) continue;
    throw inputChanged(path);
  }
}

/** The stamp of a file that may be gone by now, or be out of reach. */
async function stampNow(path: string): Promise<FileStamp | undefined> {
  try {
    return await stampOf(path);
  } catch (error) {
    if (isOfSystem(error)) return undefined;
    throw error;
  }
}

function inputChanged(path: string): APIError {
  return new APIError(
    `${path} has changed since it was read, or is gone; nothing more of it was sent. Let it be until the batch has ended.`,
    { code: "input_changed" },
  );
}
