import { type Fields, isFields } from "../../api/json.ts";

/** What of a request's body a tokenizer can count. */
interface RequestText {
  readonly texts: readonly string[];
  /** Tokens beside those of the texts: what was given as tokens, and what stands around messages. */
  readonly tokens: number;
  /** Images, sound and files, which are no text. */
  readonly uncounted: number;
}

interface Sink {
  readonly texts: string[];
  tokens: number;
  uncounted: number;
}

/**
 * What the server puts around each message: its start, its role, the end of the role, its end. The
 * answer's own start has three.
 *
 * @see https://github.com/openai/openai-cookbook/blob/main/examples/How_to_count_tokens_with_tiktoken.ipynb
 */
const aroundMessage = 4;
const aroundAnswer = 3;

/** Takes the texts out of the body of a request. */
export function requestText(endpoint: string, body: unknown): RequestText {
  const sink: Sink = { texts: [], tokens: 0, uncounted: 0 };
  if (isFields(body)) (readers.find(([end]) => endpoint.endsWith(end))?.[1] ?? readAny)(body, sink);
  return sink;
}

const readers: readonly (readonly [end: string, read: (body: Fields, sink: Sink) => void])[] = [
  ["/chat/completions", readChat],
  ["/responses", readResponse],
  ["/embeddings", readInput],
  ["/moderations", readInput],
  ["/completions", readInput],
];

function readChat(body: Fields, sink: Sink): void {
  sink.tokens += aroundAnswer;
  for (const message of listOf(body["messages"])) {
    sink.tokens += aroundMessage;
    if (!isFields(message)) continue;
    readContent(message["content"], sink);
    addText(message["name"], sink);
    addText(message["refusal"], sink);
    addJson(message["tool_calls"], sink);
    addJson(message["function_call"], sink);
    if (message["audio"] !== undefined && message["audio"] !== null) sink.uncounted += 1;
  }
  addJson(body["tools"], sink);
  addJson(body["functions"], sink);
  const format = body["response_format"];
  if (isFields(format)) addJson(format["json_schema"], sink);
}

function readResponse(body: Fields, sink: Sink): void {
  sink.tokens += aroundAnswer;
  if (typeof body["instructions"] === "string") {
    sink.tokens += aroundMessage;
    addText(body["instructions"], sink);
  }
  const input = body["input"];
  for (const item of typeof input === "string" ? [{ content: input }] : listOf(input)) {
    sink.tokens += aroundMessage;
    if (!isFields(item)) continue;
    readContent(item["content"] ?? item["output"] ?? item["summary"], sink);
    addText(item["name"], sink);
    addText(item["arguments"], sink);
  }
  addJson(body["tools"], sink);
  const text = body["text"];
  const format = isFields(text) ? text["format"] : undefined;
  if (isFields(format)) addJson(format["schema"], sink);
  // What the server keeps goes into the input too, and nobody here knows how much it is.
  const kept = ["previous_response_id", "conversation", "prompt"];
  sink.uncounted += kept.filter((name) => body[name] !== undefined && body[name] !== null).length;
}

/** Of embeddings, moderations and plain completions: texts, or tokens in their place. */
function readInput(body: Fields, sink: Sink): void {
  for (const name of ["input", "prompt", "suffix"]) {
    const value = body[name];
    if (isTokens(value)) sink.tokens += value.length;
    else if (typeof value === "string") sink.texts.push(value);
    else for (const item of listOf(value)) readItem(item, sink);
  }
}

function readItem(item: unknown, sink: Sink): void {
  if (isTokens(item)) sink.tokens += item.length;
  else if (typeof item === "string") sink.texts.push(item);
  else readContent([item], sink);
}

/** A text, or parts of which some are no text. */
function readContent(content: unknown, sink: Sink): void {
  if (typeof content === "string") sink.texts.push(content);
  for (const part of listOf(content)) {
    if (typeof part === "string") sink.texts.push(part);
    else if (!isFields(part)) continue;
    else if (typeof part["text"] === "string") sink.texts.push(part["text"]);
    else if (typeof part["refusal"] === "string") sink.texts.push(part["refusal"]);
    else sink.uncounted += 1;
  }
}

/** Every text of a body whose endpoint we do not know, but for the model's name. */
function readAny(body: Fields, sink: Sink): void {
  for (const [name, value] of Object.entries(body)) {
    if (name !== "model") addDeep(value, sink);
  }
}

function addDeep(value: unknown, sink: Sink): void {
  if (typeof value === "string") sink.texts.push(value);
  else if (Array.isArray(value)) for (const item of value) addDeep(item, sink);
  else if (isFields(value)) for (const item of Object.values(value)) addDeep(item, sink);
}

function addText(value: unknown, sink: Sink): void {
  if (typeof value === "string") sink.texts.push(value);
}

function addJson(value: unknown, sink: Sink): void {
  if (isFields(value) || (Array.isArray(value) && value.length > 0)) {
    sink.texts.push(JSON.stringify(value));
  }
}

function isTokens(value: unknown): value is readonly number[] {
  return (
    Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === "number")
  );
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
