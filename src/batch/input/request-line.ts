import { isUtf8 } from "node:buffer";

import { type Fields, isFields } from "../../api/json.ts";
import { isJsonFormat } from "../answers/words.ts";
import { outputLimitOf } from "./output-limits.ts";
import { isUtf16 } from "../utf16.ts";

/** What one line of a request file asks for, as far as batches care. */
export interface RequestLine {
  readonly customId: string | undefined;
  readonly url: string | undefined;
  readonly model: string | undefined;
  /** Of an embeddings request: how many texts it holds; 1 for any other. */
  readonly inputs: number;
  /** Whether it asks for JSON: of chat completions `response_format`, of responses `text.format`. */
  readonly asksJson: boolean;
  /** The most output tokens that its own limit allows; `undefined` where it sets none. */
  readonly outputLimit: number | undefined;
  readonly body: unknown;
}

interface ReadLineOptions {
  /** Whether the bytes are known to be UTF-8; where not, they are looked at. */
  readonly utf8: boolean;
  /** Given where lines may lack method and url: the server takes them from the batch. */
  readonly endpoint?: string | undefined;
}

/**
 * Reads one line of a request file and tells everything in it that would fail the batch.
 *
 * @param report takes the code that the API would fail the batch with, where it has one, and words that hold nothing of the line but ids
 */
export function readRequestLine(
  bytes: Buffer,
  { utf8, endpoint }: ReadLineOptions,
  report: (code: string, message: string) => void,
): RequestLine | undefined {
  if (!utf8 && !isUtf8(bytes)) {
    const message = isUtf16(bytes)
      ? "the file is UTF-16; save it as UTF-8"
      : "the line is not valid UTF-8";
    report("invalid_json_line", message);
    return undefined;
  }
  let request: unknown;
  try {
    request = JSON.parse(bytes.toString("utf8"));
  } catch {
    report("invalid_json_line", "the line is not valid JSON");
    return undefined;
  }
  if (isFields(request)) return checkRequest(request, endpoint, report);
  report("invalid_json_line", "the line is not a JSON object");
  return undefined;
}

/**
 * Tells everything in a request that would fail the batch.
 *
 * @param endpoint given where requests may lack method and url
 */
export function checkRequest(
  request: Fields,
  endpoint: string | undefined,
  report: (code: string, message: string) => void,
): RequestLine {
  const { custom_id: customId, body } = request;
  const { method = endpoint === undefined ? undefined : "POST", url = endpoint } = request;
  const missing = (name: string, expected: string) => {
    report("missing_required_parameter", `${name} is missing or not ${expected}`);
  };
  if (typeof customId !== "string" || customId === "") missing("custom_id", "a text");
  if (method === undefined) report("invalid_method", "method is missing; it must be POST");
  else if (method !== "POST") report("invalid_method", "method must be POST");
  if (typeof url !== "string" || url === "") missing("url", "a text");
  if (!isFields(body)) missing("body", "an object");
  else if (body["stream"] === true) {
    report("stream_not_supported", "stream: true has no use in a batch");
  }
  const fields = isFields(body) ? body : {};
  const { model, input, response_format: format, text } = fields;
  return {
    customId: typeof customId === "string" && customId !== "" ? customId : undefined,
    url: typeof url === "string" && url !== "" ? url : undefined,
    model: typeof model === "string" ? model : undefined,
    inputs: typeof url === "string" && url.endsWith("/embeddings") ? countInputs(input) : 1,
    asksJson: isJsonFormat(format) || (isFields(text) && isJsonFormat(text["format"])),
    outputLimit: outputLimitOf(typeof url === "string" ? url : "", fields),
    body,
  };
}

/** How many texts an embeddings request holds: texts count each; an array of numbers is one text that is already made of tokens. */
function countInputs(input: unknown): number {
  if (!Array.isArray(input)) return 1;
  return typeof input[0] === "number" ? 1 : Math.max(1, input.length);
}
