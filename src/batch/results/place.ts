import { lstatSync, readlinkSync, realpathSync, type Stats, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";

import { isOfSystem } from "./disk-error.ts";

/** Where a file that is to be written really is. */
export interface Place {
  /** Absolute, and free of links as far as it exists. */
  readonly path: string;
  readonly kind: "none" | "file" | "folder" | "device" | "other";
}

/** Links that lead to one another without end. */
const maxLinks = 40;

/**
 * Follows the links of a path, those that lead to nothing yet too, so that what is written lands where
 * a reader of the path looks.
 *
 * @throws the system's error for a path that cannot be looked at: a name that is too long, links in a ring
 */
export function placeOf(target: string): Place {
  const path = realPathOf(resolve(target), 0);
  const found = statsOf(path, statSync);
  return { path, kind: found === undefined ? "none" : kindOf(found) };
}

/**
 * What is at a path; `undefined` for nothing, also where a file stands in the place of a folder.
 *
 * @throws the system's error for a path that cannot be looked at
 */
export function statsOf(path: string, look: typeof statSync): Stats | undefined {
  try {
    return look(path);
  } catch (error) {
    if (isOfSystem(error) && (error.code === "ENOENT" || error.code === "ENOTDIR"))
      return undefined;
    throw error;
  }
}

function realPathOf(path: string, links: number): string {
  const entry = statsOf(path, lstatSync);
  if (entry === undefined) {
    const folder = dirname(path);
    return folder === path ? path : join(realPathOf(folder, links), basename(path));
  }
  // Also asks about what a link leads to, which may be a pipe without a path.
  const end = statsOf(path, statSync);
  if (end !== undefined) return end.isFile() || end.isDirectory() ? realpathSync(path) : path;
  if (links >= maxLinks) return realpathSync(path);
  const folder = realpathSync(dirname(path));
  return realPathOf(resolve(folder, readlinkSync(path)), links + 1);
}

function kindOf(found: Stats): Place["kind"] {
  if (found.isFile()) return "file";
  if (found.isDirectory()) return "folder";
  return found.isCharacterDevice() ? "device" : "other";
}
