import { basename } from "node:path";

import { APIError } from "./errors.ts";
import { fileSource, type UploadSource } from "./upload.ts";

/** What `fs.createReadStream` gives, by the one property that says where its bytes are. */
interface FileStream extends AsyncIterable<Uint8Array> {
  readonly path: string | Buffer;
}

/** What `client.files.create` takes as a file. */
export type Uploadable =
  /** The path of a file. */
  | string
  /** Anything with a name, a size and bytes that can be read again, as a `File`. */
  | UploadSource
  /** An `fs.ReadStream` of a whole file; its file is read, not the stream, as a retry reads it again. */
  | FileStream
  /** The answer of a `fetch`; it is held in memory. */
  | Response;

/**
 * The source of whatever a caller gave as a file.
 *
 * @throws {APIError} `invalid_file` when it is nothing that can be uploaded, or no longer
 * @throws the system's error when the file of a path cannot be read
 */
export async function sourceOf(file: Uploadable): Promise<UploadSource> {
  const given: unknown = file;
  if (typeof given === "string") return fileSource(given);
  if (isSource(given)) return given;
  if (isResponse(given)) return responseSource(given);
  if (isFileStream(given)) return fileSource(pathOf(given));
  throw invalid(
    "`file` is nothing that can be uploaded.",
    'Pass a path, `fs.createReadStream(path)`, the answer of a `fetch`, or `new File([text], "requests.jsonl")`.',
  );
}

interface StreamState extends FileStream {
  readonly start?: unknown;
  readonly end?: unknown;
  readonly bytesRead?: unknown;
  readonly once?: (event: "error", listener: () => void) => unknown;
  readonly destroy?: () => unknown;
}

/** The path of a stream over a whole file; the stream itself is closed. */
function pathOf(stream: StreamState): string {
  const { start = 0, end = Infinity, bytesRead = 0 } = stream;
  // Whether the file can be read is found out, and told, by reading it at its path.
  stream.once?.("error", () => undefined);
  stream.destroy?.();
  if (start !== 0 || end !== Infinity) {
    throw invalid(
      "The stream reads only a part of its file.",
      "Write the part to a file of its own, and pass its path.",
    );
  }
  if (bytesRead !== 0) {
    throw invalid(
      "The stream has been read from already.",
      "Pass the path, or a stream that nothing else reads.",
    );
  }
  return String(stream.path);
}

async function responseSource(response: Response): Promise<UploadSource> {
  const path = URL.canParse(response.url) ? new URL(response.url).pathname : "";
  const name = basename(path) || "upload";
  let blob: Blob;
  try {
    blob = await response.blob();
  } catch (error) {
    throw invalid(
      "The bytes of the response could not be read.",
      "Fetch it again, and pass a response whose body nothing else has read.",
      error,
    );
  }
  return new File([blob], name.endsWith(".jsonl") ? name : `${name}.jsonl`);
}

function isSource(value: unknown): value is UploadSource {
  return (
    has(value, "name", "string") && has(value, "size", "number") && has(value, "stream", "function")
  );
}

function isResponse(value: unknown): value is Response {
  return has(value, "url", "string") && has(value, "blob", "function");
}

function isFileStream(value: unknown): value is StreamState {
  if (typeof value !== "object" || value === null) return false;
  if (!(Symbol.asyncIterator in value) || !("path" in value)) return false;
  return typeof value.path === "string" || Buffer.isBuffer(value.path);
}

function has(value: unknown, property: string, type: "string" | "number" | "function"): boolean {
  if (typeof value !== "object" || value === null) return false;
  return typeof Reflect.get(value, property) === type;
}

function invalid(what: string, advice: string, cause?: unknown): APIError {
  return new APIError(`${what} ${advice}`, { code: "invalid_file", cause });
}
