import { isUtf8 } from "node:buffer";

import { isFields } from "../../api/json.ts";
import { forEachLineByBlock, isBlank, type Line, withoutMark } from "../input/lines.ts";
import { parseExactly } from "./exact-json.ts";
import { type RowEvent, rowProblem } from "./row-event.ts";

/** Reads rows that are one JSON object a line. */
export async function* readJsonLines(
  path: string,
  signal?: AbortSignal,
): AsyncGenerator<readonly RowEvent[]> {
  let isEmpty = true;
  let found: RowEvent[] = [];
  const take = (line: Line) => {
    const { bytes } = withoutMark(line);
    if (!isBlank(bytes)) found.push(rowIn(bytes, line));
  };
  const lines = forEachLineByBlock(path, take, signal);
  for (let ended = false; !ended;) {
    ended = (await lines.next()).done === true;
    isEmpty &&= found.length === 0;
    yield found;
    found = [];
  }
  if (isEmpty) yield [rowProblem("no_rows", "the file holds no row")];
}

function rowIn(bytes: Buffer, { number, utf8 }: Line): RowEvent {
  if (!utf8 && !isUtf8(bytes)) {
    return rowProblem("invalid_row", "the line is not valid UTF-8", number);
  }
  const parsed = parseExactly(bytes.toString("utf8"));
  if (parsed === undefined) {
    return rowProblem("invalid_row", "the line is not valid JSON", number);
  }
  return isFields(parsed.value)
    ? { found: "row", line: number, row: parsed.value }
    : rowProblem("invalid_row", "the line is not a JSON object", number);
}
