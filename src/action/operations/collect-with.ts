import type { Batch } from "../../api/types.ts";
import type { InputScan } from "../../batch/input.ts";
import {
  type CollectedResults,
  type CollectOptions,
  collectResults,
  openCollection,
} from "../../batch/results.ts";
import type { InputFit } from "../../batch/results/collection.ts";
import type { InputPart } from "../../batch/split.ts";
import { isTerminal } from "../../batch/status.ts";
import { plural, withoutStop } from "../format.ts";
import type { ResultInputs } from "../inputs.ts";
import type { Step } from "../operation.ts";
import { type FetchedInput, fetchInput } from "./fetch-input.ts";
import { withRowsOf } from "./rows-of-batches.ts";

/** Where results go, and how long their download may take. */
type Targets = Pick<CollectOptions, "outputFile" | "errorFile" | "answersFile" | "deadline">;

type Collecting = Pick<ResultInputs, "order" | "local" | "rejectAnswers" | "prices">;

/**
 * Collects what batches have, in the order of their input where it is asked for or at hand: the files that
 * the step was given, where they are what the batches were made of, else the server's copy.
 */
export async function collectWith(
  step: Step,
  batches: readonly Batch[],
  { order, local, rejectAnswers, prices }: Collecting,
  targets: Targets,
): Promise<CollectedResults> {
  const { client, toolkit, signal, narrator } = step;
  const options = {
    ...targets,
    rejectAnswers,
    prices,
    temporaryFolder: process.env["RUNNER_TEMP"],
    signal,
    onEvent: narrator.onEvent,
  };
  const own = local && (await collectLocally(step, batches, local, { ...options, order }));
  if (own !== undefined && !("misfit" in own)) return own;
  await using input = await inputFor(step, batches, {
    order,
    judges: targets.answersFile !== undefined || rejectAnswers.includes("not-json"),
    deadline: halfway(client, targets.deadline),
  });
  const { scan, parts } = input ?? {};
  const scanWithRows = scan && local && withRowsOf(scan, local);
  if (own !== undefined && scanWithRows === undefined) {
    const instead =
      order === "input" && scan !== undefined ? "the server's copy is taken" : "it was left aside";
    toolkit.warning(
      `\`input-file\` does not fit ${batches.length === 1 ? (batches[0]?.id ?? "") : "the batches"}, so ${instead}: ${own.misfit}.`,
    );
  }
  return await collectResults(client, batches, {
    ...options,
    order: scan === undefined ? "completion" : (order ?? (scanWithRows ? "input" : "completion")),
    input: scanWithRows ?? scan,
    parts,
  });
}

/** The results were paid for: half of the time is theirs, whatever becomes of the input. */
function halfway({ clock }: Step["client"], deadline: number | undefined): number | undefined {
  return deadline === undefined ? undefined : (clock.now() + deadline) / 2;
}

interface InputWish extends Pick<ResultInputs, "order"> {
  /** Whether the answers are looked through for what is wrong with them. */
  readonly judges: boolean;
  readonly deadline: number | undefined;
}

/**
 * The requests where they are needed: for their order, or to know of which an answer in JSON was asked for;
 * else `undefined`.
 */
async function inputFor(
  step: Step,
  batches: readonly Batch[],
  { order, judges, deadline }: InputWish,
): Promise<FetchedInput | undefined> {
  if (order !== "input" && !judges) return undefined;
  const input = await fetchInput(step, batches, deadline);
  if (input.scan !== undefined) return input;
  const why = withoutStop(input.why ?? "");
  if (order === "input") {
    step.toolkit.warning(`The results are in the server's order, because ${why}.`);
  }
  if (judges) {
    step.toolkit.warning(
      `Which requests asked for an answer in JSON is not known, because ${why}. \`not-json\` is found only in responses that say so themselves.`,
    );
  }
  return input;
}

/** The results by the step's own input; or why that is not what the batches were made of. */
async function collectLocally(
  { client }: Step,
  batches: readonly Batch[],
  local: InputScan,
  options: CollectOptions,
): Promise<CollectedResults | { readonly misfit: string }> {
  const byCount = misfitByCount(local, batches);
  if (byCount !== undefined) return { misfit: byCount };
  const collection = openCollection(client, { ...options, input: local });
  try {
    const [only, ...more] = batches;
    const parts = only === undefined || more.length > 0 ? [] : [[only.id, wholeOf(local)] as const];
    await collection.add(batches, new Map(parts));
    const misfit = misfitByLines(local, batches, collection.fit());
    if (misfit !== undefined) return { misfit };
    const error = collection.nothingRead();
    if (error !== undefined) throw error;
    return await collection.write(options);
  } finally {
    await collection.close();
  }
}

function totalOf({ request_counts: counts }: Batch): number {
  return counts?.total ?? 0;
}

/** Some servers count nothing, and none does before the batch has begun: then the lines must tell. */
function misfitByCount({ requests }: InputScan, batches: readonly Batch[]): string | undefined {
  const total = batches.reduce((sum, batch) => sum + totalOf(batch), 0);
  const uncounted = batches.some((batch) => totalOf(batch) === 0);
  if (uncounted ? total < requests : total === requests) return undefined;
  return `it makes ${plural(requests, "request")}, and ${batches.length === 1 ? "the batch has" : "the batches have"} ${total}`;
}

function misfitByLines(
  { requests }: InputScan,
  batches: readonly Batch[],
  { named, strangers, duplicates }: InputFit,
): string | undefined {
  if (strangers > 0) {
    return `${plural(strangers, "result line")} ${strangers === 1 ? "is" : "are"} of no request that it makes`;
  }
  if (duplicates > 0 && batches.length > 1) return "several batches answer the same requests";
  const silent = batches.some((batch) => totalOf(batch) === 0 && hasResults(batch));
  if (silent && named < requests) {
    return `it makes ${plural(requests, "request")}, and the results name ${named}`;
  }
  return undefined;
}

function hasResults(batch: Batch): boolean {
  return isTerminal(batch) && (batch.output_file_id ?? batch.error_file_id) !== undefined;
}

function wholeOf({ files, requests, bytes, hash }: InputScan): InputPart {
  const ranges = files.map((_, file) => ({ file, start: 0, end: Number.MAX_SAFE_INTEGER }));
  return { index: 0, requests, bytes, model: "", hash, ranges };
}
