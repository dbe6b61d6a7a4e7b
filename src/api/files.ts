import { Readable } from "node:stream";

import { encodingsOf } from "./content-encoding.ts";
import { download, type DownloadOptions, type DownloadResult } from "./download.ts";
import { APIError, UnreadableAnswerError } from "./errors.ts";
import { isFields } from "./json.ts";
import { normalizeFile } from "./normalize.ts";
import { pageOf } from "./page-data.ts";
import { paged, type PagePromise } from "./page.ts";
import type {
  CallOptions,
  ExpiresAfter,
  FileDeleted,
  FileListParams,
  FileObject,
} from "./types.ts";
import { uploadBody } from "./upload.ts";
import { sourceOf, type Uploadable } from "./uploadable.ts";
import { idPath, unknownShape, type Wire } from "./wire.ts";

/** What `client.files.create` uploads. */
export interface FileCreateParams {
  /** A path, a `File`, an `fs.ReadStream`, the answer of a `fetch`, or any other `UploadSource`. */
  readonly file: Uploadable;
  /** `batch` for the input of a batch. */
  readonly purpose: string;
  readonly expires_after?: ExpiresAfter | undefined;
}

/** How a file is uploaded. */
interface UploadOptions extends CallOptions {
  /** Asked, before a file whose answer was lost is sent again, whether it is there after all. */
  readonly findLost?: (() => Promise<FileObject | undefined>) | undefined;
}

/**
 * `client.files`: the input and result files of batches.
 *
 * Made by `BatchClient`. Sizes are bytes, times Unix seconds.
 *
 * @example
 * ```ts
 * import { BatchClient } from "openai-batch-action";
 *
 * const client = new BatchClient();
 * const file = await client.files.create({
 *   file: "requests.jsonl",
 *   purpose: "batch",
 *   expires_after: { anchor: "created_at", seconds: 86_400 },
 * });
 * const { bytes } = await client.files.download(file.id, "copy.jsonl");
 * console.log(bytes === file.bytes); // true
 * console.log((await client.files.delete(file.id)).deleted); // true
 * ```
 */
export class Files {
  readonly #wire: Wire;

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  /**
   * Uploads a file (`POST /files`), streamed from disk; every retry reads it again from the start.
   *
   * @throws {APIError} when the server refused, 413 for a file that is too large; `invalid_file` when `file` cannot be uploaded
   * @throws the system's error when the file cannot be read
   */
  async create(params: FileCreateParams, options: UploadOptions = {}): Promise<FileObject> {
    const call = "POST /files";
    const source = await sourceOf(params.file);
    let answerLost = false;
    return this.#wire.retried({ ...options, call }, async (signal) => {
      const found = answerLost ? await options.findLost?.() : undefined;
      if (found !== undefined) return found;
      const upload = uploadBody(source, params.purpose, params.expires_after);
      const request = { method: "POST", path: "/files", upload, signal } as const;
      try {
        return fileOf(call, await this.#wire.transport.json(request));
      } catch (error) {
        answerLost ||= error instanceof APIError && error.outcomeUnknown;
        throw error;
      }
    });
  }

  /** Reads what is known of a file (`GET /files/{id}`). */
  async retrieve(fileId: string, options: CallOptions = {}): Promise<FileObject> {
    const path = filePath(fileId);
    const call = `GET ${path}`;
    return this.#wire.retried({ ...options, call }, async (signal) =>
      fileOf(call, await this.#wire.transport.json({ method: "GET", path, signal })),
    );
  }

  /**
   * Lists files (`GET /files`). Awaited it is one page; `for await` goes through all of them, and
   * throws at the end of a list that is incomplete.
   */
  list(query: FileListParams = {}, options: CallOptions = {}): PagePromise<FileObject> {
    const call = "GET /files";
    const { after, limit, order, purpose } = query;
    const fetch = async (cursor: string | undefined) =>
      this.#wire.retried({ ...options, call }, async (signal) =>
        pageOf(
          { call, expected: "a list of files", read: normalizeFile },
          await this.#wire.transport.json({
            method: "GET",
            path: "/files",
            query: { after: cursor, limit, order, purpose },
            signal,
          }),
        ),
      );
    return paged({ call, after, fetch });
  }

  /**
   * Opens a file's bytes (`GET /files/{id}/content`) as a web `Response`, as the official package
   * does: `await (await client.files.content(id)).text()`. The body is a stream; for a large file
   * that must come whole use `download`.
   */
  async content(fileId: string, options: CallOptions = {}): Promise<Response> {
    const request = { method: "GET", path: `${filePath(fileId)}/content` } as const;
    return this.#wire.retried(
      { ...options, call: `${request.method} ${request.path}` },
      async (signal) => {
        const answer = await this.#wire.transport.open({ ...request, signal });
        const { transport } = this.#wire;
        const bytes = async function* () {
          try {
            yield* answer.body;
          } catch (error) {
            throw transport.broken(request, answer, error);
          }
        };
        const encoded = encodingsOf(answer.headers).length > 0;
        const headers = Object.entries(answer.headers).flatMap(([name, value]) =>
          typeof value !== "string" || (encoded && ofEncoded.has(name))
            ? []
            : [[name, value] as [string, string]],
        );
        // Node's web stream is the one that fetch uses; its two type declarations differ.
        const body = Readable.toWeb(Readable.from(bytes(), { objectMode: false })) as unknown;
        const empty = answer.status === 204 || answer.status === 205;
        return new Response(empty ? null : (body as ReadableStream), {
          status: answer.status,
          headers,
        });
      },
    );
  }

  /**
   * Brings a file's bytes to disk, whole or not at all: a cut answer is gone on with or fetched
   * again, and the file appears under `path` only once its last byte is there. Folders are made.
   *
   * @throws {APIError} when the file is not there, or does not come whole after all retries
   */
  async download(
    fileId: string,
    path: string,
    options: DownloadOptions = {},
  ): Promise<DownloadResult> {
    return download(this.#wire, `${filePath(fileId)}/content`, path, options);
  }

  /** Deletes a file (`DELETE /files/{id}`). */
  async delete(fileId: string, options: CallOptions = {}): Promise<FileDeleted> {
    const path = filePath(fileId);
    const call = `DELETE ${path}`;
    let answerLost = false;
    return this.#wire.retried({ ...options, call }, async (signal) => {
      let answer: unknown;
      try {
        answer = await this.#wire.transport.json({ method: "DELETE", path, signal });
      } catch (error) {
        if (!(error instanceof APIError)) throw error;
        // A 2xx without JSON, as 204, says that it is done; a web page says nothing.
        if (error instanceof UnreadableAnswerError && !error.page) return deleted(fileId, true);
        // What an earlier attempt has deleted is not there any more.
        if (!answerLost || error.status !== 404) {
          answerLost ||= error.outcomeUnknown;
          throw error;
        }
        answer = {};
      }
      return deleted(fileId, isFields(answer) && answer["deleted"] !== false);
    });
  }
}

/** Headers of the bytes on the wire, which those of a decoded body are not. */
const ofEncoded: ReadonlySet<string> = new Set(["content-encoding", "content-length"]);

function deleted(id: string, done: boolean): FileDeleted {
  return { id, object: "file", deleted: done };
}

function filePath(id: string): string {
  return `/files/${idPath(id)}`;
}

function fileOf(call: string, answer: unknown): FileObject {
  const file = normalizeFile(answer);
  if (file === undefined) throw unknownShape(call, "a file");
  return file;
}
