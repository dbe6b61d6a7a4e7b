import type { InputScan } from "../input.ts";
import { readRequestLine } from "../input/request-line.ts";
import { checkStamps } from "../input/stamp.ts";
import { LineReader } from "../results/line-reader.ts";
import { contentKey } from "./content-key.ts";
import { KeyTable } from "./key-table.ts";

/** What each request of an input asks for, as asked of one server. */
export interface ContentKeys {
  readonly baseURL: string;
  /** By the number of the request. */
  readonly keys: Pick<KeyTable, "textOf">;
}

/**
 * The keys of an input's requests: those that its scan has made, else the input is read once more.
 *
 * @param endpoint of lines that name none
 * @throws {APIError} `input_changed` when it is not what was scanned
 */
export async function contentKeysOf(
  scan: InputScan,
  baseURL: string,
  endpoint: string | undefined,
): Promise<ContentKeys> {
  if (scan.contents?.baseURL === baseURL) return scan.contents;
  const keys = new KeyTable();
  const reader = new LineReader(scan.files);
  try {
    await checkStamps(scan.files, scan.stamps, scan.files.keys());
    for (let request = 0; request < scan.requests; request += 1) {
      const source = reader.read(scan.lines.place(request));
      const line = readRequestLine(source, { utf8: true, endpoint }, () => undefined);
      keys.add(contentKey({ baseURL, url: line?.url ?? "", body: line?.body, source }));
    }
    await checkStamps(scan.files, scan.stamps, scan.files.keys());
    return { baseURL, keys };
  } finally {
    reader.close();
  }
}
