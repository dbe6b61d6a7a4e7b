import { appendFileSync, existsSync, readFileSync, rmSync, truncateSync } from "node:fs";

import { linesOf, namesIn } from "./claims.ts";
import type { Process } from "./process.ts";
import type { CacheFortune } from "./schedule.ts";
import type { Created, World } from "./world.ts";

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

/** What a run has found in its cache or put there is still there at its end, whatever another job does meanwhile. */
export function checkKept({ schedule }: World, main: Process): readonly string[] {
  const { plan, cached, killed, failed, outputs, log } = main;
  // Where a batch shows no metadata nothing tells that it answers these requests.
  const isTold = schedule.server.metadata === undefined;
  const path = plan.inputs["cache-file"] ?? "";
  if (path === "") return [];
  const kept = namesInCache(path);
  const lost = [...cached].filter((name) => !kept.has(name));
  const told = log.some((line) => line.includes("could not be added to the cache"));
  const isWhole = isTold && !killed && !failed && !told && outputs["done"] === "true";
  const answers = isWhole ? namesIn(outputs["output-file"] ?? "") : [];
  const missing = answers.filter((name) => name !== "" && !kept.has(name));
  return [
    ...(lost.length > 0 ? [`the cache has lost the answers ${lost.join(" ")}`] : []),
    ...(missing.length > 0 ? [`the cache lacks the answers ${missing.join(" ")}`] : []),
  ];
}

/** What the cache had answered when a process began is not sent by it. */
export function checkNotSent(created: Created): readonly string[] {
  const paid = created.requests.filter((request) => created.process.cached.has(request));
  return paid.length === 0
    ? []
    : [`${created.id} pays for ${paid.join(", ")}, which the cache had answered`];
}
