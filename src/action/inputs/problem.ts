/** Takes down one thing that is wrong with the inputs; reading goes on. */
export type Problem = (text: string) => void;

/** Takes down what is odd about the inputs but may be meant. */
export type Warn = (text: string) => void;

/** All that is wrong with the inputs, in one message. */
export class InputError extends Error {
  override readonly name = "InputError";
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      problems.length === 1
        ? (problems[0] ?? "")
        : `${problems.length} inputs are wrong:\n${problems.map((text) => `- ${text}`).join("\n")}`,
    );
    this.problems = problems;
  }
}
