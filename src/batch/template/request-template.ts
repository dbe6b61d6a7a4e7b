import { type Fields, isFields } from "../../api/json.ts";
import { literalOf, wholeColumn } from "./holes.ts";

/**
 * What a request is made of for each row: the shape of a request, in whose texts `{{column}}` stands for
 * the row's value. A text that is nothing but `{{column}}` takes the value with its type.
 */
export interface RequestTemplate {
  /** Defaults to the row's `custom_id`, else its `id`, else `row-1`, `row-2` and so on. */
  readonly custom_id?: string | number | undefined;
  /** Defaults to `POST`, the only one that batches take. */
  readonly method?: string | undefined;
  /** For example `/v1/chat/completions`. */
  readonly url: string;
  /** What the endpoint is sent. */
  readonly body: object | string;
}

/** Something that is wrong with a template, and where: the keys that lead to it. */
export interface TemplateProblem {
  readonly path: readonly string[];
  readonly message: string;
}

/** A template that has been looked at: the fields of a request, of which `url` and `body` are there. */
export type CheckedTemplate = Fields;

/** Tells everything in a template that would make every request wrong. */
export function checkTemplate(value: unknown): readonly TemplateProblem[] {
  if (!isFields(value)) {
    return [{ path: [], message: "the template is no mapping with `url` and `body`" }];
  }
  const problems: TemplateProblem[] = [];
  const tell = (name: string, message: string) => problems.push({ path: [name], message });
  const { custom_id: customId, method = "POST", url, body } = value;
  if (url === undefined) tell("url", missing(value, "url"));
  else if (typeof url !== "string" || url === "") tell("url", "`url` is no text");
  if (body === undefined) tell("body", missing(value, "body"));
  else if (!isFields(body) && !isColumn(body)) tell("body", "`body` is no mapping");
  if (typeof method !== "string" || (literalOf(method) ?? "POST") !== "POST") {
    tell("method", "`method` must be POST");
  }
  if (customId === "" || !["string", "number", "undefined"].includes(typeof customId)) {
    tell("custom_id", '`custom_id` must be a text, for example "{{id}}" in quotes');
  }
  if (isFields(body) && body["stream"] === true) {
    problems.push({ path: ["body", "stream"], message: "`stream: true` has no use in a batch" });
  }
  problems.push(...oddValues(value, []));
  return problems;
}

function isColumn(value: unknown): boolean {
  return typeof value === "string" && wholeColumn(value) !== undefined;
}

function missing(value: Fields, name: string): string {
  const hint = Array.isArray(value["messages"])
    ? " (a prompt file has `messages` instead, and a name that ends with .prompt.yml)"
    : "";
  return `the template has no \`${name}\`${hint}`;
}

/** Values that YAML has and JSON has not. */
function* oddValues(value: unknown, path: readonly string[]): Generator<TemplateProblem> {
  if (typeof value === "number" && !Number.isFinite(value)) {
    yield { path, message: "the number is not finite" };
  } else if (Array.isArray(value)) {
    for (const [at, item] of value.entries()) yield* oddValues(item, [...path, String(at)]);
  } else if (isFields(value)) {
    for (const [name, item] of Object.entries(value)) yield* oddValues(item, [...path, name]);
  }
}
