import { glob, stat } from "node:fs/promises";
import { extname } from "node:path";

import { isOfSystem } from "../../batch/results/disk-error.ts";
import { rowExtensions, rowKindOf, tableWithoutTemplate } from "../../batch/rows/kind.ts";
import { isTemplateName, templateExtensions } from "../../batch/template/kind.ts";
import type { InputFields } from "./fields.ts";
import type { Problem } from "./problem.ts";

/** What `input-file` and `template` name. */
export interface InputFiles {
  readonly files: readonly string[];
  /** With it, the files are rows. */
  readonly template: string | undefined;
}

/**
 * What `input-file` names, and the template that makes requests of it; `undefined` where no file is given.
 * What is in them is looked at later, all of it together.
 */
export async function readInputFiles(
  fields: Pick<InputFields, "text">,
  problem: Problem,
): Promise<InputFiles | undefined> {
  const file = fields.text("input-file");
  const template = fields.text("template");
  if (template !== undefined) await checkTemplateFile(template, problem);
  if (file === undefined) {
    if (template !== undefined) {
      problem(
        "`template` makes a request of each row of `input-file`; give the rows there. It changes nothing in requests that are uploaded already.",
      );
    }
    return undefined;
  }
  const files = await findInputFiles(file, problem);
  for (const path of files) {
    if (template === undefined) {
      if (!(await stat(path)).isFile()) {
        problem(
          `\`input-file\`: ${path} is a pipe or a device; requests are read more than once, so write them to a file first.`,
        );
      } else if (tableWithoutTemplate(path) !== undefined) {
        problem(
          `\`input-file\`: ${path} holds rows and no requests; give \`template\` too, which makes a request of each row.`,
        );
      }
    } else if (rowKindOf(path) === undefined) {
      problem(
        `\`input-file\`: ${path} ends with ${extname(path) || "no extension"}; with \`template\` it holds rows and must end with one of: ${rowExtensions.join(", ")}.`,
      );
    }
  }
  return { files, template };
}

async function checkTemplateFile(path: string, problem: Problem): Promise<void> {
  const kind = await kindOf(path);
  if (kind === undefined) {
    problem(`\`template\`: there is no file ${path} (looked in ${process.cwd()}).`);
  } else if (typeof kind === "object") {
    problem(`\`template\`: ${path} cannot be read: ${kind.error}.`);
  } else if (kind === "folder") problem(`\`template\`: ${path} is a folder; name a file.`);
  if (!isTemplateName(path)) {
    problem(
      `\`template\`: ${path} ends with ${extname(path) || "no extension"}; it must end with one of: ${templateExtensions.join(", ")}.`,
    );
  }
}

/**
 * The files that a path or glob names, or several of them, one a line; in the order of the lines,
 * those of one glob sorted. A path that exists is taken as it is, also where it holds characters
 * that a glob would read. A file that is named twice is taken once, whatever it is called: its requests
 * would be paid for twice.
 */
export async function findInputFiles(
  text: string,
  problem: (text: string) => void,
): Promise<readonly string[]> {
  const found = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const pattern = line.trim();
    if (pattern === "") continue;
    for (const path of await matching(pattern, problem)) {
      const { dev, ino } = await stat(path, { bigint: true });
      const file = `${dev}:${ino}`;
      if (!found.has(file)) found.set(file, path);
    }
  }
  return [...found.values()];
}

async function matching(
  pattern: string,
  problem: (text: string) => void,
): Promise<readonly string[]> {
  const unreadable = (path: string, { error }: { readonly error: string }) => {
    problem(`\`input-file\`: ${path} cannot be read: ${error}.`);
  };
  const kind = await kindOf(pattern);
  if (kind === "file") return [pattern];
  if (typeof kind === "object") {
    unreadable(pattern, kind);
    return [];
  }
  if (kind === "folder") {
    problem(
      `\`input-file\`: ${pattern} is a folder; name a file or a glob such as ${pattern}/*.jsonl.`,
    );
    return [];
  }
  const found: string[] = [];
  let matched = false;
  for await (const path of glob(pattern)) {
    const one = await kindOf(path);
    matched ||= one === "file" || typeof one === "object";
    if (one === "file") found.push(path);
    // Left out in silence, its requests would be missing and nobody would know.
    else if (typeof one === "object") unreadable(path, one);
  }
  if (!matched) {
    problem(`\`input-file\`: there is no file ${pattern} (looked in ${process.cwd()}).`);
  }
  return found.sort();
}

/** What a path leads to; `undefined` for nothing, and the system's error where that cannot be seen. */
async function kindOf(
  path: string,
): Promise<"file" | "folder" | { readonly error: string } | undefined> {
  try {
    return (await stat(path)).isDirectory() ? "folder" : "file";
  } catch (error) {
    // A path that is no file (a glob, or a file below a file) is looked for as a pattern.
    const codes = ["ENOENT", "ENOTDIR", "ENAMETOOLONG", "EINVAL"];
    if (error instanceof Error && "code" in error && codes.includes(String(error.code))) {
      return undefined;
    }
    if (isOfSystem(error)) return { error: error.message };
    throw error;
  }
}
