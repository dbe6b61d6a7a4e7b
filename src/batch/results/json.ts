const nul = 0;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);
/** A whole string, or one of the three numbers that Python writes and JSON does not know. */
const stringsAndNumbers = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g;

/**
 * JSON as servers write it: also with Python's `NaN`, `Infinity` and `-Infinity`, which are read as `null`.
 *
 * @throws SyntaxError, which may hold text of the line: never show it
 */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const strict = text.replace(stringsAndNumbers, (found) =>
      found.startsWith('"') ? found : "null",
    );
    if (strict === text) throw error;
    return JSON.parse(strict);
  }
}

/** As `parseJson`; `undefined` for what is not JSON. */
export function jsonOf(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/** A line without what servers leave around it: byte order marks and zero bytes. */
export function trimmedLine(bytes: Buffer): { readonly bytes: Buffer; readonly skipped: number } {
  let start = 0;
  let end = bytes.length;
  for (;;) {
    if (bytes[start] === nul) start += 1;
    else if (bytes.subarray(start, start + 3).equals(byteOrderMark)) start += 3;
    else break;
  }
  // Zero bytes may stand before the line break too; white space alone stays as it came.
  let last = end;
  while (last > start && isPadding(bytes[last - 1])) {
    last -= 1;
    if (bytes[last] === nul) end = last;
  }
  return {
    bytes: start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end),
    skipped: start,
  };
}

/** A zero byte, a line break, or a blank. */
function isPadding(byte: number | undefined): boolean {
  return byte === nul || byte === 13 || byte === 10 || byte === 32 || byte === 9;
}
