import type { BatchError } from "../api/types.ts";
import type { Origin } from "../batch/input/origin.ts";

/** What a step learns on its way that only its summary tells. */
export interface Notes {
  /** Ids of batches that were adopted instead of created. */
  readonly adopted: Set<string>;
  /** How many requests each batch was made of, by its id, as far as this step made it. */
  readonly requests: Map<string, number>;
  /** Where errors of batches come from, in the user's own files. */
  readonly origins: Map<BatchError, Origin>;
}

export function createNotes(): Notes {
  return { adopted: new Set(), requests: new Map(), origins: new Map() };
}
