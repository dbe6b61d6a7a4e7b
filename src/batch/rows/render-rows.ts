import { setImmediate as nextTurn } from "node:timers/promises";

import { isFields } from "../../api/json.ts";
import type { InputProblem } from "../input.ts";
import { untilAborted } from "../input/until-aborted.ts";
import { type Plan, planOf } from "../template/plan.ts";
import { loadTemplate, takeTemplate, type TemplateOptions } from "../template/read-template.ts";
import { renderLine, type RowValues } from "../template/render.ts";
import type { RequestTemplate } from "../template/request-template.ts";
import { parseExactly } from "./exact-json.ts";
import { FileRows } from "./file-rows.ts";
import { readRowFile } from "./read-file.ts";
import { nameColumns, type RowEvent, rowProblem } from "./row-event.ts";
import type { Row } from "./source-rows.ts";

/** A row's request, and the row as it was found. */
export interface RenderedRow {
  /** The number of the row's file. */
  readonly source: number;
  /** The first line of the row; of rows from memory, the how-manieth it is. */
  readonly line: number;
  readonly customId: string;
  /** The request as a line of JSON. */
  readonly text: string;
  /** A table's row, of the columns that were last told. */
  readonly cells?: readonly string[] | undefined;
  readonly row?: Row | undefined;
  /** The columns of a table, the same for all of its rows. */
  readonly columns?: readonly string[] | undefined;
}

/** What is wrong with a row or its file. */
interface UnrenderedRow {
  readonly source: number;
  readonly line: number | undefined;
  readonly code: string;
  readonly message: string;
}

/** A template made ready, or all that is wrong with it. */
export async function loadPlan(
  template: string | RequestTemplate,
  options: TemplateOptions,
): Promise<{ readonly plan: Plan } | { readonly problems: readonly InputProblem[] }> {
  const loaded =
    typeof template === "string" ? await loadTemplate(template, options) : takeTemplate(template);
  return "template" in loaded ? { plan: planOf(loaded.template) } : loaded;
}

/** The files that rows are from; none for rows from memory. */
export function sourcesOf(rows: Iterable<Row> | AsyncIterable<Row>): readonly string[] {
  return rows instanceof FileRows ? rows.files : [];
}

/**
 * Renders rows, block by block.
 *
 * @param plan without one, rows are only looked at
 */
export async function* renderRows(
  rows: Iterable<Row> | AsyncIterable<Row>,
  plan: Plan | undefined,
  signal?: AbortSignal,
): AsyncGenerator<readonly (RenderedRow | UnrenderedRow)[], void> {
  const renderer = new RowRenderer(plan);
  if (rows instanceof FileRows) {
    if (rows.files.length === 0) yield renderer.render(0, [noRow]);
    for (const [source, file] of rows.files.entries()) {
      for await (const found of readRowFile(file, signal)) yield renderer.render(source, found);
    }
    return;
  }
  for await (const found of readMemory(rows, signal)) yield renderer.render(0, found);
}

const noRow = rowProblem("no_rows", "there is no row");

/** How many rows from memory are taken at once. */
const rowsPerBlock = 500;

async function* readMemory(
  rows: Iterable<Row> | AsyncIterable<Row>,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly RowEvent[], void> {
  let found: RowEvent[] = [];
  let line = 0;
  for await (const row of untilAborted(rows, signal)) {
    line += 1;
    found.push(rowInMemory(row, line));
    if (found.length < rowsPerBlock) continue;
    yield found;
    found = [];
    await nextTurn();
    signal?.throwIfAborted();
  }
  if (line === 0) found.push(noRow);
  yield found;
}

/** A row as JSON would hold it. */
function rowInMemory(given: unknown, line: number): RowEvent {
  try {
    const row = isFields(given) ? parseExactly(JSON.stringify(given))?.value : undefined;
    if (isFields(row)) return { found: "row", line, row };
    return rowProblem("invalid_row", "the row is no object", line);
  } catch (error) {
    // What holds itself, or a number that JSON has not.
    if (!(error instanceof TypeError)) throw error;
    return rowProblem("invalid_row", "the row cannot be written as JSON", line);
  }
}

class RowRenderer {
  readonly #plan: Plan | undefined;
  #rows = 0;
  #table: Table | undefined;
  #toldOfId = false;

  constructor(plan: Plan | undefined) {
    this.#plan = plan;
  }

  render(source: number, found: readonly RowEvent[]): (RenderedRow | UnrenderedRow)[] {
    const rendered: (RenderedRow | UnrenderedRow)[] = [];
    for (const event of found) {
      const one = this.#renderOne(source, event);
      if (one !== undefined) rendered.push(one);
    }
    return rendered;
  }

  #renderOne(source: number, event: RowEvent): RenderedRow | UnrenderedRow | undefined {
    switch (event.found) {
      case "problem": {
        if (event.line !== undefined && event.code === "invalid_row") this.#rows += 1;
        const { line, code, message } = event;
        return { source, line, code, message };
      }
      case "header": {
        this.#table = tableOf(event.columns, this.#plan);
        const { missing } = this.#table;
        if (missing.length === 0) return undefined;
        return { source, line: event.line, ...missingColumns(missing, event.columns) };
      }
      case "cells":
        return this.#renderCells(source, event.line, event.cells);
      case "row":
        return this.#renderRow(source, event.line, event.row);
    }
  }

  #renderCells(source: number, line: number, cells: readonly string[]) {
    this.#rows += 1;
    const table = this.#table;
    if (table === undefined || table.missing.length > 0) return undefined;
    const { columns, places, idPlace } = table;
    const valueOf = (column: number) => cells[places[column] ?? -1];
    const ownId = idPlace < 0 ? undefined : cells[idPlace];
    const request = this.#renderValues(source, line, { valueOf, ownId, number: this.#rows });
    return request === undefined || "code" in request ? request : { ...request, cells, columns };
  }

  #renderRow(source: number, line: number, row: Row) {
    this.#rows += 1;
    const columns = this.#plan?.columns ?? [];
    const missing = columns.filter((name) => valueIn(row, name) === undefined);
    if (missing.length > 0) {
      return { source, line, ...missingColumns(missing, Object.keys(row)) };
    }
    const valueOf = (column: number) => valueIn(row, columns[column] ?? "");
    const customId = valueIn(row, "custom_id");
    // One that is `null` is there and empty, as in a table; another column does not stand in for it.
    const ownId = customId === undefined ? valueIn(row, "id") : customId;
    const request = this.#renderValues(source, line, { valueOf, ownId, number: this.#rows });
    return request === undefined || "code" in request ? request : { ...request, row };
  }

  #renderValues(
    source: number,
    line: number,
    values: RowValues,
  ): RenderedRow | UnrenderedRow | undefined {
    const plan = this.#plan;
    if (plan === undefined) return undefined;
    const isSame = plan.customId?.every((piece) => typeof piece === "string") === true;
    if (isSame && this.#rows > 1) return this.#sameId(source, line);
    const request = renderLine(plan, values);
    if (request === undefined) {
      const message =
        "the row gives the request no custom_id: it is empty, or neither text nor number";
      return { source, line, code: "missing_required_parameter", message };
    }
    return { source, line, customId: request.customId, text: request.text };
  }

  /** Told once: it is one mistake, of the template. */
  #sameId(source: number, line: number): UnrenderedRow | undefined {
    if (this.#toldOfId) return undefined;
    this.#toldOfId = true;
    const message =
      "the template's custom_id has no {{column}}, so that this row and all behind it have the same as the first";
    return { source, line, code: "duplicate_custom_id", message };
  }
}

interface Table {
  readonly columns: readonly string[];
  /** Where the plan's columns are. */
  readonly places: readonly number[];
  readonly missing: readonly string[];
  /** Where the row's own id is; -1 for nowhere. */
  readonly idPlace: number;
}

function tableOf(columns: readonly string[], plan: Plan | undefined): Table {
  const names = columns.map((name) => name.trim());
  const wanted = plan?.columns ?? [];
  const customId = names.indexOf("custom_id");
  return {
    columns,
    places: wanted.map((name) => names.indexOf(name)),
    missing: wanted.filter((name) => !names.includes(name)),
    idPlace: customId < 0 ? names.indexOf("id") : customId,
  };
}

/** The value of a row's own column; `undefined` where it has none of that name. */
function valueIn(row: Row, name: string): unknown {
  if (Object.hasOwn(row, name)) return row[name];
  const key = Object.keys(row).find((candidate) => candidate.trim() === name);
  return key === undefined ? undefined : row[key];
}

function missingColumns(missing: readonly string[], columns: readonly string[]) {
  const lacks = `the template names ${missing.length === 1 ? "a column" : "columns"} that ${missing.length === 1 ? "is" : "are"} not there: ${nameColumns(missing)}`;
  const has = columns.length === 0 ? "there are none" : `there are ${nameColumns(columns)}`;
  return { code: "missing_column", message: `${lacks}; ${has}` };
}
