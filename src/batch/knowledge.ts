import type { APIError } from "../api/errors.ts";
import type { Batch } from "../api/types.ts";
import type { AnswerProblem } from "./answers/problem.ts";

/**
 * What is known, as values. *Unknown* is one of them: what could not be seen is never taken for what is
 * not there. The rules (`rules.ts`) decide by these types and by nothing else.
 */

/** How a batch came to be this job's: its create was answered, it was found and taken over, or its id was given. */
export type Provenance = "created" | "adopted" | "given";

/** What finds a batch again whose create was cut off. */
export interface Creation {
  readonly key: string;
  /** A value that no other create has. */
  readonly creationId: string;
  /** Milliseconds since the epoch: the batch cannot be older. */
  readonly since: number;
  /** The input file, where nobody else can have used it. */
  readonly inputFileId?: string | undefined;
  /** Ids of batches that were made of that file before: they are none of this create's. */
  readonly earlier?: readonly string[] | undefined;
  /** How often the create was sent; more than once, and there may be more batches than one. */
  readonly sent?: number | undefined;
  /** The batch of it that is kept; any other is an extra one. */
  readonly keep?: string | undefined;
}

/** What a look for one thing found. `incomplete`: part of the place could not be seen, and it may be there. */
export type LookUp<T> =
  | { readonly state: "found"; readonly found: T }
  | { readonly state: "absent" }
  | { readonly state: "incomplete"; readonly why: string };

/** What a reading of a list saw. */
export interface Reading<T> {
  readonly items: readonly T[];
  /** Why there may be more that was not seen; `undefined` when all there is was seen. */
  readonly incomplete: string | undefined;
}

/** What is known of one request of the input. */
export type RequestState =
  /** No batch holds it yet. */
  | { readonly state: "unsent"; readonly message: string }
  /** Its batch has not ended. */
  | { readonly state: "pending"; readonly message: string }
  /** Its answer came; `problem` says what is wrong with it. */
  | { readonly state: "answered"; readonly problem?: AnswerProblem | undefined }
  /** Its answer came, was paid for, and has a problem that the user takes for a failure. */
  | { readonly state: "rejected"; readonly code: AnswerProblem }
  /** It ran, or was refused, and failed; the code is the server's, or one of ours such as `http_429`. */
  | { readonly state: "failed"; readonly code: string; readonly transient: boolean }
  /** The server's own word that it never ran: expired, cancelled, or its batch failed as a whole. */
  | { readonly state: "never-ran"; readonly code: string; readonly transient: boolean }
  /** No line names it, in result files that are known to be complete. */
  | { readonly state: "missing" }
  /** It may have an answer that could not be read, found or attributed. */
  | { readonly state: "unknown"; readonly code: string; readonly message: string };

/**
 * Why a result file is known to be complete: its length was named, or its lines add up to the batch's
 * counts. Of a server that names neither it came twice the same, which is good enough to have it, and no
 * proof that a request is not in it.
 */
export type Completeness = "length" | "counts" | "length and counts" | "twice the same";

/** What is known of a result file of a batch that has ended. */
export type ResultFile =
  | { readonly state: "complete"; readonly why: Completeness; readonly lines: number }
  /** It came, and nothing shows that all of it did. */
  | { readonly state: "incomplete"; readonly why: string; readonly lines: number }
  /** Not named yet, or not readable yet, for as long as was waited. */
  | { readonly state: "not yet there"; readonly why: string }
  /** It was named, and the server says that it does not have it any more. */
  | { readonly state: "gone"; readonly why: string }
  /** The server's counts say that there is none. */
  | { readonly state: "none" };

/** What is known of a look at a batch that failed. */
export interface FailedLook {
  readonly error: APIError;
  /** Whether the batch was ever seen. */
  readonly seen: boolean;
  /** How many looks in a row have failed in the same way, this one included. */
  readonly inARow: number;
  /** Milliseconds since the first of them. */
  readonly since: number;
}

/** A batch of a job, with what the job knows of it beside the server's word. */
export interface KnownBatch {
  readonly batch: Batch;
  readonly provenance: Provenance;
  /** Its status when this job took it on. */
  readonly takenAs: string;
  /** How many requests it was made of, where this job knows. */
  readonly requests: number | undefined;
  /** 0 for the whole input, from 1 for what was sent again. */
  readonly round: number;
}

/** A decision, and the reason in words that the log can use. */
export interface Decision<T extends string> {
  readonly decision: T;
  readonly why: string;
}
