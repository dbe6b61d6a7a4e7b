import { glob, stat } from "node:fs/promises";

/**
 * The one file that a path or glob names. A path that exists is taken as it is, also where it
 * holds characters that a glob would read.
 */
export async function findInputFile(
  pattern: string,
  problem: (text: string) => void,
): Promise<string> {
  const kind = await kindOf(pattern);
  if (kind === "file") return pattern;
  if (kind === "folder") {
    problem(
      `\`input-file\`: ${pattern} is a folder; name a file or a glob such as ${pattern}/*.jsonl.`,
    );
    return pattern;
  }
  const found: string[] = [];
  for await (const path of glob(pattern)) {
    if ((await kindOf(path)) === "file") found.push(path);
  }
  found.sort();
  const [first] = found;
  if (first === undefined) {
    problem(`\`input-file\`: there is no file ${pattern} (looked in ${process.cwd()}).`);
  } else if (found.length > 1) {
    problem(
      `\`input-file\`: ${pattern} matches ${found.length} files (${found.slice(0, 3).join(", ")}, …); one batch takes one file.`,
    );
  }
  return first ?? pattern;
}

async function kindOf(path: string): Promise<"file" | "folder" | undefined> {
  try {
    return (await stat(path)).isDirectory() ? "folder" : "file";
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code !== "ENOENT") {
      // A path that is no file (a glob, or a file below a file) is looked for as a pattern.
      if (error.code === "ENOTDIR" || error.code === "ENAMETOOLONG" || error.code === "EINVAL") {
        return undefined;
      }
      throw error;
    }
    return undefined;
  }
}
