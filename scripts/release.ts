import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import { notesOf, releaseProblems } from "./changelog.ts";

const root = resolve(import.meta.dirname, "..");
const changelog = readFileSync(resolve(root, "CHANGELOG.md"), "utf8");
const [command, tag = ""] = process.argv.slice(2);

if (command === "check") {
  const problems = releaseProblems(tag, packageVersion(), changelog);
  for (const problem of problems) console.error(problem);
  if (problems.length === 0) console.log(`${tag} can be released.`);
  else process.exitCode = 1;
} else if (command === "notes") {
  console.log(notesOf(changelog, tag.replace(/^v/, "")) ?? "");
} else {
  console.error("Usage: node scripts/release.ts check|notes <tag>");
  process.exitCode = 1;
}

function packageVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(resolve(root, "package.json"), "utf8"));
  if (typeof manifest === "object" && manifest !== null && "version" in manifest) {
    return String(manifest.version);
  }
  throw new Error("package.json has no version.");
}
