import type { InputScan } from "../../batch/input.ts";
import { customIdOf } from "../../batch/results/line.ts";
import { LineReader } from "../../batch/results/line-reader.ts";

/**
 * The requests of batches as the server has them, with the rows that they were made of: an input that was
 * split is in several batches, and not all of them need be here.
 *
 * @param theirs the requests of the batches
 * @param ours the whole input
 * @returns `undefined` where the input has no rows, or makes one of these requests otherwise or not at all
 */
export function withRowsOf(theirs: InputScan, ours: InputScan): InputScan | undefined {
  const { rows } = ours;
  if (rows === undefined) return undefined;
  const numbers = numbersIn(theirs, ours);
  if (numbers === undefined) return undefined;
  const rowOf = (request: number) => rows.rowOf(numbers[request] ?? 0);
  return { ...theirs, rows: { columns: rows.columns, rowOf } };
}

/** Of each request its number among ours. */
function numbersIn(theirs: InputScan, ours: InputScan): Uint32Array | undefined {
  const numbers = new Uint32Array(theirs.requests);
  const [their, our] = [new LineReader(theirs.files), new LineReader(ours.files)];
  try {
    for (let request = 0; request < theirs.requests; request += 1) {
      const line = their.read(theirs.lines.place(request));
      const number = ours.ids.numberOf(customIdOf(line) ?? "");
      if (number === undefined) return undefined;
      if (!trimmed(our.read(ours.lines.place(number))).equals(trimmed(line))) return undefined;
      numbers[request] = number;
    }
    return numbers;
  } finally {
    their.close();
    our.close();
  }
}

const lineFeed = 10;

/** The last line of a file may lack its end. */
function trimmed(line: Buffer): Buffer {
  return line.at(-1) === lineFeed ? line.subarray(0, -1) : line;
}
