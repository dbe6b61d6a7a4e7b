import { randomUUID } from "node:crypto";
import { accessSync, closeSync, constants, lstatSync, openSync, rmSync, statSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";

import { APIError, messageOf } from "../../api/errors.ts";
import { answerExtensionOf, answerExtensions } from "../answers/format.ts";
import type { InputScan, RequestInput, ScanOptions } from "../input.ts";
import { FileRows } from "../rows/file-rows.ts";
import { RenderedRequests } from "../rows/rendered.ts";
import { isOfSystem } from "./disk-error.ts";
import { type Place, placeOf, statsOf } from "./place.ts";

/** What results are written to, and what they must not be written over. */
export interface TargetFiles {
  readonly outputFile?: string | undefined;
  readonly errorFile?: string | undefined;
  /** A table of answers, in `.csv` or `.jsonl`. */
  readonly answersFile?: string | undefined;
  /** The file of a cache, which is there already and is read and written too. */
  readonly cacheFile?: string | undefined;
  /** The request files, what `scanInput` made of them, or requests from memory. */
  readonly input?: RequestInput | Pick<InputScan, "sources" | "template"> | undefined;
  /** The template, where it is a file. */
  readonly template?: ScanOptions["template"];
}

/** Files that are read, under the name that messages use. */
interface ReadFiles {
  readonly name: string;
  readonly paths: readonly string[];
}

/** What speaks against a path; `name` is the one that it was given under. */
type TargetProblem = { readonly name: string; readonly path: string } & (
  | { readonly code: "same_file"; readonly other: string }
  | { readonly code: "invalid_target"; readonly why: string }
);

/**
 * Finds out before anything is paid that the results will have a place: no two files are one, names and
 * folders can be written, and nothing that is there is destroyed by it.
 *
 * @throws {APIError} `same_file` when one file is named twice; `invalid_target` when one cannot be written
 */
export function checkTargets(files: TargetFiles): void {
  const { outputFile, errorFile, answersFile, cacheFile, input, template } = files;
  const targets = {
    "output file": outputFile,
    "error file": errorFile,
    "answers file": answersFile,
    "cache file": cacheFile,
  };
  const inputs = [
    { name: "input file", paths: inputPaths(input) },
    { name: "template", paths: templatePaths(input, template) },
  ];
  const [problem] = [
    ...extensionProblems("answers file", answersFile),
    ...targetProblems(targets, ...inputs),
  ];
  if (problem === undefined) return;
  const { name, path, code } = problem;
  throw new APIError(
    code === "same_file"
      ? `The ${name} and the ${problem.other} are the same file: ${path}. Give each its own name.`
      : `The ${name} ${path} ${problem.why} Choose another path.`,
    { code },
  );
}

/** What speaks against the name of a file of answers, by which it is known what it is to be. */
export function extensionProblems(
  name: string,
  path: string | undefined,
): readonly Extract<TargetProblem, { readonly why: string }>[] {
  if (path === undefined || answerExtensionOf(path) !== undefined) return [];
  const why = `has to end in ${answerExtensions.join(" or ")}, which decides its format.`;
  return [{ name, path, code: "invalid_target", why }];
}

/**
 * Everything that speaks against these paths.
 *
 * @param targets by the name that messages use
 * @param inputs what is read, and must neither be written over nor be each other
 */
export function targetProblems(
  targets: Readonly<Record<string, string | undefined>>,
  ...inputs: readonly ReadFiles[]
): readonly TargetProblem[] {
  const problems: TargetProblem[] = [];
  const taken = new Map<string, string>();
  for (const { name, paths } of inputs) {
    for (const path of paths) {
      for (const at of placed(path)) {
        const other = taken.get(at);
        if (other !== undefined && other !== name) {
          problems.push({ name, path, code: "same_file", other });
        }
        taken.set(at, name);
      }
    }
  }
  for (const [name, path] of Object.entries(targets)) {
    if (path === undefined) continue;
    try {
      const place = placeOf(path);
      const other = taken.get(place.path);
      if (other !== undefined && place.kind !== "device") {
        problems.push({ name, path, code: "same_file", other });
      }
      const why = /[/\\]$/.test(path)
        ? "names a folder."
        : (nestedIn(place, taken) ?? defectOf(place));
      if (why !== undefined) problems.push({ name, path, code: "invalid_target", why });
      taken.set(place.path, name);
    } catch (error) {
      if (!isOfSystem(error)) throw error;
      const why = `cannot be written: ${messageOf(error)}.`;
      problems.push({ name, path, code: "invalid_target", why });
    }
  }
  return problems;
}

/** Whether a path leads to a device; that one cannot be looked at is what `targetProblems` finds. */
export function isDevice(path: string): boolean {
  try {
    return placeOf(path).kind === "device";
  } catch (error) {
    if (isOfSystem(error)) return false;
    throw error;
  }
}

/** What is wrong with a path that leads through another one, which is to be a file. */
function nestedIn({ path }: Place, taken: ReadonlyMap<string, string>): string | undefined {
  for (const [other, name] of taken) {
    if (path.startsWith(other + sep)) {
      return `cannot be written, because the ${name} ${other} is to be a file and no folder.`;
    }
    if (other.startsWith(path + sep)) {
      return `is a folder, because the ${name} ${other} is to be in it.`;
    }
  }
  return undefined;
}

/** Where an input file is; nowhere for one that cannot be looked at, of which its reader tells. */
function placed(path: string): readonly string[] {
  try {
    return [placeOf(path).path];
  } catch {
    return [];
  }
}

function inputPaths(input: TargetFiles["input"]): readonly string[] {
  if (input === undefined) return [];
  if (typeof input === "string") return [input];
  if ("sources" in input) return input.sources;
  if (input instanceof RenderedRequests) {
    return input.rows instanceof FileRows ? input.rows.files : [];
  }
  return Array.isArray(input) ? input.filter((entry) => typeof entry === "string") : [];
}

function templatePaths(
  input: TargetFiles["input"],
  template: TargetFiles["template"],
): readonly string[] {
  const scanned = typeof input === "object" && "sources" in input ? input.template : undefined;
  return [template, scanned].filter((path) => typeof path === "string");
}

/** @throws the system's error for names and folders that cannot be written */
function defectOf({ path, kind }: Place): string | undefined {
  if (kind === "folder") return "is a folder.";
  if (kind === "other") {
    return "is a pipe, a socket or a block device, which results cannot be written to.";
  }
  if (kind === "device") {
    accessSync(path, constants.W_OK);
    return undefined;
  }
  let folder = dirname(path);
  while (statsOf(folder, statSync) === undefined) folder = dirname(folder);
  if (!statSync(folder).isDirectory()) {
    return `cannot be written, because ${folder} is a file and no folder.`;
  }
  // The system says of each name by itself whether it is too long.
  for (const name of relative(folder, path).split(sep)) {
    statsOf(join(folder, name), lstatSync);
  }
  accessSync(folder, constants.W_OK | constants.X_OK);
  tryToWrite(folder);
  return undefined;
}

/** Some folders look writable and take no file: those of the kernel, and where a rule of the system forbids it. */
function tryToWrite(folder: string): void {
  const trial = join(folder, `.${randomUUID()}.partial`);
  closeSync(openSync(trial, "wx"));
  rmSync(trial, { force: true });
}
