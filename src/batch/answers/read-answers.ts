import { createReadStream } from "node:fs";

import type { PriceOf } from "../cost/price-of.ts";
import type { InputScan } from "../input.ts";
import { isBlank } from "../input/lines.ts";
import { trimmedLine } from "../results/json.ts";
import { readResultLine } from "../results/line.ts";
import { type Answer, answerIn } from "./answer.ts";

/** What answers are read with. */
export interface ReadAnswersOptions {
  /**
   * The requests: with them it is known of which an answer in JSON was asked for, and which rows they were
   * made of. Without them only responses say that they were to be JSON.
   */
  readonly input?: InputScan | undefined;
  /** What answers cost; without it no answer has a cost. */
  readonly priceOf?: PriceOf | undefined;
  /** Ends the reading, which then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads result files, one answer a line: of output files and of error files, of this library or of the
 * server, in the order in which they stand. Files of any size are read with little memory.
 *
 * A line that cannot be read is an answer without `customId` and with the problem `unreadable_line`.
 *
 * @param files one or more JSONL files of result lines
 * @throws the system's error when one cannot be read
 * @throws the signal's reason when it aborts
 * @example
 * ```ts
 * import { BatchClient, readAnswers, runBatch } from "openai-batch-action";
 *
 * await runBatch(new BatchClient(), {
 *   input: "requests.jsonl",
 *   outputFile: "results.jsonl",
 * });
 * for await (const { customId, text, problem, usage } of readAnswers("results.jsonl")) {
 *   if (problem !== undefined) console.error(customId, problem);
 *   else console.log(customId, text?.length !== 0, usage?.output !== 0);
 * }
 * ```
 */
export async function* readAnswers(
  files: string | readonly string[],
  { input, priceOf, signal }: ReadAnswersOptions = {},
): AsyncGenerator<Answer, void, undefined> {
  for (const path of typeof files === "string" ? [files] : files) {
    for await (const bytes of linesOf(path, signal)) {
      const line = readResultLine(bytes);
      const request = line.customId === undefined ? undefined : input?.ids.numberOf(line.customId);
      const asksJson = request !== undefined && input?.asksJson.has(request) === true;
      const row = request === undefined ? undefined : input?.rows?.rowOf(request);
      yield { ...answerIn(line, { asksJson, priceOf }), row };
      // A block that is read already may hold thousands more.
      signal?.throwIfAborted();
    }
  }
}

const blockBytes = 256 * 1024;
const lineFeed = 10;

/** The lines of a file that hold anything. */
async function* linesOf(path: string, signal: AbortSignal | undefined): AsyncGenerator<Buffer> {
  let begun: Buffer[] = [];
  for await (const block of blocksOf(path, signal)) {
    let from = 0;
    for (let at = block.indexOf(lineFeed); at !== -1; at = block.indexOf(lineFeed, from)) {
      const end = block.subarray(from, at);
      yield* unlessBlank(begun.length === 0 ? end : Buffer.concat([...begun, end]));
      begun = [];
      from = at + 1;
    }
    begun.push(block.subarray(from));
  }
  yield* unlessBlank(Buffer.concat(begun));
}

function* unlessBlank(line: Buffer): Generator<Buffer> {
  const { bytes } = trimmedLine(line);
  if (!isBlank(bytes)) yield bytes;
}

async function* blocksOf(path: string, signal: AbortSignal | undefined): AsyncGenerator<Buffer> {
  const stream: AsyncIterable<unknown> = createReadStream(path, { highWaterMark: blockBytes });
  for await (const block of stream) {
    signal?.throwIfAborted();
    if (Buffer.isBuffer(block)) yield block;
  }
}
