import type { APIError, UnknownOutcomeError } from "../api/errors.ts";
import type { Batch, FileObject } from "../api/types.ts";
import type { CostEstimate } from "./cost/estimate.ts";
import type { Creation, KnownBatch } from "./knowledge.ts";
import type { CollectedResults } from "./results.ts";

/**
 * Everything that can happen to a job, as it happens. Ids come before anything is waited for, so that a
 * listener that keeps them loses none: what it does is done before the next call goes out.
 *
 * `part` counts the batches of one round from 0.
 */
export type BatchEvent =
  /** What the input would cost, where `maxCost` or `prices` ask for it; nothing has been sent yet. */
  | { readonly type: "estimated"; readonly estimate: CostEstimate }
  /** The requests are on the server as a file. */
  | {
      readonly type: "uploaded";
      readonly part: number;
      readonly file: FileObject;
      /** Whether an earlier upload of the same content was taken. */
      readonly reused: boolean;
    }
  /** What a cache has of the input was taken; only what is not `answered` is sent. */
  | {
      readonly type: "cache-read";
      readonly requests: number;
      readonly answered: number;
      /** Requests whose answer this run does not take, so that they are sent. */
      readonly rejected: number;
      /** Keys of answers that could not be read; their requests are sent. */
      readonly unreadable: readonly string[];
    }
  /** The answers of a batch are in the cache. */
  | { readonly type: "cache-written"; readonly batchId: string; readonly answers: number }
  /** The answers of a batch could not be put into the cache, or not all of them; they are in the results. */
  | { readonly type: "cache-failed"; readonly batchId: string; readonly error: Error }
  /** What a round is to create: of each part how many requests it has, `undefined` where that is not known. */
  | {
      readonly type: "planned";
      readonly round: number;
      readonly parts: readonly (number | undefined)[];
    }
  /** A create is sent next: from here on a batch may exist. */
  | { readonly type: "creating"; readonly part: number; readonly creation: Creation }
  /** The create was refused, and no earlier one of it can have made a batch. */
  | {
      readonly type: "refused";
      readonly part: number;
      readonly creation: Creation;
      readonly error: APIError;
    }
  /** No answer says whether the create made a batch; the list of batches is read next. */
  | {
      readonly type: "outcome-unknown";
      readonly part: number;
      readonly creation: Creation;
      readonly error: UnknownOutcomeError;
    }
  /** A batch was created; `found` where it was found after its answer was lost. */
  | {
      readonly type: "created";
      readonly part: number;
      readonly known: KnownBatch;
      readonly creation: Creation;
      readonly found: boolean;
    }
  /**
   * A batch that was there already was taken instead of paying for another; `beside` a create of which a
   * batch may be there as well.
   */
  | {
      readonly type: "adopted";
      readonly part: number;
      readonly known: KnownBatch;
      readonly beside?: Creation | undefined;
    }
  /** A batch that was found is not taken; `why` says what is wrong with it. */
  | { readonly type: "not-adopted"; readonly batch: Batch; readonly why: string }
  /** A lost create was sent twice and made two batches; this one is being cancelled. */
  | { readonly type: "extra-found"; readonly batch: Batch; readonly creation: Creation }
  /** No other batch of the create is there: it need not be looked for any longer. */
  | { readonly type: "settled"; readonly creation: Creation }
  /** The list of batches could not be read to its end; `why` says so, and what follows from it. */
  | { readonly type: "look-up-incomplete"; readonly why: string }
  /** The server has no room for a batch now; it waits for `pause` milliseconds or until another ends. */
  | { readonly type: "held-back"; readonly part: number; readonly pause: number }
  /**
   * A part is not sent as a whole but in two, which have numbers of their own from here on: it is larger than
   * the server has room for, or was divided by an earlier attempt. `requests` has how many each half has;
   * `batch` is the one of the whole that has failed for want of room, and is of the job no longer.
   */
  | {
      readonly type: "halved";
      readonly part: number;
      readonly halves: readonly [number, number];
      readonly requests: readonly (number | undefined)[];
      readonly batch: Batch | undefined;
      readonly why: string;
    }
  /** The server asks for a pause beyond the deadline, so this batch and those behind it are not sent. */
  | { readonly type: "put-off"; readonly part: number; readonly error: APIError }
  /** A part waits until others have ended, because the limit that the server named leaves it no room; `why` has the figures. */
  | { readonly type: "no-room"; readonly part: number; readonly why: string }
  /** Batches were looked at: as they are now, in the order of the job. */
  | { readonly type: "polled"; readonly batches: readonly Batch[] }
  /** A look at a batch failed; it is looked at again. */
  | { readonly type: "poll-failed"; readonly batchId: string; readonly error: APIError }
  /** The server does not know an id that it has never shown; the others are still followed. */
  | { readonly type: "unknown-id"; readonly batchId: string; readonly error: APIError }
  /** A batch that was there is gone for good. */
  | { readonly type: "gone"; readonly batchId: string; readonly error: APIError }
  /** Requests are sent again, for the reason that each of them failed for. */
  | { readonly type: "retry-round"; readonly round: number; readonly requests: number }
  /** No further retry round: `why` says what speaks against it. */
  | { readonly type: "no-retry-round"; readonly requests: number; readonly why: string }
  /** Requests are not sent again because that would cost more than may be spent, as far as is known. */
  | { readonly type: "over-budget"; readonly requests: number; readonly why: string }
  /** The time was up; what is unfinished is cancelled, or keeps running. */
  | {
      readonly type: "timed-out";
      readonly unfinished: readonly string[];
      /** How many requests no batch holds. */
      readonly unsent: number;
      readonly cancels: boolean;
    }
  /** An unfinished batch is not cancelled although others are; `why` says whose it is. */
  | { readonly type: "left-running"; readonly batchId: string; readonly why: string }
  /** A cancel goes out for each of these. */
  | { readonly type: "cancelling"; readonly ids: readonly string[]; readonly why: string }
  /** The server has answered a cancel; the batch may have ended before it. */
  | { readonly type: "cancelled"; readonly batch: Batch }
  | { readonly type: "cancel-failed"; readonly batchId: string; readonly error: Error }
  /** Results that exist cannot be read yet; they are asked for again after `pause` milliseconds. */
  | {
      readonly type: "results-late";
      readonly batchId: string;
      readonly why: string;
      readonly pause: number;
    }
  /** A result file was read whole. */
  | {
      readonly type: "downloaded";
      readonly batchId: string;
      readonly fileId: string;
      readonly lines: number;
    }
  /** A result file could not be read whole; `why` says what is wrong with it. */
  | {
      readonly type: "download-failed";
      readonly batchId: string;
      readonly fileId: string | undefined;
      readonly why: string;
    }
  /** The results of a finished batch have been written by a collector. */
  | { readonly type: "collected"; readonly batch: Batch; readonly results: CollectedResults }
  /** Somebody else is collecting a batch. */
  | { readonly type: "taken"; readonly batch: Batch }
  /** The files of results stand on disk. */
  | { readonly type: "written"; readonly results: CollectedResults };

/** Called with each event as it happens; what it throws ends the call that reports it. */
export type OnEvent = (event: BatchEvent) => void;

/** What every call that reports takes. */
export interface Reports {
  /** Called with everything that happens to the job, as it happens. */
  readonly onEvent?: OnEvent | undefined;
}
