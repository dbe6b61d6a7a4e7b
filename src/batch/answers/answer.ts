import { isFields } from "../../api/json.ts";
import type { PriceOf } from "../cost/price-of.ts";
import type { Absence } from "../results/book.ts";
import type { ResultLine } from "../results/line.ts";
import type { TokenUsage } from "../results/usage.ts";
import type { Row } from "../rows/source-rows.ts";
import { contentOf } from "./content.ts";
import { wordsOfError } from "./error-words.ts";
import { judge } from "./judge.ts";
import type { AnswerProblem } from "./problem.ts";
import { textIn } from "./words.ts";

/** What became of one request, ready to be used. */
export interface Answer {
  /** `undefined` where the line names none. */
  readonly customId: string | undefined;
  /**
   * The text of the answer: the content of a message, the output of a response, a completion. Of an
   * embedding its vector as JSON, of a moderation its result as JSON.
   */
  readonly text: string | undefined;
  /** The answer read as JSON, where it is JSON as a whole; else `undefined`. */
  readonly json: unknown;
  /**
   * What is wrong: of an answer one of `truncated`, `refused`, `filtered`, `empty` and `not-json`; of a
   * request that failed the code of the failure. `undefined` where nothing is.
   */
  readonly problem: AnswerProblem | (string & {}) | undefined;
  /** Whether the request has an answer at all, good or not. */
  readonly answered: boolean;
  /** The words of a refusal or of an error. */
  readonly message: string | undefined;
  /** Why the answer ended, in the server's word, for example `stop`. */
  readonly finishReason: string | undefined;
  /** The model that answered. */
  readonly model: string | undefined;
  /** Tokens; `undefined` where the server counts none. */
  readonly usage: TokenUsage | undefined;
  /** Dollars; `undefined` where the price is not known. */
  readonly cost: number | undefined;
  /** The row that the request was made of; `undefined` where it was made of none. */
  readonly row: Row | undefined;
}

/** What is known of a request beside its line. */
interface AboutRequest {
  /** Whether it is known to have asked for JSON. */
  readonly asksJson: boolean;
  /** The model that it asked, where that is known. */
  readonly requested?: string | undefined;
  readonly priceOf?: PriceOf | undefined;
}

/** What is wrong with the answer in a line; cheap, since nothing is copied. */
export function problemIn(line: ResultLine, asksJson: boolean): AnswerProblem | undefined {
  if (line.failure !== undefined) return undefined;
  return judge(contentOf(line.body), { asksJson, readsJson: false }).problem;
}

/** The answer in a line, or why there is none; without its row. */
export function answerIn(line: ResultLine, { asksJson, requested, priceOf }: AboutRequest): Answer {
  const { customId, failure, usage, body } = line;
  const model = isFields(body) ? textIn(body["model"]) : undefined;
  // What failed without telling its tokens is not known to have run.
  const mayCost = usage !== undefined || failure === undefined;
  const cost = mayCost ? priceOf?.(model ?? "", usage, requested) : undefined;
  const known = { customId, model, usage, cost, row: undefined };
  if (failure !== undefined) {
    const { code } = failure;
    return { ...failed, ...known, problem: code, message: messageIn(line) };
  }
  const content = contentOf(body);
  const { problem, json } = judge(content, { asksJson, readsJson: true });
  return {
    ...known,
    text: content.value === undefined ? content.text : JSON.stringify(content.value),
    json: json?.value,
    problem,
    answered: true,
    message: content.refusal,
    finishReason: content.finishReason,
  };
}

const failed = {
  text: undefined,
  json: undefined,
  answered: false,
  finishReason: undefined,
  model: undefined,
  usage: undefined,
  cost: undefined,
  row: undefined,
} as const;

/** What stands for a request without a line. */
export function answerOfAbsent(
  customId: string | undefined,
  { code, message }: Pick<Absence, "code" | "message">,
): Answer {
  return { ...failed, customId, problem: code, message };
}

/** The words of what failed: of the line, of the answer's body, or of its choices. */
function messageIn({ failure, error, body }: ResultLine): string | undefined {
  const words = wordsOfError(error);
  if (words !== undefined) return words;
  if (isFields(body)) {
    const own = wordsOfError(body["error"]) ?? wordsOfError(body);
    const choices: readonly unknown[] = Array.isArray(body["choices"]) ? body["choices"] : [];
    return own ?? wordsOfError(choices.map((choice) => isFields(choice) && choice["error"]));
  }
  return failure?.state === "unknown" ? failure.message : wordsOfError(body);
}
