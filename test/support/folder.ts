import { mkdtemp, readdir, rm } from "node:fs/promises";
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
