import type { SimulatorCore } from "./core.ts";
import { SimulatorApiError } from "./errors.ts";
import { boundaryOf, readForm } from "./multipart.ts";
import { contentReply, jsonReply, type Reply } from "./reply.ts";
import { readUpload } from "./upload.ts";

/** A call as the routes see it. */
export interface RouteRequest {
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

/** Whether fields of an upload have to come before its file, and whether content can be had in ranges. */
export interface RouteOptions {
  readonly fieldsBeforeFile: boolean;
  readonly ranges: boolean;
}

/** Answers one call of the Files or Batch API. Throws a `SimulatorApiError` for an error answer. */
export async function route(
  core: SimulatorCore,
  request: RouteRequest,
  options: RouteOptions,
): Promise<Reply> {
  const { method, path, query } = request;
  const [collection, encodedId, action, ...more] = path.slice(1).split("/");
  const id = encodedId === undefined ? undefined : decodeId(encodedId);
  const target = [collection, id && "{id}", action, ...more].filter((part) => part !== undefined);

  switch (`${method} /${target.join("/")}`) {
    case "POST /files": {
      const parts = await readForm(request.body, boundaryOf(request.headers["content-type"]));
      return jsonReply(core.createFile(readUpload(parts, options)));
    }
    case "GET /files":
      return jsonReply(core.listFiles(query));
    case "GET /files/{id}":
      return jsonReply(core.getFile(id ?? ""));
    case "DELETE /files/{id}":
      return jsonReply(core.deleteFile(id ?? ""));
    case "GET /files/{id}/content":
      return contentReply(
        core.fileContent(id ?? ""),
        options.ranges ? request.headers.range : undefined,
      );
    case "POST /batches":
      return jsonReply(core.createBatch(await readJson(request.body)));
    case "GET /batches":
      return jsonReply(core.listBatches(query));
    case "GET /batches/{id}":
      return jsonReply(core.retrieveBatch(id ?? ""));
    case "POST /batches/{id}/cancel":
      return jsonReply(core.cancelBatch(id ?? ""));
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
