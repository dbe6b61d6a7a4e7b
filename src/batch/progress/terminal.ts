import { cursorTo, clearLine } from "node:readline";
import { stripVTControlCharacters } from "node:util";

import type { OnEvent } from "../events.ts";
import { progressLine } from "../progress.ts";
import { createProgressTeller } from "./teller.ts";

/** What is written to: `process.stdout`, `process.stderr`, or anything like them. */
interface ProgressStream extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Progress on its way to a terminal. */
interface TerminalProgress {
  /** Shows the batches of each look; made to be passed as `onEvent`. */
  readonly onEvent: OnEvent;
  /** Leaves the last line standing, so that what is printed next begins below it. */
  readonly end: () => void;
}

/** Where progress is shown, and by which clock. */
interface TerminalProgressOptions {
  /** Defaults to `process.stderr`. */
  readonly stream?: ProgressStream | undefined;
  /** Milliseconds since the epoch; defaults to `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/**
 * Shows the progress of batches: in a terminal as one line that is written over at every look,
 * elsewhere (a file, a CI log) as a line whenever something changed, and now and then.
 *
 * @example
 * ```ts
 * import { BatchClient, runBatch, terminalProgress } from "openai-batch-action";
 *
 * const progress = terminalProgress();
 * const { done } = await runBatch(new BatchClient(), {
 *   input: "requests.jsonl",
 *   onEvent: progress.onEvent,
 * });
 * progress.end();
 * console.log(done); // true
 * ```
 */
export function terminalProgress({
  stream = process.stderr,
  now = Date.now,
}: TerminalProgressOptions = {}): TerminalProgress {
  const started = now();
  if (stream.isTTY !== true) {
    const tell = createProgressTeller(now);
    return {
      onEvent(event) {
        if (event.type !== "polled") return;
        const { batches } = event;
        for (const line of tell(batches).lines) stream.write(`${plain(line)}\n`);
      },
      end: () => undefined,
    };
  }
  let open = false;
  return {
    onEvent(event) {
      if (event.type !== "polled" || event.batches.length === 0) return;
      const { batches } = event;
      // A line that wraps could not be written over. Some terminals say that they have no columns.
      const { columns = 0 } = stream;
      const width = (columns > 0 ? columns : 80) - 1;
      const line = plain(progressLine(batches, now(), started, width));
      clearLine(stream, 0);
      cursorTo(stream, 0);
      stream.write(line);
      open = true;
    },
    end() {
      if (open) stream.write("\n");
      open = false;
    },
  };
}

/** A server's id or status must not steer the terminal. */
function plain(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/\p{Cc}+/gu, " ");
}
