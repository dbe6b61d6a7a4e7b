import type { EnqueuedLimit } from "./enqueued.ts";
import type { CountInput, Respond } from "./execution.ts";
import type { Processing } from "./files.ts";
import type { ListHabits } from "./list-habits.ts";
import type { Outcome } from "./outcome.ts";
import type { ModelObject } from "./types.ts";
import type { Phases } from "./timeline.ts";

/** How the simulated account behaves. All times in milliseconds. */
export interface CoreOptions {
  /** The clock, in milliseconds since the epoch; `Date.now` by default. */
  readonly now?: (() => number) | undefined;
  /** How long each phase of a batch lasts: 100, 500, 100 and 100 by default. */
  readonly phases?: Partial<Phases> | undefined;
  /** How every batch ends unless planned otherwise; `completed` by default. */
  readonly outcome?: Outcome | undefined;
  /** Answers requests in the simulator's stead; see `Respond`. */
  readonly respond?: Respond | undefined;
  /**
   * Counts the input tokens of a request that the simulator answers by itself; a quarter of the characters of what is asked
   * last by default.
   */
  readonly inputTokens?: CountInput | undefined;
  /** How many tokens the batches of a model may have enqueued; any number by default. */
  readonly enqueued?: EnqueuedLimit | undefined;
  /** The models that there are; any by default. */
  readonly models?: readonly ModelObject[] | undefined;
  /** Decides every id and the order of results; 1 by default. */
  readonly seed?: number | undefined;
  /** Whether results come in another order than the requests; true by default. */
  readonly shuffle?: boolean | undefined;
  /** How long a new batch is missing from the list (never from retrieval); 0 by default. */
  readonly listLag?: number | undefined;
  /** How long a new file is not found when a batch is made of it; 0 by default. */
  readonly fileLag?: number | undefined;
  /** What happens to an upload before batches can be made of it; nothing by default. */
  readonly processing?: Processing | undefined;
  /** How long the ids of the result files are missing from a batch that has ended; 0 by default. */
  readonly resultLag?: number | undefined;
  /** How the lists differ from OpenAI's; see `ListHabits`. */
  readonly list?: ListHabits | undefined;
  /**
   * What a cancel of a batch that has ended does: it is `refused` with 409 by default; the batch can be left `unchanged`; or it
   * turns into a `cancelled` one.
   */
  readonly cancelEnded?: "refused" | "unchanged" | "cancelled" | undefined;
  /** The completion windows that are accepted, and how long each is; `{ "24h": 86_400_000 }` by default. */
  readonly windows?: Readonly<Record<string, number>> | undefined;
  /** Makes the id of the `ordinal`-th batch or file, from 1. Ids look like OpenAI's by default. */
  readonly newId?: ((kind: "batch" | "file", ordinal: number) => string) | undefined;
  /** What one batch file may hold: 50,000 requests and 209,715,200 bytes (200 MiB) by default. */
  readonly limits?: { readonly requests?: number; readonly bytes?: number } | undefined;
}
