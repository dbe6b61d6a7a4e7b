import type { Content } from "./content.ts";
import { type ParsedJson, parsedJson } from "./parsed-json.ts";
import type { AnswerProblem } from "./problem.ts";

/** What is found in an answer beside what stands in it. */
interface Judged {
  readonly problem: AnswerProblem | undefined;
  /** The answer read as JSON, where it was read and is JSON. */
  readonly json: ParsedJson | undefined;
}

interface JudgeOptions {
  /** Whether the request is known to have asked for JSON. */
  readonly asksJson: boolean;
  /** Whether the answer is to be read as JSON in any case. */
  readonly readsJson: boolean;
}

/**
 * What is wrong with an answer; the first that holds. One that calls tools has nothing to say yet, and
 * nothing is wrong with it.
 */
export function judge(content: Content, { asksJson, readsJson }: JudgeOptions): Judged {
  const { text, value } = content;
  const asked = (asksJson || content.saysJson) && text !== undefined;
  const json =
    value !== undefined
      ? { value }
      : text !== undefined && (asked || readsJson)
        ? parsedJson(text)
        : undefined;
  const found = problemOf(content);
  if (found !== undefined) return { problem: found, json };
  const odd = asked && json === undefined && !content.callsTools && text.trim() !== "";
  return { problem: odd ? "not-json" : undefined, json };
}

function problemOf({
  text = "",
  value,
  refusal,
  cut,
  callsTools,
  due,
}: Content): AnswerProblem | undefined {
  if (callsTools) return undefined;
  if (cut === "truncated") return "truncated";
  const isEmpty = text.trim() === "" && isNothing(value);
  if (refusal !== undefined && isEmpty) return "refused";
  if (cut === "filtered") return "filtered";
  return due && isEmpty ? "empty" : undefined;
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}
