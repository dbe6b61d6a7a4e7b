import { glob, stat } from "node:fs/promises";

/**
 * The files that a path or glob names, or several of them, one a line; in the order of the lines,
 * those of one glob sorted. A path that exists is taken as it is, also where it holds characters
 * that a glob would read.
 */
export async function findInputFiles(
  text: string,
  problem: (text: string) => void,
): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const line of text.split(/\r?\n/)) {
    const pattern = line.trim();
    if (pattern === "") continue;
    for (const path of await matching(pattern, problem)) found.add(path);
  }
  return [...found];
}

async function matching(
  pattern: string,
  problem: (text: string) => void,
): Promise<readonly string[]> {
  const kind = await kindOf(pattern);
  if (kind === "file") return [pattern];
  if (kind === "folder") {
    problem(
      `\`input-file\`: ${pattern} is a folder; name a file or a glob such as ${pattern}/*.jsonl.`,
    );
    return [];
  }
  const found: string[] = [];
  for await (const path of glob(pattern)) {
    if ((await kindOf(path)) === "file") found.push(path);
  }
  if (found.length === 0) {
    problem(`\`input-file\`: there is no file ${pattern} (looked in ${process.cwd()}).`);
  }
  return found.sort();
}

async function kindOf(path: string): Promise<"file" | "folder" | undefined> {
  try {
    return (await stat(path)).isDirectory() ? "folder" : "file";
  } catch (error) {
    // A path that is no file (a glob, or a file below a file) is looked for as a pattern.
    const codes = ["ENOENT", "ENOTDIR", "ENAMETOOLONG", "EINVAL"];
    if (error instanceof Error && "code" in error && codes.includes(String(error.code))) {
      return undefined;
    }
    throw error;
  }
}
