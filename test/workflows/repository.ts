import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

export const root = resolve(import.meta.dirname, "../..");

/**
 * Copies this repository as it stands, without what git ignores, into a repository of its own: a
 * workflow reads the branch and the commit, and whatever it writes stays out of this one.
 */
export function copyRepository(folder: string): void {
  const listed = git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard");
  copyFiles(
    root,
    folder,
    // What has been deleted is still listed until that is committed.
    listed.split("\0").filter((name) => name !== "" && existsSync(join(root, name))),
  );
  commitAll(folder);
}

/** Makes a repository with one commit of all that is in the folder. */
export function commitAll(folder: string): void {
  git(folder, "init", "--quiet", "--initial-branch=main");
  git(folder, "add", "--all");
  const author = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
  git(folder, ...author, "commit", "--quiet", "--message=As it stands");
}

export function copyFiles(from: string, to: string, names: readonly string[]): void {
  for (const name of names) {
    mkdirSync(dirname(join(to, name)), { recursive: true });
    cpSync(join(from, name), join(to, name), { recursive: true });
  }
}

export function git(folder: string, ...args: readonly string[]): string {
  const env = { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" };
  return execFileSync("git", ["-C", folder, ...args], { encoding: "utf8", env });
}
