import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What differs between what is committed under `name` and what was built of it anew. */
export function differences(name: string, committed: string, built: string): readonly string[] {
  const paths = new Set([...files(committed), ...files(built)]);
  return [...paths].sort().flatMap((path) => {
    const [left, right] = [join(committed, path), join(built, path)];
    if (!existsSync(left)) return [`${name}/${path} is missing`];
    if (!existsSync(right)) return [`${name}/${path} is no longer built`];
    return content(left) === content(right) ? [] : [`${name}/${path} differs`];
  });
}

function files(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

/** A checkout may have other line ends than a build. */
function content(path: string): string {
  return readFileSync(path, "utf8").replaceAll("\r\n", "\n");
}
