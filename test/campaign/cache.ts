import { appendFileSync, existsSync, readFileSync, rmSync, truncateSync } from "node:fs";

import { linesOf } from "./claims.ts";
import type { Process } from "./process.ts";
import type { CacheFortune } from "./schedule.ts";
import type { World } from "./world.ts";

/** What a runner that was lost, a hand, or another cache leaves of a cache file. */
export function harmCache(path: string, fortune: CacheFortune): void {
  if (!existsSync(path) || fortune === "kept") return;
  if (fortune === "lost") rmSync(path);
  else if (fortune === "strange") appendFileSync(path, 'nonsense\n{"key":"00","line":{}}\n{"key":');
  else {
    const { length } = readFileSync(path);
    truncateSync(path, Math.floor(length * 0.7));
  }
}

/** The `custom_id`s of the requests that a cache file answers; what is no whole entry answers none. */
export function namesInCache(path: string): ReadonlySet<string> {
  return new Set(linesOf(path).flatMap((line) => nameInEntry(line) ?? []));
}

function nameInEntry(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { readonly line?: { readonly custom_id?: string } }).line
      ?.custom_id;
  } catch {
    // A torn line.
    return undefined;
  }
}

/** Every answer that is delivered is one that the server has given to that very request. */
export function checkGenuine(world: World, { outputs, plan }: Process): readonly string[] {
  if ((plan.inputs["cache-file"] ?? "") === "" || world.removed.size > 0) return [];
  const given = new Set(
    world.server.core.files
      .filter(({ purpose }) => purpose === "batch_output")
      .flatMap(({ id }) => world.server.core.fileContent(id).text().split("\n")),
  );
  return linesOf(outputs["output-file"] ?? "")
    .filter((line) => !given.has(line))
    .map((line) => `an answer is delivered that the server never gave: ${line.slice(0, 80)}`);
}
