import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder of its own for one test. */
export interface Folder extends AsyncDisposable {
  readonly path: string;
  /** A path in it. */
  readonly at: (...names: string[]) => string;
  /** Everything in it, sorted, folders included. */
  readonly list: () => Promise<readonly string[]>;
}

export async function openFolder(): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), "openai-batch-test-"));
  return {
    path,
    at: (...names) => join(path, ...names),
    list: async () => (await readdir(path, { recursive: true })).sort(),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}

/** What a file holds; nothing where it is not there. */
export async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  }
}
