import { rmSync } from "node:fs";
import { resolve } from "node:path";

// A list of what may go, because `rm` forgives no typing error.
const BUILD_FOLDERS = [".demo", "coverage", "dist", "lib"];
const root = resolve(import.meta.dirname, "..");

const folders = process.argv.slice(2);
const strangers = folders.filter((folder) => !BUILD_FOLDERS.includes(folder));
if (folders.length === 0 || strangers.length > 0) {
  console.error(`Usage: node scripts/clean.ts <folder>…, of ${BUILD_FOLDERS.join(", ")}.`);
  process.exitCode = 1;
} else {
  for (const folder of folders) rmSync(resolve(root, folder), { recursive: true, force: true });
}
