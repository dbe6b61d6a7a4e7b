import { type Fields, isFields } from "../../api/json.ts";
import type { TemplateProblem } from "./request-template.ts";

/** What decides what a prompt file becomes. */
interface PromptSetting {
  /** `/v1/responses` and `/v1/chat/completions`, with or without `/v1`; the latter by default. */
  readonly endpoint: string | undefined;
  /** Whether a leading `openai/` of the model is dropped. */
  readonly dropsPublisher: boolean;
}

type TellAt = (path: readonly string[], message: string) => void;

/** Whether a path names a prompt file of GitHub Models. */
export function isPromptFile(path: string): boolean {
  return /\.prompt\.ya?ml$/i.test(path);
}

/**
 * Makes a prompt file of GitHub Models into a template. `name`, `description`, `testData` and
 * `evaluators` say nothing about a request.
 *
 * @see https://docs.github.com/en/github-models/use-github-models/storing-prompts-in-github-repositories
 */
export function templateOfPrompt(
  prompt: unknown,
  { endpoint = "/v1/chat/completions", dropsPublisher }: PromptSetting,
): { readonly template: Fields } | { readonly problems: readonly TemplateProblem[] } {
  const problems: TemplateProblem[] = [];
  const tell: TellAt = (path, message) => problems.push({ path, message });
  const kind = kindOf(endpoint);
  if (kind === undefined) {
    tell(
      [],
      `a prompt file makes requests for /v1/chat/completions or /v1/responses, not for ${endpoint}`,
    );
  }
  if (!isFields(prompt)) {
    tell([], "the prompt file is no mapping with `messages`");
    return { problems };
  }
  const { model, messages, modelParameters } = prompt;
  if (messages === undefined) tell([], "the prompt file has no `messages`");
  else if (!Array.isArray(messages) || messages.length === 0 || !messages.every(isFields)) {
    tell(["messages"], "`messages` is no list of messages");
  }
  if (model !== undefined && typeof model !== "string") tell(["model"], "`model` is no text");
  const isChat = kind !== "responses";
  const parameters = parametersOf(modelParameters, isChat, tell);
  const format = formatOf(prompt, tell);
  if (problems.length > 0) return { problems };
  const name = dropsPublisher && typeof model === "string" ? model.replace(/^openai\//, "") : model;
  const body = {
    ...(name === undefined ? {} : { model: name }),
    ...(isChat ? { messages } : { input: messages }),
    ...(isChat
      ? { ...parameters, ...(format && { response_format: chatFormat(format) }) }
      : {
          ...parameters,
          ...(format && { text: { ...fieldsIn(parameters, "text"), format: flatFormat(format) } }),
        }),
  };
  return { template: { url: endpoint, body } };
}

function kindOf(endpoint: string): "chat" | "responses" | undefined {
  const bare = endpoint.replace(/^\/v1(?=\/)/, "");
  if (bare === "/chat/completions") return "chat";
  return bare === "/responses" ? "responses" : undefined;
}

/** Parameters in snake case, those that have another name under the names of the endpoint. */
function parametersOf(given: unknown, isChat: boolean, tell: TellAt): Fields {
  if (given === undefined || given === null) return {};
  if (!isFields(given)) {
    tell(["modelParameters"], "`modelParameters` is no mapping");
    return {};
  }
  const parameters = new Map<string, unknown>();
  const tokens = isChat ? "max_completion_tokens" : "max_output_tokens";
  let effort: unknown;
  for (const [key, value] of Object.entries(given)) {
    const snake = snakeCase(key);
    const name = ["max_tokens", "max_completion_tokens"].includes(snake) ? tokens : snake;
    if (parameters.has(name)) {
      tell(
        ["modelParameters", key],
        `\`${key}\` is given twice, under another name: it becomes \`${name}\``,
      );
    }
    if (name === "reasoning_effort" && !isChat) effort = value;
    else parameters.set(name, value);
  }
  const all: Fields = Object.fromEntries(parameters);
  if (effort === undefined) return all;
  return { ...all, reasoning: { ...fieldsIn(all, "reasoning"), effort } };
}

function snakeCase(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();
}

function fieldsIn(fields: Fields, name: string): Fields {
  const value = fields[name];
  return isFields(value) ? value : {};
}

type Format =
  { readonly type: "json_object" } | { readonly type: "json_schema"; readonly schema: Fields };

function formatOf({ responseFormat, jsonSchema }: Fields, tell: TellAt): Format | undefined {
  switch (responseFormat) {
    case undefined:
    case null:
    case "text":
      return undefined;
    case "json_object":
      return { type: responseFormat };
    case "json_schema": {
      if (jsonSchema === undefined) {
        tell(["responseFormat"], "`responseFormat: json_schema` needs `jsonSchema`");
        return undefined;
      }
      const schema = typeof jsonSchema === "string" ? parsed(jsonSchema) : jsonSchema;
      if (isFields(schema)) return { type: responseFormat, schema };
      tell(["jsonSchema"], "`jsonSchema` is no JSON object");
      return undefined;
    }
    default:
      tell(["responseFormat"], "`responseFormat` must be one of: text, json_object, json_schema");
      return undefined;
  }
}

function chatFormat(format: Format): Fields {
  return format.type === "json_object" ? format : { type: format.type, json_schema: format.schema };
}

function flatFormat(format: Format): Fields {
  return format.type === "json_object" ? format : { ...format.schema, type: format.type };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
