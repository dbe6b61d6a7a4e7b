import { APIError } from "../../api/errors.ts";
import { plural } from "../format.ts";
import { describeProblem, type InputProblem } from "../input.ts";

const maxShown = 10;

/** The error of an input that has problems: `invalid_input`, with the first of them. */
export function invalidInput(problems: readonly InputProblem[], count: number): APIError {
  const shown = problems.slice(0, maxShown).map(describeProblem);
  return new APIError(
    `The input has ${plural(count, "problem")}; nothing was sent.\n${shown.join("\n")}`,
    { code: "invalid_input" },
  );
}
