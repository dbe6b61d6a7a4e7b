import { isUtf8 } from "node:buffer";
import { readFile } from "node:fs/promises";
import { extname } from "node:path";

import { isOpenAI } from "../../api/base-url.ts";
import { APIError, messageOf } from "../../api/errors.ts";
import { plural } from "../format.ts";
import { describeProblem, type InputProblem } from "../input.ts";
import { isOfSystem } from "../results/disk-error.ts";
import { isTemplateName, templateExtensions } from "./kind.ts";
import { isPromptFile, templateOfPrompt } from "./prompt-file.ts";
import {
  type CheckedTemplate,
  checkTemplate,
  type RequestTemplate,
  type TemplateProblem,
} from "./request-template.ts";

/** What a template is for, where that matters. */
export interface TemplateOptions {
  /** Of the batch: a prompt file becomes requests for `/v1/responses` where it says so. */
  readonly endpoint?: string | undefined;
  /** Of the server; defaults to OpenAI's, where a prompt file's model loses a leading `openai/`. */
  readonly baseURL?: string | undefined;
}

/**
 * Reads a template from a file: a request in YAML or JSON (`url`, `body`, and `method` and `custom_id` if
 * wanted), or a GitHub Models prompt file (`*.prompt.yml`), which becomes one.
 *
 * @param path of a `.yml`, `.yaml` or `.json` file
 * @throws {APIError} `invalid_template` with all that is wrong with it, and the lines
 * @returns what `renderRequests` takes; it can be changed like any object before
 * @example
 * ```ts
 * import { readTemplate } from "openai-batch-action";
 * import { writeFile } from "node:fs/promises";
 *
 * await writeFile("review.prompt.yml", `
 * model: openai/gpt-6-luna
 * modelParameters:
 *   maxTokens: 200
 * messages:
 *   - role: user
 *     content: "Is this review positive? {{review}}"
 * `);
 * const { url, body } = await readTemplate("review.prompt.yml");
 * console.log(url, Object.keys(body).join()); // /v1/chat/completions model,messages,max_completion_tokens
 * ```
 */
export async function readTemplate(
  path: string,
  options: TemplateOptions = {},
): Promise<RequestTemplate> {
  const loaded = await loadTemplate(path, options);
  if ("template" in loaded) {
    // It has been checked to have what the type promises.
    return loaded.template as unknown as RequestTemplate;
  }
  const { problems } = loaded;
  throw new APIError(
    `The template has ${plural(problems.length, "problem")}.\n${problems.map(describeProblem).join("\n")}`,
    { code: "invalid_template" },
  );
}

/** A template, or all that is wrong with it. */
type LoadedTemplate =
  { readonly template: CheckedTemplate } | { readonly problems: readonly InputProblem[] };

/** As `readTemplate`, with the problems given and not thrown. */
export async function loadTemplate(
  path: string,
  options: TemplateOptions,
): Promise<LoadedTemplate> {
  const fail = (message: string, line?: number): LoadedTemplate => ({
    problems: [{ file: path, line, code: "invalid_template", message }],
  });
  if (!isTemplateName(path)) {
    return fail(`the name of a template must end with one of: ${templateExtensions.join(", ")}`);
  }
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    if (!isOfSystem(error)) throw error;
    return fail(
      error.code === "ENOENT"
        ? "there is no such file"
        : `the file cannot be read: ${messageOf(error)}`,
    );
  }
  if (!isUtf8(bytes)) return fail("the template is not valid UTF-8");
  const text = bytes.toString("utf8").replace(/^\uFEFF/, "");
  // What reads YAML is loaded by those who have some.
  const { parseTemplate } = await import("./parse.ts");
  const parsed = parseTemplate(text, extname(path).toLowerCase() === ".json" ? "JSON" : "YAML");
  if ("problems" in parsed) {
    const code = "invalid_template";
    return { problems: parsed.problems.map((problem) => ({ file: path, code, ...problem })) };
  }
  const found = isPromptFile(path) ? ofPrompt(parsed.value, options) : ofRequest(parsed.value);
  if (found.problems === undefined) return found;
  return {
    problems: found.problems.map(({ path: keys, message }) => ({
      file: path,
      line: parsed.lineOf(keys),
      code: "invalid_template",
      message,
    })),
  };
}

type Looked =
  | { readonly template: CheckedTemplate; readonly problems?: undefined }
  | { readonly problems: readonly TemplateProblem[] };

function ofPrompt(value: unknown, { endpoint, baseURL }: TemplateOptions): Looked {
  const dropsPublisher = baseURL === undefined || isOpenAI(baseURL);
  const made = templateOfPrompt(value, { endpoint, dropsPublisher });
  return "template" in made ? ofRequest(made.template) : made;
}

function ofRequest(value: unknown): Looked {
  const problems = checkTemplate(value);
  if (problems.length > 0) return { problems };
  // `checkTemplate` has seen that it is one.
  return { template: value as CheckedTemplate };
}

/** A template from memory, as JSON would hold it. */
export function takeTemplate(template: object): LoadedTemplate {
  const found = ofMemory(template);
  if (found.problems === undefined) return found;
  return {
    problems: found.problems.map(({ path, message }) => ({
      code: "invalid_template",
      message: path.length > 1 ? `${path.join(".")}: ${message}` : message,
    })),
  };
}

function ofMemory(template: object): Looked {
  try {
    return ofRequest(JSON.parse(JSON.stringify(template)));
  } catch (error) {
    // What holds itself, or a number that JSON has not.
    if (!(error instanceof TypeError)) throw error;
    return { problems: [{ path: [], message: "the template cannot be written as JSON" }] };
  }
}
