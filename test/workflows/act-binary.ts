import { spawnSync } from "node:child_process";
import { env } from "node:process";

/** The version that `.ci/run` installs; another one may log in another way. */
const version = "0.2.89";

const howTo = [
  `These tests run workflows in act ${version}, which is not a package of npm. With Go installed:`,
  `  go install github.com/nektos/act@v${version}`,
  "and have it on the PATH, or name the file in the variable ACT.",
].join("\n");

/** The act to run workflows with. @throws when there is none, or another version of it */
export function actBinary(): string {
  const path = env["ACT"] || "act";
  const found = spawnSync(path, ["--version"], { encoding: "utf8" });
  if (found.error !== undefined || found.status !== 0) {
    throw new Error(`act is missing (looked for \`${path}\`).\n${howTo}`);
  }
  const said = found.stdout.trim();
  if (!said.endsWith(` ${version}`)) {
    throw new Error(`\`${path} --version\` says "${said}".\n${howTo}`);
  }
  return path;
}
