import { invalidParameter } from "./errors.ts";
import type { BatchError } from "./types.ts";
import { UNUSABLE_KINDS, type UnusableKind } from "./unusable.ts";

/** How a batch ends. Anything but a cancellation, which happens through the cancel call. */
export type OutcomePlan =
  /** Every request is answered with 200. */
  | { readonly kind: "completed" }
  /** The share `failedShare` (0…1, a quarter by default) of the requests fails, in turn with 400, 429 and 500. */
  | { readonly kind: "mixed"; readonly failedShare?: number }
  /**
   * Every request is answered with 200, and the share `share` (0…1, all by default) of the answers cannot be used: in turn
   * truncated, refused, filtered, empty and not JSON, or of these the `kinds` that are named.
   */
  | {
      readonly kind: "unusable";
      readonly share?: number;
      readonly kinds?: readonly UnusableKind[];
    }
  /** The batch completes, yet every request failed: there is an error file and no output file. */
  | { readonly kind: "all_failed" }
  /** The batch fails at validation; for `token_limit_exceeded` unless errors are given. */
  | { readonly kind: "failed"; readonly errors?: readonly BatchError[] }
  /**
   * Time runs out at the end of the `inProgress` phase, with `completedShare` (0…1, half by default) answered. The batch's
   * `expires_at` still names the end of its 24 hours: an expiry that keeps to it needs an `inProgress` phase that is longer.
   */
  | { readonly kind: "expired"; readonly completedShare?: number };

/** How a batch ends, in full or by its name alone. */
export type Outcome = OutcomePlan | OutcomePlan["kind"];

/** The metadata key with which the creator of a batch chooses its outcome. */
export const OUTCOME_KEY = "simulator_outcome";

/** What `failed` means when no errors are given. */
export function tokenLimitExceeded(): BatchError {
  return {
    code: "token_limit_exceeded",
    message:
      "Enqueued token limit reached for this model in your organization. Please try again once some in_progress batches have been completed.",
    param: null,
    line: null,
  };
}

/** Spells out an outcome given by its name. */
export function expandOutcome(outcome: Outcome): OutcomePlan {
  return typeof outcome === "string" ? { kind: outcome } : outcome;
}

/**
 * Reads an outcome from metadata: `completed`, `all_failed`, `mixed`, `mixed:0.1` (share that fails), `expired`,
 * `expired:0.9` (share that is answered), `unusable`, `unusable:0.5` (share that is), `unusable:truncated` (how it is),
 * `failed` or `failed:model_not_found` (the error's code).
 *
 * Throws a `SimulatorApiError` with status 400 for anything else: a misspelt outcome should not look like success.
 */
export function parseOutcome(text: string): OutcomePlan {
  const colon = text.indexOf(":");
  const kind = colon === -1 ? text : text.slice(0, colon);
  const detail = colon === -1 ? undefined : text.slice(colon + 1);
  switch (kind) {
    case "completed":
    case "all_failed":
      if (detail === undefined) return { kind };
      break;
    case "failed":
      if (detail === undefined) return { kind };
      return {
        kind,
        errors: [{ code: detail, message: `Simulated: ${detail}.`, param: null, line: null }],
      };
    case "unusable": {
      if (detail === undefined) return { kind };
      const named = UNUSABLE_KINDS.find((known) => known === detail);
      if (named !== undefined) return { kind, kinds: [named] };
      const share = shareOf(detail);
      if (share === undefined) break;
      return { kind, share };
    }
    case "mixed":
    case "expired": {
      if (detail === undefined) return { kind };
      const share = shareOf(detail);
      if (share === undefined) break;
      return kind === "mixed" ? { kind, failedShare: share } : { kind, completedShare: share };
    }
  }
  throw invalidParameter(
    `metadata.${OUTCOME_KEY}`,
    "invalid_value",
    `Invalid value: '${text}'. Supported values are: 'completed', 'mixed', 'mixed:<share>', 'all_failed', 'unusable', 'unusable:<share>', 'unusable:<how>', 'failed', 'failed:<code>', 'expired' and 'expired:<share>'.`,
  );
}

function shareOf(text: string): number | undefined {
  const share = Number(text);
  return text !== "" && share >= 0 && share <= 1 ? share : undefined;
}
