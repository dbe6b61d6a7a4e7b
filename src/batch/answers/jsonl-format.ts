import type { Answer } from "./answer.ts";
import type { AnswerFormat, KeptAnswer } from "./format.ts";
import { noShape } from "./key-shapes.ts";

/** As bytes, which are copied faster than a text is written. */
const [open, close] = [Buffer.from("{"), Buffer.from("}\n")];

/** One JSON object a line: the source row under `row`, and `json` for an answer that is JSON. */
export function jsonlFormat(): AnswerFormat {
  return {
    escapes: true,
    keep: kept,
    leftOut: () => 0,
    begin:
      (put, { columns }) =>
      ({ before, text, after }, source) => {
        put(columns === undefined ? open : `{"row":${JSON.stringify(source ?? null)},`);
        put(before);
        if (text !== undefined) put(text);
        put(after);
        put(close);
      },
  };
}

function kept(answer: Answer, leavesText = false): KeptAnswer {
  const { customId, text, problem, message, finishReason, model, usage, cost } = answer;
  const id = JSON.stringify(customId ?? null);
  const said = leavesText ? '"' : JSON.stringify(text ?? null);
  const rest = JSON.stringify({
    problem: problem ?? null,
    message: message ?? null,
    finish_reason: finishReason ?? null,
    model: model ?? null,
    input_tokens: usage?.input ?? null,
    cached_input_tokens: usage?.cachedInput ?? null,
    output_tokens: usage?.output ?? null,
    reasoning_tokens: usage?.reasoning ?? null,
    cost: cost ?? null,
  });
  return {
    before: `"custom_id":${id},"answer":${said}`,
    after: `${leavesText ? '"' : ""},${rest.slice(1, -1)},"json":${jsonOf(answer)}`,
    shape: noShape,
  };
}

/**
 * The text itself, since a number in it may have more digits than one of JavaScript keeps. A line break in
 * JSON stands between its values, where a space does as well.
 */
function jsonOf({ json, text }: Answer): string {
  return json === undefined || text === undefined
    ? "null"
    : text.trim().replaceAll(/[\r\n]+/g, " ");
}
