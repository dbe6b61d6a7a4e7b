import { type CacheFile, openCacheFile } from "../../batch/cache/cache-file.ts";
import type { Reports } from "../../batch/events.ts";
import { formatCount, plural } from "../format.ts";
import type { Step } from "../operation.ts";

/** The cache of a step, and what the log says of it. */
export interface StepCache {
  readonly cache: CacheFile;
  /** Listens for answers that turn out unreadable when they are asked for. */
  listening(reports: Reports): Required<Reports>;
  /** Warns of those. */
  tellUnreadable(): Promise<void>;
}

/** Opens the cache of a step; `undefined` where it has none. Lines that cannot be read are told at once. */
export async function openCache(
  { toolkit, signal }: Pick<Step, "toolkit" | "signal">,
  path: string | undefined,
): Promise<StepCache | undefined> {
  if (path === undefined) return undefined;
  const cache = await openCacheFile(path, { signal });
  const { lines, first } = cache.unreadable;
  if (lines > 0) toolkit.warning(leftOut(path, lines, first));
  toolkit.info(`${path} holds ${plural(cache.answers, "answer")}.`);
  const unreadable: string[] = [];
  return {
    cache,
    listening: ({ onEvent }) => ({
      onEvent(event) {
        if (event.type === "cache-read") unreadable.push(...event.unreadable);
        onEvent?.(event);
      },
    }),
    async tellUnreadable() {
      const [key] = unreadable;
      if (key === undefined) return;
      toolkit.warning(leftOut(path, unreadable.length, await cache.lineOf(key)));
    },
  };
}

function leftOut(path: string, lines: number, first: number | undefined): string {
  const where = first === undefined ? "" : ` (the first is line ${formatCount(first)})`;
  return `${plural(lines, "line")} of ${path} could not be read${where} and ${lines === 1 ? "was" : "were"} left out; the requests that need ${lines === 1 ? "it" : "them"} are sent.`;
}
