import { adviceForCode } from "../api/advice.ts";
import { type AnswerProblem, isAnswerProblem } from "../batch/answers/problem.ts";

const oneModel =
  "A batch takes one model; send the requests of each model as a batch of their own (a local `input-file` is split so).";

/** What to do about a batch that failed as a whole: codes of its `errors`, and of our own scan. */
const ofBatches: ReadonlyMap<string, string> = new Map(
  Object.entries({
    invalid_json_line:
      "Make the line one whole JSON object in UTF-8, without a line break in it, and run again.",
    duplicate_custom_id: "Give every request of the job a custom_id of its own.",
    url_mismatch:
      "Give every line the same url, the batch's endpoint; send requests for another endpoint as a job of their own.",
    invalid_url: "Use an endpoint that batches take, for example /v1/chat/completions.",
    invalid_method: "Set the line's method to POST.",
    model_mismatch: oneModel,
    mismatched_model: oneModel,
    rows_without_template:
      "Give `template` too, which makes a request of each row, or a file of requests.",
    invalid_template: "Fix the template where the message says.",
    missing_column: "Correct the name in the template, or add the column to the rows.",
    duplicate_column: "Give every column of the header a name of its own.",
    invalid_row: "Fix the row where the message says, and run again.",
    open_quote: "Close the quote, and double those that stand in a quoted cell.",
    no_rows: "The file holds no row; look at the step that writes it.",
    empty_file: "The file holds no request; look at the step that writes it.",
    too_many_tasks:
      "Split the file: a batch takes 50,000 requests (a local `input-file` is split by itself; see `max-requests-per-batch`).",
    token_limit_exceeded:
      "Too many tokens are enqueued for this model. Wait for other batches to finish, or send fewer at once (`max-active-batches`, `max-requests-per-batch`).",
    missing_required_parameter:
      "Add what the message names: every line needs custom_id, method, url and body, and the body what its endpoint asks for.",
    stream_not_supported: "Take `stream` out of the body; a batch answers in files.",
    batch_failed: "The server named no reason. Look at the batch on the server, and run again.",
  }),
);

/** What to do about requests without an answer: the server's codes, and ours for what has none. */
const ofRequests: ReadonlyMap<string, string> = new Map(
  Object.entries({
    batch_expired:
      "It had not run when the completion window ended. Send it again (`retry-failed: 1`).",
    batch_cancelled:
      "It had not run when the batch was cancelled. Send it again if it is still wanted.",
    rate_limit_exceeded:
      "The server had no room for it at the time. Send it again (`retry-failed: 1`).",
    slow_down: "The server had no room for it at the time. Send it again (`retry-failed: 1`).",
    server_error: "The server had a problem with it. Send it again (`retry-failed: 1`).",
    server_is_overloaded:
      "The model had no capacity for it at the time. Send it again (`retry-failed: 1`).",
    context_length_exceeded:
      "The prompt and the answer it asks for are longer than the model takes. Shorten the prompt, ask for fewer tokens, or use a model that takes more.",
    invalid_request_error:
      "The endpoint refused the body; its answer in the error file says what is wrong with it.",
    invalid_value:
      "A value in the body is not taken; the answer in the error file names the parameter.",
    unsupported_value:
      "The model does not take this value; the answer in the error file names the parameter.",
    unsupported_parameter:
      "The model does not know a parameter of the body; the answer in the error file names it.",
    unknown_parameter:
      "The endpoint does not know a parameter of the body; the answer in the error file names it.",
    invalid_prompt:
      "The prompt was refused by the server's usage policy. Change it, or leave the request out.",
    content_filter:
      "The server's content filter refused it. Change the prompt, or leave the request out.",
    content_policy_violation:
      "The server's content policy refused it. Change the prompt, or leave the request out.",
    result_missing:
      "The server gave no result for it although the batch has ended. Send it again (`retry-failed: 1`).",
    result_unknown:
      "The server may have an answer to it that it does not show. Look at the batch on the server before you send it again.",
    result_unavailable:
      "Its result could not be downloaded. `operation: retrieve` tries again as long as the server keeps the file.",
    no_body:
      "The server says that it answered and gives no answer. Look at the line in the error file; send the request again if the answer is wanted.",
    outcome_unknown:
      "A batch of it may be running that nobody has seen. Look for it on the server before you send it again.",
    no_response: "The server gave no answer with its line. Send it again (`retry-failed: 1`).",
    status_0: "The server never ran it. Send it again (`retry-failed: 1`).",
    unreadable_line: "The server's result line could not be read; look at it in the error file.",
    unexpected_line: "The server gave a result without a custom_id; look at it in the error file.",
    not_finished: "Its batch has not ended. Wait for it, then `operation: retrieve` brings it.",
    not_sent: "It was not sent; run the step again for it.",
  }),
);

/** What to change about requests whose answers cannot be used. */
const ofAnswers: Readonly<Record<AnswerProblem, string>> = {
  truncated:
    "The answer reached its limit of tokens. Raise `max_completion_tokens` (chat completions) or `max_output_tokens` (responses) in the body; what the model spends on reasoning counts too, so a lower reasoning effort also helps. Or ask for less in one request.",
  refused:
    "The model refused; its words stand in the result line and under `message` in `answers-file`. Change the prompt, or leave the request out.",
  filtered:
    "The server's content filter stopped the answer. Change the prompt, or leave the request out.",
  empty:
    "The model ended without a text. Look at `finish_reason`, at what was spent on reasoning, and at the prompt.",
  "not-json":
    "JSON was asked for and the text is none. Ask with `json_schema` and `strict: true` instead of `json_object`, or only in the prompt.",
};

/** One line on what to change about requests whose answers have this problem. */
export function adviceForAnswer(problem: AnswerProblem): string {
  return ofAnswers[problem];
}

/** One line on what to do about an error of a batch, or about a line that would make it fail. */
export function adviceForBatch(code: string | undefined): string {
  const known = code === undefined ? undefined : ofBatches.get(code);
  return known ?? adviceForCode(code) ?? "Fix what the server names, and run again.";
}

/** One line on what to do about requests that failed with this code, for example `http_429`. */
export function adviceForRequest(code: string): string {
  if (isAnswerProblem(code)) return adviceForAnswer(code);
  const known = ofRequests.get(code) ?? ofBatches.get(code) ?? adviceForCode(code);
  return known ?? adviceForStatus(Number(/^http_(\d{3})$/.exec(code)?.[1] ?? code));
}

/** Some servers give the HTTP status for a code, and some give no code. */
function adviceForStatus(status: number): string {
  if (status === 408 || status === 429 || (status >= 500 && status <= 599)) {
    return "The server could not do it at the time. Send it again (`retry-failed: 1`).";
  }
  if (status === 401 || status === 403) {
    return "The key's project may not do this; check its models and permissions.";
  }
  if (status === 404) return "Check the model's name and the request's url.";
  return "The answer in the error file says what is wrong with it.";
}
