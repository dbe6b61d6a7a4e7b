import { Buffer } from "node:buffer";
import type { BatchRequest } from "./input.ts";
import { isJsonObject, type JsonObject } from "./json.ts";
import { promptOf } from "./prompt.ts";
import type { Random } from "./random.ts";

/**
 * An answer to one request of a batch: what a direct call would have returned, why it never ran, or the result line itself.
 * A `line` is written as it is (JSON for anything but text) into the `file`, by default the output file; there is no such
 * line when it is `null`. In the error file it counts as failed. `ran` says whether the request was run, which is the
 * default, whatever the line says.
 */
export type Answer =
  | { readonly status_code: number; readonly body: unknown }
  | { readonly error: { readonly code: string; readonly message: string } }
  | {
      readonly line: string | JsonObject | null;
      readonly file?: "output" | "error" | undefined;
      readonly ran?: boolean | undefined;
    };

const ECHO_WORDS = 12;

interface AnswerContext {
  readonly random: Random;
  readonly created: number;
  /** Counts the input tokens; a quarter of the characters of what is asked last by default. */
  readonly inputTokens?: ((request: BatchRequest) => number) | undefined;
}

/** The 200 answer of the request's endpoint: small, well formed, and recognisably about the prompt. */
export function answerTo(request: BatchRequest, context: AnswerContext): Answer {
  const model = request.body["model"];
  if (typeof model !== "string") {
    return failure(400, null, "you must provide a model parameter");
  }
  if (request.body["stream"] === true) {
    return failure(400, "unsupported_value", "Streaming is not supported in a batch.");
  }
  return { status_code: 200, body: bodyFor(request, model, context) };
}

/** One of the ways a request fails by itself, taken in turn: wrong (400), too many (429), the server's fault (500). */
export function failureInTurn(ordinal: number): Answer {
  switch (ordinal % 3) {
    case 0:
      return failure(400, "invalid_value", "Simulated: the request was refused.");
    case 1:
      return failure(429, "rate_limit_exceeded", "Simulated: rate limit reached.", "tokens");
    default:
      return failure(500, "server_error", "Simulated: the server had an error.", "server_error");
  }
}

function failure(
  status: number,
  code: string | null,
  message: string,
  type = "invalid_request_error",
): Answer {
  return { status_code: status, body: { error: { message, type, param: null, code } } };
}

function bodyFor(
  request: BatchRequest,
  model: string,
  { random, created, inputTokens }: AnswerContext,
): JsonObject {
  const { url, body } = request;
  const prompt = promptOf(body);
  const text = wantsJson(body) ? JSON.stringify({ echo: echo(prompt) }) : `Echo: ${echo(prompt)}`;
  const input = (inputTokens ?? countInput)(request);
  const output = tokens(text);
  switch (url) {
    case "/v1/chat/completions":
      return {
        id: `chatcmpl-${random.base62(29)}`,
        object: "chat.completion",
        created,
        model,
        choices: [chatChoice(text)],
        usage: chatUsage(input, output),
        service_tier: "default",
        system_fingerprint: null,
      };
    case "/v1/responses":
      return {
        id: `resp_${random.hex(48)}`,
        object: "response",
        created_at: created,
        status: "completed",
        error: null,
        incomplete_details: null,
        model,
        output: [responseMessage(`msg_${random.hex(48)}`, text)],
        usage: responseUsage(input, output),
      };
    case "/v1/embeddings":
      return {
        object: "list",
        data: embeddings(body),
        model,
        usage: { prompt_tokens: input, total_tokens: input },
      };
    case "/v1/completions":
      return {
        id: `cmpl-${random.base62(29)}`,
        object: "text_completion",
        created,
        model,
        choices: [{ index: 0, text, logprobs: null, finish_reason: "stop" }],
        usage: completionUsage(input, output),
      };
    case "/v1/moderations":
      return {
        id: `modr-${random.base62(29)}`,
        model,
        results: [{ flagged: false, categories: {}, category_scores: {} }],
      };
    default:
      return { object: "simulator.answer", created, model, text };
  }
}

function chatChoice(text: string): JsonObject {
  return {
    index: 0,
    message: { role: "assistant", content: text, refusal: null, annotations: [] },
    logprobs: null,
    finish_reason: "stop",
  };
}

function responseMessage(id: string, text: string): JsonObject {
  return {
    type: "message",
    id,
    status: "completed",
    role: "assistant",
    content: [{ type: "output_text", text, annotations: [], logprobs: [] }],
  };
}

function chatUsage(input: number, output: number): JsonObject {
  return {
    ...completionUsage(input, output),
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
  };
}

function responseUsage(input: number, output: number): JsonObject {
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: input + output,
  };
}

function completionUsage(input: number, output: number): JsonObject {
  return { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
}

function embeddings(body: JsonObject): readonly JsonObject[] {
  const input = body["input"];
  const single = !Array.isArray(input) || input.every((item) => typeof item === "number");
  const items: readonly unknown[] = single ? [input] : input;
  const asked = body["dimensions"];
  const dimensions = typeof asked === "number" && asked > 0 && asked <= 8192 ? asked : 8;
  return items.map((item, index) => {
    const values = vectorOf(JSON.stringify(item), Math.floor(dimensions));
    const bytes = Buffer.from(values.buffer);
    const embedding =
      body["encoding_format"] === "base64" ? bytes.toString("base64") : Array.from(values);
    return { object: "embedding", index, embedding };
  });
}

/** A vector of length one that depends on the text alone. */
function vectorOf(text: string, dimensions: number): Float32Array<ArrayBuffer> {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  const values = Float32Array.from({ length: dimensions }, () => {
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) + 0x6d2b79f5;
    return (hash >>> 8) / 2 ** 23 - 1;
  });
  const length = Math.hypot(...values) || 1;
  return values.map((value) => value / length);
}

function wantsJson(body: JsonObject): boolean {
  const { response_format: chat, text } = body;
  const format = isJsonObject(chat) ? chat : isJsonObject(text) ? text["format"] : undefined;
  return (
    isJsonObject(format) && (format["type"] === "json_object" || format["type"] === "json_schema")
  );
}

function echo(prompt: string): string {
  const words = prompt.split(/\s+/, ECHO_WORDS + 1).filter((word) => word !== "");
  return words.length > ECHO_WORDS ? `${words.slice(0, ECHO_WORDS).join(" ")} …` : words.join(" ");
}

/** The input tokens of a request, by the rule of thumb. */
export function countInput({ body }: BatchRequest): number {
  return tokens(promptOf(body));
}

/** Four characters to a token, as the rule of thumb goes. */
function tokens(text: string): number {
  return Math.max(1, Math.ceil(text.length / 4));
}
