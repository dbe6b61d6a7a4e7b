import type { Batch, BatchRequestCounts } from "../../api/types.ts";
import type { AnswerProblem } from "../answers/problem.ts";
import { plural } from "../format.ts";
import type { Completeness, Decision, RequestState, ResultFile } from "../knowledge.ts";
import { ranNothing } from "./create.ts";

/**
 * How long a file is against the length that the server names, of the download or of the file. Where it
 * names none, a second try may have brought just as much.
 */
export type FileLength = "whole" | "short" | "twice the same" | "unknown";

/** What one try to get a result file saw. */
export type FileSight =
  | {
      readonly kind: "output" | "error";
      readonly seen: "content";
      /** Of requests, each counted once, and of requests that are not known. */
      readonly lines: number;
      /** Lines that no result can be read from. */
      readonly unreadable: number;
      /** Readable lines that name no request of the input. */
      readonly strange: number;
      readonly length: FileLength;
    }
  | {
      readonly kind: "output" | "error";
      /** Whether it could not be read, or is not there any more. */
      readonly seen: "refused" | "gone";
      readonly why: string;
    };

/**
 * What an answer with a problem counts as: a failed request where the user rejects such answers. Either
 * way it was paid for, and another try would be paid for as well.
 */
export function decideAnswer(
  problem: AnswerProblem,
  rejected: ReadonlySet<AnswerProblem>,
): Decision<"accept" | "reject"> {
  return rejected.has(problem)
    ? { decision: "reject", why: `answers that are ${problem} are rejected` }
    : { decision: "accept", why: `answers that are ${problem} are not rejected` };
}

/**
 * Whether what is now said of a request, by a line or because a batch has none for it, takes the place of
 * what was known: a good answer is never given up, an answer that was paid for not for a failure, which
 * might be sent again, and what may be answered in one batch not for what another says of it.
 */
export function decideStanding(
  before: RequestState,
  now: RequestState,
): Decision<"replace" | "keep"> {
  if (before.state === "answered") return { decision: "keep", why: "it is answered" };
  if (before.state === "rejected" && now.state !== "answered") {
    return { decision: "keep", why: "it has an answer, if a rejected one" };
  }
  const isPaid = now.state === "answered" || now.state === "rejected";
  if (before.state === "unknown" && !isPaid) {
    return { decision: "keep", why: `another batch may hold its answer: ${before.message}` };
  }
  if (before.state === "failed" && ["never-ran", "missing", "unsent"].includes(now.state)) {
    return { decision: "keep", why: "its failure tells more" };
  }
  return { decision: "replace", why: "the last word counts" };
}

/** Whether a request is sent again by a retry round: only what is known to be unanswered is. */
export function decideResend(request: RequestState): Decision<"resend" | "keep"> {
  switch (request.state) {
    case "failed":
      return request.transient
        ? { decision: "resend", why: `it failed with ${request.code}, which is transient` }
        : { decision: "keep", why: `it failed with ${request.code}, which no retry changes` };
    case "never-ran":
      return request.transient
        ? { decision: "resend", why: `the server says that it never ran (${request.code})` }
        : { decision: "keep", why: `its batch was refused (${request.code})` };
    case "missing":
      return { decision: "resend", why: "complete result files do not name it" };
    case "answered":
      return { decision: "keep", why: "it is answered" };
    case "rejected":
      return { decision: "keep", why: `its answer was paid for and is ${request.code}` };
    case "unsent":
    case "pending":
      return { decision: "keep", why: request.message };
    case "unknown":
      return { decision: "keep", why: `it may be answered: ${request.message}` };
  }
}

/** Whether a result file may yet come, or come whole. */
export function isOpen(
  file: ResultFile,
): file is Extract<ResultFile, { readonly state: "incomplete" | "not yet there" }> {
  return file.state === "incomplete" || file.state === "not yet there";
}

/**
 * Whether a batch may be recorded as collected: every file that it has was read whole, or is known to
 * be gone for good. An unknown file is never recorded.
 */
export function decideRecord(files: readonly ResultFile[]): Decision<"record" | "leave"> {
  const open = files.find(isOpen);
  if (open !== undefined) return { decision: "leave", why: open.why };
  return { decision: "record", why: "every result file was read whole, or is gone for good" };
}

/** Whether a batch that has ended should have result files that it does not name yet. */
export function expectsFile(batch: Batch): boolean {
  const { status, request_counts: counts, output_file_id: output, error_file_id: errors } = batch;
  if (status === "failed" || output !== undefined) return false;
  if (counts !== undefined && counts.completed > 0) return true;
  if (errors !== undefined) return false;
  if (counts === undefined || counts.failed > 0 || status === "completed") return true;
  // Some servers show zeros as long as they have not counted; a batch of no requests has not begun.
  return counts.total === 0 && batch.in_progress_at !== undefined;
}

/**
 * What is known of the result files of a batch that has ended.
 *
 * @param sights of the files that it names
 * @param lacking how many requests of the batch have no line; `undefined` where the input is not at hand
 */
export function judgeFiles(
  batch: Batch,
  sights: readonly FileSight[],
  lacking: number | undefined,
): readonly ResultFile[] {
  const shortage = shortageOf(batch, sights);
  const counted = isCountedWhole(batch);
  const files = sights.map((sight): ResultFile => {
    if (sight.seen !== "content") {
      return { state: sight.seen === "gone" ? "gone" : "not yet there", why: sight.why };
    }
    const { lines, length } = sight;
    const why = lacking === 0 ? undefined : (defectOf(sight, lacking) ?? shortage);
    if (why !== undefined) return { state: "incomplete", why, lines };
    // Good enough where nothing is sent again for it. Servers name an error file that is always empty;
    // that an output file came twice with nothing in it is no sight of one.
    const isSeen = sight.kind === "error" || lines > 0;
    const same =
      lacking === undefined && length === "twice the same" && isSeen ? length : undefined;
    const proof = proofOf(length === "whole", counted || lacking === 0) ?? same;
    return proof === undefined
      ? { state: "incomplete", why: "nothing tells how long it should be", lines }
      : { state: "complete", why: proof, lines };
  });
  if (lacking !== 0 && expectsFile(batch)) {
    return [...files, { state: "not yet there", why: unnamedFile(batch) }];
  }
  return files.length === 0 ? [{ state: "none" }] : files;
}

/** What came of the input file of a batch that another step created. */
export interface InputSight {
  readonly length: FileLength;
  readonly requests: number;
  /** Lines of it, or of the files beside it, that are no request. */
  readonly unreadable: number;
}

/**
 * Whether results are set against an input as the server gave it. What is missing of a file that was cut
 * would be answered, and the answer would be nobody's: only one that is known to be whole is used.
 */
export function decideInputOrder(
  { request_counts: counts }: Pick<Batch, "request_counts">,
  { length, requests, unreadable }: InputSight,
): Decision<"use" | "leave"> {
  if (length === "short") {
    return { decision: "leave", why: "it is shorter than the server says that it is" };
  }
  if (unreadable > 0 || requests === 0) {
    return { decision: "leave", why: "what came is no file of requests" };
  }
  const counted = counts?.total ?? 0;
  if (requests < counted) {
    const why = `${plural(requests, "request")} came, and the batch counts ${counted}`;
    return { decision: "leave", why };
  }
  return length === "whole" || requests === counted
    ? { decision: "use", why: "it came whole" }
    : { decision: "leave", why: "nothing tells how long it should be" };
}

/** What is known of a request of a batch whose result files do not name it. */
export function stateOfUnnamed(batch: Batch, files: readonly ResultFile[]): RequestState {
  const gone = files.find(({ state }) => state === "gone");
  if (gone !== undefined) return unknown("result_unavailable", batch, "is gone from the server");
  const open = files.find(isOpen);
  if (open?.state === "incomplete") {
    return unknown("result_unknown", batch, `may not be whole: ${open.why}`);
  }
  if (open !== undefined) {
    return unknown("result_unavailable", batch, `could not be read: ${open.why}`);
  }
  const whole = files.some(({ state }) => state === "complete");
  // A batch that broke off has answers, and what is not among them is not answered.
  if (batch.status === "failed" && !(whole && !ranNothing(batch))) return neverRan(batch);
  if (whole) return { state: "missing" };
  if (batch.status === "expired" || batch.status === "cancelled") {
    return { state: "never-ran", code: `batch_${batch.status}`, transient: true };
  }
  return unknown("result_unknown", batch, "was never named");
}

/** The results of a batch that has just ended may not be readable yet: so long after its end. */
export const readableAfter = 10 * 60_000;

/** With what servers refuse a file that they name and still write; a conflict and a lock among them. */
const notReady: ReadonlySet<number> = new Set([400, 403, 404, 409, 423]);

/**
 * Whether the content of a result file is asked for again after a refusal: servers name a file before
 * it can be read.
 *
 * @param endedAgo milliseconds since the batch has ended; `undefined` where that is not known
 */
export function decideAskAgain(
  status: number | undefined,
  endedAgo: number | undefined,
): Decision<"ask again" | "leave"> {
  if (status === 425) return { decision: "ask again", why: "the server says that it is too early" };
  if (status === undefined || !notReady.has(status)) {
    return { decision: "leave", why: "it is no answer of a file that is not ready" };
  }
  if ((endedAgo ?? 0) >= readableAfter) {
    return { decision: "leave", why: "the batch has ended long ago" };
  }
  return { decision: "ask again", why: "the batch has only just ended" };
}

/** Looks that must not find a file before it counts as gone: a server may know nothing for a moment. */
const goneLooks = 3;

/** Whether a file that the server does not find is gone for good, after so many looks in a row. */
export function decideGone(looks: number): Decision<"gone" | "look again"> {
  return looks >= goneLooks
    ? { decision: "gone", why: `${looks} looks did not find it` }
    : { decision: "look again", why: "the server may know nothing of it for a moment" };
}

/** When a batch ended by the server's clock, in milliseconds since the epoch. */
export function endOf(batch: Batch): number | undefined {
  const { completed_at, expired_at, cancelled_at, failed_at } = batch;
  const ends = [completed_at, expired_at, cancelled_at, failed_at].filter((at) => at !== undefined);
  return ends.length === 0 ? undefined : Math.max(...ends) * 1000;
}

function defectOf(
  { lines, unreadable, strange, length }: Extract<FileSight, { readonly seen: "content" }>,
  lacking: number | undefined,
): string | undefined {
  if (length === "short") return "it is shorter than the server says that it is";
  if (unreadable > 0) {
    return lines === 0
      ? "what came is not a result file"
      : `${unreadable} of its lines could not be read`;
  }
  if (strange > 0 && lacking !== undefined) {
    return `${strange} of its lines ${strange === 1 ? "names" : "name"} no request of the input, and ${plural(lacking, "request")} ${lacking === 1 ? "has" : "have"} no line`;
  }
  return undefined;
}

/** Where the files hold less than there should be. A file that has not come is not held against the others. */
function shortageOf(
  { status, request_counts: counts }: Batch,
  sights: readonly FileSight[],
): string | undefined {
  const came = sights.filter((sight) => sight.seen === "content");
  const output = came.find(({ kind }) => kind === "output");
  if (counts !== undefined && output !== undefined && output.lines < counts.completed) {
    return `it has ${output.lines} lines, and the batch counts ${counts.completed} answers`;
  }
  if (came.length < sights.length) return undefined;
  const lines = came.reduce((sum, file) => sum + file.lines, 0);
  const results = counts === undefined ? 0 : resultsOf(counts);
  if (lines < results) return `${lines} lines came, and the batch counts ${results} results`;
  // A batch that has completed has something to tell; one that was ended may say that it has not.
  const mayBeEmpty = counts !== undefined && status !== "completed";
  return lines === 0 && !mayBeEmpty ? "there is not one line in it" : undefined;
}

/** Whether the batch's counts are there and say something, so that files without a shortage are whole. */
function isCountedWhole({ status, request_counts: counts }: Batch): boolean {
  if (counts === undefined) return false;
  const results = resultsOf(counts);
  return results > 0 && (status !== "completed" || results >= counts.total);
}

function resultsOf({ completed, failed }: BatchRequestCounts): number {
  return completed + failed;
}

function proofOf(byLength: boolean, byCounts: boolean): Completeness | undefined {
  if (byLength) return byCounts ? "length and counts" : "length";
  return byCounts ? "counts" : undefined;
}

function unnamedFile({ request_counts: counts }: Batch): string {
  return counts !== undefined && counts.completed > 0
    ? `it counts ${counts.completed} answers and names no file that holds them`
    : "it has ended and names no file of results";
}

function unknown(code: string, { id }: Batch, what: string): RequestState {
  return {
    state: "unknown",
    code,
    message: `A result file of batch ${id} ${what}. The request may have been answered and billed.`,
  };
}

function neverRan({ errors }: Batch): RequestState {
  const code = errors?.data?.[0]?.code ?? "batch_failed";
  return { state: "never-ran", code, transient: code === "token_limit_exceeded" };
}
