import type { RequestState } from "../knowledge.ts";
import type { Failure } from "./failure.ts";

/** The tag of a line that answers its request. */
export const answeredTag = 0;

const answered: RequestState = { state: "answered" };
const maxFailures = 10_000;

/** Small numbers in the place of what lines say, so that millions of lines hold a number each. */
export class StateTable {
  readonly #states: RequestState[] = [answered];
  readonly #tags = new Map<string, number>();

  /** The number of a line's failure; of an answer where there is none. */
  tagOf(failure: Failure | undefined): number {
    if (failure === undefined) return answeredTag;
    // A server whose every code is new must not run us out of tags.
    const kept = this.#states.length <= maxFailures ? failure : { ...failure, code: "other" };
    const transient = kept.state !== "unknown" && kept.transient;
    const key = `${kept.state} ${transient} ${kept.code}`;
    const known = this.#tags.get(key);
    if (known !== undefined) return known;
    const tag = this.#states.push(kept) - 1;
    this.#tags.set(key, tag);
    return tag;
  }

  stateOf(tag: number): RequestState {
    return this.#states[tag] ?? answered;
  }
}
