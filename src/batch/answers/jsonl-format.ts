import type { Answer } from "./answer.ts";
import type { AnswerFormat } from "./format.ts";

/** One JSON object a line: the source row under `row`, and `json` for an answer that is JSON. */
export function jsonlFormat(): AnswerFormat {
  return {
    keep: (answer) => ({ text: fieldsOf(answer), shape: 0 }),
    leftOut: () => 0,
    begin:
      (put, { columns }) =>
      (bytes, _shape, source) => {
        put(columns === undefined ? "{" : `{"row":${JSON.stringify(source ?? null)},`);
        put(bytes);
        put("}\n");
      },
  };
}

function fieldsOf(answer: Answer): string {
  const { customId, text, problem, message, finishReason, model, usage, cost } = answer;
  const fields = JSON.stringify({
    custom_id: customId ?? null,
    answer: text ?? null,
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
  return `${fields.slice(1, -1)},"json":${jsonOf(answer)}`;
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
