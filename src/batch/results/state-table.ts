import type { AnswerProblem } from "../answers/problem.ts";
import type { RequestState } from "../knowledge.ts";
import { decideAnswer } from "../rules/results.ts";
import type { Failure } from "./failure.ts";

/** The tag of a line that answers its request, with nothing wrong about it. */
const answeredTag = 0;

const answered: RequestState = { state: "answered" };
const maxFailures = 10_000;

/** Small numbers in the place of what lines say, so that millions of lines hold a number each. */
export class StateTable {
  readonly #states: RequestState[] = [answered];
  readonly #tags = new Map<string, number>();
  readonly #rejected: ReadonlySet<AnswerProblem>;

  /** @param rejected problems with which an answer counts as a failure */
  constructor(rejected: Iterable<AnswerProblem> = []) {
    this.#rejected = new Set(rejected);
  }

  /** The number of a line's failure; of an answer, good or not, where there is none. */
  tagOf(failure: Failure | undefined, problem?: AnswerProblem): number {
    if (failure === undefined) {
      return problem === undefined ? answeredTag : this.#tagOfProblem(problem);
    }
    // A server whose every code is new must not run us out of tags.
    const kept = this.#states.length <= maxFailures ? failure : { ...failure, code: "other" };
    const transient = kept.state !== "unknown" && kept.transient;
    return this.#tag(`${kept.state} ${transient} ${kept.code}`, kept);
  }

  stateOf(tag: number): RequestState {
    return this.#states[tag] ?? answered;
  }

  /** Whether any line has an answer with a problem. */
  get hasProblems(): boolean {
    return this.#states.some((state) => problemOf(state) !== undefined);
  }

  #tagOfProblem(problem: AnswerProblem): number {
    const { decision } = decideAnswer(problem, this.#rejected);
    return this.#tag(
      `problem ${problem}`,
      decision === "reject" ? { state: "rejected", code: problem } : { state: "answered", problem },
    );
  }

  #tag(key: string, state: RequestState): number {
    const known = this.#tags.get(key);
    if (known !== undefined) return known;
    const tag = this.#states.push(state) - 1;
    this.#tags.set(key, tag);
    return tag;
  }
}

/** What is wrong with the answer of a request that has one, rejected or not. */
export function problemOf(state: RequestState): AnswerProblem | undefined {
  if (state.state === "rejected") return state.code;
  return state.state === "answered" ? state.problem : undefined;
}
