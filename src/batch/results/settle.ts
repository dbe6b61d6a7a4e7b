import type { APIError } from "../../api/errors.ts";
import type { Batch } from "../../api/types.ts";
import { type Keeping, KeptAnswers } from "../answers/kept-answers.ts";
import { withoutStop } from "../format.ts";
import type { InputScan } from "../input.ts";
import type { ResultFile } from "../knowledge.ts";
import { lookAt } from "../look-at.ts";
import { expectsFile, type FileSight, isOpen, judgeFiles } from "../rules/results.ts";
import { type InputPart, requestsOf } from "../split.ts";
import { isTerminal } from "../status.ts";
import { BatchReading } from "./batch-reading.ts";
import { Downloads } from "./downloads.ts";
import type { ResultSource } from "./fetch.ts";
import type { StateTable } from "./state-table.ts";

/** Milliseconds between looks for results that should be there: about half a minute in all. */
const resultPauses: readonly number[] = [1_000, 2_000, 4_000, 8_000, 15_000];

/** A batch that has ended, with what its result files say and what is known of them. */
export interface SettledBatch {
  readonly batch: Batch;
  readonly reading: BatchReading;
  readonly files: readonly ResultFile[];
  /** Why files could not be read. */
  readonly errors: readonly APIError[];
}

/** What the lines are set against. */
export interface Expected {
  readonly states: StateTable;
  readonly input: InputScan | undefined;
  /** The requests of the batch. */
  readonly part: InputPart | undefined;
  /** Given where the answers are kept for a file of their own. */
  readonly keeping?: Keeping | undefined;
}

type FileName = readonly [kind: "output" | "error", id: string];

interface Attempt extends SettledBatch {
  /** Whether waiting may bring what is still open. */
  readonly again: boolean;
}

/**
 * Reads what a batch that has ended has. Its files may be named, readable or whole a moment after its
 * end: what is not known to be whole is fetched again for a while, up to the deadline.
 *
 * @throws the signal's reason when it aborts
 */
export async function settleBatch(
  source: ResultSource,
  given: Batch,
  expected: Expected,
): Promise<SettledBatch> {
  const downloads = new Downloads(source);
  try {
    return await readUntilSettled(source, given, expected, downloads);
  } catch (error) {
    await downloads.forget();
    throw error;
  }
}

async function readUntilSettled(
  source: ResultSource,
  given: Batch,
  expected: Expected,
  downloads: Downloads,
): Promise<SettledBatch> {
  let batch = given;
  for (const pause of [...resultPauses, undefined]) {
    const attempt = await readBatch(source, batch, expected, downloads);
    const open = attempt.files.find((file) => isOpen(file) || file.state === "gone");
    if (open === undefined || !attempt.again || pause === undefined || isPast(source, pause)) {
      return attempt;
    }
    // What is known to be whole is kept; the rest is fetched anew.
    const named = filesOf(batch).filter((_, index) => attempt.files[index]?.state !== "complete");
    attempt.reading.discard();
    await downloads.forget(named.map(([, id]) => id));
    const why = "why" in open ? open.why : "";
    source.onEvent({ type: "results-late", batchId: batch.id, why, pause });
    await source.client.clock.sleep(pause, source.call.signal);
    batch = await lookAgain(source, batch);
  }
  throw new Error("The last attempt has no pause behind it.");
}

async function readBatch(
  source: ResultSource,
  batch: Batch,
  expected: Expected,
  downloads: Downloads,
): Promise<Attempt> {
  const { states, input, keeping } = expected;
  const kept = keeping === undefined ? undefined : new KeptAnswers(keeping);
  const reading = new BatchReading(states, input, kept);
  try {
    return await readInto(reading, source, batch, { expected, downloads });
  } catch (error) {
    reading.discard();
    throw error;
  }
}

async function readInto(
  reading: BatchReading,
  source: ResultSource,
  batch: Batch,
  { expected, downloads }: { readonly expected: Expected; readonly downloads: Downloads },
): Promise<Attempt> {
  const { input, part } = expected;
  const sights: FileSight[] = [];
  const errors: APIError[] = [];
  let again = expectsFile(batch);
  for (const [kind, id] of filesOf(batch)) {
    const fetched = await downloads.get(batch, id);
    if (fetched.came) {
      const content = await reading.add(fetched.path, source.call.signal);
      sights.push({ kind, seen: "content", ...content, length: fetched.length });
    } else {
      const { gone, error } = fetched;
      sights.push({ kind, seen: gone ? "gone" : "refused", why: withoutStop(error.message) });
      errors.push(error);
      again ||= fetched.again;
    }
  }
  const files = judgeFiles(batch, sights, lackingOf(reading, input, part));
  again ||= files.some(({ state }) => state === "incomplete");
  return { batch, reading, files, errors, again };
}

/** The result files that a batch names. */
export function filesOf({
  output_file_id: output,
  error_file_id: errors,
}: Batch): readonly FileName[] {
  return [
    ...(output === undefined ? [] : [["output", output] as const]),
    ...(errors === undefined || errors === output ? [] : [["error", errors] as const]),
  ];
}

/** How many requests of the batch no line names. */
function lackingOf(
  reading: BatchReading,
  input: InputScan | undefined,
  part: InputPart | undefined,
): number | undefined {
  if (input === undefined || part === undefined) return undefined;
  let lacking = 0;
  const unnamed = reading.unnamedOf(requestsOf(input, part));
  while (unnamed.next().done !== true) lacking += 1;
  return lacking;
}

function isPast({ client, call }: ResultSource, pause: number): boolean {
  return call.deadline !== undefined && client.clock.now() + pause >= call.deadline;
}

/** The batch as it is now: it may name files that it did not before. */
async function lookAgain({ client, call }: ResultSource, given: Batch): Promise<Batch> {
  // The look is repeated with the next try; what the batch was stands until then.
  const batch = await lookAt(client, given.id, { ...call, maxRetries: 0 });
  return batch !== undefined && isTerminal(batch) ? batch : given;
}
