/** A stretch of a text: what stands there as it is, or the value of a column. */
type Piece =
  | { readonly text: string }
  /** The column's name, trimmed. */
  | { readonly column: string };

/** A backslash takes the braces behind it for what they are. */
const mark = /\\\{\{|\{\{([^{}]*)\}\}/g;

/** Cuts a text at its `{{column}}`s; a `\{{` is a literal `{{`. */
export function piecesOf(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let literal = "";
  let at = 0;
  const flush = () => {
    if (literal !== "") pieces.push({ text: literal });
    literal = "";
  };
  for (const match of text.matchAll(mark)) {
    literal += text.slice(at, match.index);
    at = match.index + match[0].length;
    const [, column] = match;
    if (column === undefined) literal += "{{";
    else {
      flush();
      pieces.push({ column: column.trim() });
    }
  }
  literal += text.slice(at);
  flush();
  return pieces;
}

/** The column of a text that is nothing but one. */
export function wholeColumn(text: string): string | undefined {
  const [piece, ...more] = piecesOf(text);
  return piece !== undefined && "column" in piece && more.length === 0 ? piece.column : undefined;
}

/** A text in which no column stands, as it is meant; `undefined` where one does. */
export function literalOf(text: string): string | undefined {
  const pieces = piecesOf(text);
  if (pieces.some((piece) => "column" in piece)) return undefined;
  return pieces.map((piece) => ("text" in piece ? piece.text : "")).join("");
}
