import type { ResultBook } from "./book.ts";

/** What is written next: a line, a request without one, or both as one. */
interface OrderEntry {
  /** `undefined` for a line of no known request. */
  readonly request: number | undefined;
  /** `undefined` for a request that no line stands for. */
  readonly line: number | undefined;
}

export type Order = "input" | "completion";

/** Every request once, then the lines of no known request. */
export function* entriesOf(book: ResultBook, order: Order): Generator<OrderEntry> {
  if (order === "completion") {
    yield* standing(book);
    for (let request = 0; request < book.requests; request += 1) {
      if (book.lineOf(request) === undefined) yield { request, line: undefined };
    }
  } else {
    for (let request = 0; request < book.requests; request += 1) {
      yield { request, line: book.lineOf(request) };
    }
  }
  for (const line of book.strangers) yield { request: undefined, line };
}

/** The lines that stand for a request, in the order in which they came. */
function* standing(book: ResultBook): Generator<OrderEntry> {
  /** Of each line the number of its request plus one. */
  const requestOf = new Uint32Array(book.lines.size);
  for (let request = 0; request < book.requests; request += 1) {
    const line = book.lineOf(request);
    if (line !== undefined) requestOf[line] = request + 1;
  }
  for (let line = 0; line < requestOf.length; line += 1) {
    const request = requestOf[line] ?? 0;
    if (request > 0) yield { request: request - 1, line };
  }
}
