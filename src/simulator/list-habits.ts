/**
 * How a server's lists differ from OpenAI's. What is written in a page (`has_more`, entries) is a matter of `Dialect`.
 *
 * @example
 * ```ts
 * import { startSimulator } from "openai-batch-action/simulator";
 *
 * // A list that only a retrieve moves on, oldest batch first, whose cursor leads to the first page again.
 * await using simulator = await startSimulator({
 *   list: { order: "oldest", stale: true, after: "ignored" },
 * });
 * console.log(simulator.batches); // []
 * ```
 */
export interface ListHabits {
  /** The order of batches: `newest` first by default, `oldest` first, or by `id`. */
  readonly order?: "newest" | "oldest" | "id" | undefined;
  /** Whether batches are listed as they last were when created, retrieved or cancelled; false by default. */
  readonly stale?: boolean | undefined;
  /**
   * What becomes of `after`, in lists of batches and of files: it is `honoured` by default; when `ignored`, every page is the
   * first one; when `refused`, it is answered with 400.
   */
  readonly after?: "honoured" | "ignored" | "refused" | undefined;
}
