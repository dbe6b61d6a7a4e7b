/** What can be wrong with an answer that came, in the order in which it is looked for. */
export const answerProblems = ["truncated", "refused", "filtered", "empty", "not-json"] as const;

/**
 * What is wrong with an answer that came: it was cut off (`truncated`), the model refused (`refused`), a
 * content filter stopped it (`filtered`), it has no text where text was due (`empty`), or it is no JSON
 * although JSON was asked for (`not-json`).
 */
export type AnswerProblem = (typeof answerProblems)[number];

export function isAnswerProblem(text: string): text is AnswerProblem {
  return answerProblems.some((problem) => problem === text);
}
