import { invalidInput } from "../input/invalid.ts";
import type { BatchRequest } from "../input/memory.ts";
import type { InputScan, ScanOptions } from "../input.ts";
import type { RequestTemplate } from "../template/request-template.ts";
import type { Row } from "./source-rows.ts";

/** Rows and the template that makes a request of each; nothing is read before it is iterated or scanned. */
export class RenderedRequests implements AsyncIterable<BatchRequest> {
  readonly rows: Iterable<Row> | AsyncIterable<Row>;
  /** A path is read when the rows are. */
  readonly template: string | RequestTemplate;

  constructor(rows: Iterable<Row> | AsyncIterable<Row>, template: string | RequestTemplate) {
    this.rows = rows;
    this.template = template;
  }

  /** As `scanInput`: problems are told where the user's rows have them. */
  async scan(options: ScanOptions): Promise<InputScan> {
    // What reads tables and templates is loaded by those who have some.
    const { scanRendered } = await import("./scan-rendered.ts");
    return scanRendered(this, options);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<BatchRequest, void> {
    const { loadPlan, renderRows, sourcesOf } = await import("./render-rows.ts");
    const sources = sourcesOf(this.rows);
    const loaded = await loadPlan(this.template, {});
    if ("problems" in loaded) throw invalidInput(loaded.problems, loaded.problems.length);
    for await (const found of renderRows(this.rows, loaded.plan)) {
      for (const one of found) {
        if ("code" in one) {
          const { source, line, code, message } = one;
          throw invalidInput([{ file: sources[source], line, code, message }], 1);
        }
        // The template has the fields of a request, and its text is that of one.
        yield JSON.parse(one.text) as BatchRequest;
      }
    }
  }
}

/**
 * Makes a request of each row: the template with the row's values in the place of its `{{column}}`s.
 * A value is data whatever it holds: it is put into the template as it is, never rendered again, and
 * cannot change the template's structure.
 *
 * What comes back can be iterated, and be passed wherever the library takes requests: rows that
 * `readRows` reads keep their files and lines then, in which problems are told.
 *
 * @param rows objects with the columns by name, or what `readRows` gives
 * @param template an object with the fields of a request, or what `readTemplate` gives
 * @throws {APIError} `invalid_input` while it is iterated, when the template is none, or a row lacks a column or a `custom_id`
 * @example
 * ```ts
 * import { renderRequests } from "openai-batch-action";
 *
 * const rows = [{ id: 7, word: "tree" }];
 * const body = { model: "text-embedding-3-small", input: "{{word}}" };
 * for await (const request of renderRequests(rows, { url: "/v1/embeddings", body })) {
 *   console.log(request.custom_id, JSON.stringify(request.body)); // 7 {"model":"text-embedding-3-small","input":"tree"}
 * }
 * ```
 */
export function renderRequests(
  rows: Iterable<Row> | AsyncIterable<Row>,
  template: RequestTemplate,
): AsyncIterable<BatchRequest> {
  return new RenderedRequests(rows, template);
}
