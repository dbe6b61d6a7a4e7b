import type { SimulatorCore } from "./core.ts";
import type { Look, Writer } from "./dialect.ts";
import { SimulatorApiError } from "./errors.ts";
import { readForm } from "./form.ts";
import { contentReply, jsonReply, type Reply } from "./reply.ts";
import type { BatchObject, FileObject } from "./types.ts";
import { readUpload } from "./upload.ts";

/** A call as the routes see it. */
interface RouteRequest {
  readonly method: string;
  /** The path behind `/v1`. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: {
    readonly "content-type"?: string | undefined;
    readonly range?: string | undefined;
  };
  readonly body: AsyncIterable<Buffer>;
}

/** How calls are answered. */
export interface RouteOptions {
  /** Whether content can be downloaded in ranges. */
  readonly ranges: boolean;
  /** How batches, files and answers are written. */
  readonly write: Writer;
}

/** Answers one call of the Files or Batch API. Throws a `SimulatorApiError` for an error answer. */
export async function route(
  core: SimulatorCore,
  request: RouteRequest,
  { ranges, write }: RouteOptions,
): Promise<Reply> {
  const { method, path, query, headers } = request;
  const [, collection = "", encodedId, action = ""] =
    /^\/([^/]+)(?:\/(.+?))?(\/content|\/cancel)?$/.exec(path) ?? [];
  const id = encodedId === undefined ? "" : decodeId(encodedId);
  const answer = (value: unknown): Reply => jsonReply(write.answer(value, { method, path }));
  const file = (value: FileObject): Reply => answer(write.file(value));
  const batch = (value: BatchObject, call: Look["call"]): Reply => answer(write.batch(value, call));

  switch (`${method} /${collection}${encodedId === undefined ? "" : "/{id}"}${action}`) {
    case "POST /files":
      return file(
        core.createFile(readUpload(await readForm(request.body, headers["content-type"]))),
      );
    case "GET /files": {
      const page = core.listFiles(query);
      return answer({ ...page, data: page.data.map(write.file) });
    }
    case "GET /files/{id}":
      return file(core.getFile(id));
    case "DELETE /files/{id}":
      return answer(core.deleteFile(id));
    case "GET /files/{id}/content":
      return contentReply(core.fileContent(id), ranges ? headers.range : undefined);
    case "GET /models/{id}":
      return answer(core.getModel(id));
    case "POST /batches":
      return batch(core.createBatch(await readJson(request.body)), "create");
    case "GET /batches": {
      const page = core.listBatches(query);
      return answer({ ...page, data: page.data.map((item) => write.batch(item, "list")) });
    }
    case "GET /batches/{id}":
      return batch(core.retrieveBatch(id), "retrieve");
    case "POST /batches/{id}/cancel":
      return batch(core.cancelBatch(id), "cancel");
    default:
      throw new SimulatorApiError(404, `Invalid URL (${method} /v1${path})`);
  }
}

/** Reads a body of JSON. Throws a `SimulatorApiError` with status 400 when it is none. */
export async function readJson(body: AsyncIterable<Buffer>): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk);
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    throw new SimulatorApiError(
      400,
      "We could not parse the JSON body of your request. The API expects a JSON payload, but what was sent was not valid JSON.",
    );
  }
}

function decodeId(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
