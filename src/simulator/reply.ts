import { Buffer } from "node:buffer";
import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Bytes } from "./bytes.ts";
import { SimulatorApiError } from "./errors.ts";

/** An answer before it goes over the wire. `content-length` is added when it is sent. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Bytes;
}

/** An answer of JSON. */
export function jsonReply(
  value: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return {
    status,
    headers: { "content-type": "application/json", ...headers },
    body: Bytes.from(JSON.stringify(value)),
  };
}

/** The answer that an error stands for. Errors other than a `SimulatorApiError` are thrown again. */
export function errorReply(error: unknown): Reply {
  if (error instanceof SimulatorApiError) return jsonReply(error.body, error.status, error.headers);
  throw error;
}

/** The page of a gateway that knows nothing of JSON. */
export function htmlReply(status: number): Reply {
  return {
    status,
    headers: { "content-type": "text/html" },
    body: Bytes.from(
      `<html>\r\n<head><title>${status} Bad Gateway</title></head>\r\n<body>\r\n<center><h1>${status} Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n`,
    ),
  };
}

/**
 * A file's content, or the part of it that a `range` header asks for: 206 for one range of bytes, 416 for one beyond the
 * end. A header of any other form is ignored, as HTTP allows.
 */
export function contentReply(content: Bytes, range: string | undefined): Reply {
  const headers = { "content-type": "application/octet-stream", "accept-ranges": "bytes" };
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(range ?? "") ?? [];
  if (first === undefined || last === undefined || first + last === "") {
    return { status: 200, headers, body: content };
  }
  const { size } = content;
  const start = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === "" || last === "" ? size : Math.min(size, Number(last) + 1);
  if (start >= end) {
    throw new SimulatorApiError(416, "The requested range is not satisfiable.", {
      headers: { "content-range": `bytes */${size}` },
    });
  }
  return {
    status: 206,
    headers: { ...headers, "content-range": `bytes ${start}-${end - 1}/${size}` },
    body: Bytes.from([...content.range(start, end)]),
  };
}

/** Sends a reply. With `cut`, the connection breaks after that many bytes of the body. */
export async function sendReply(
  response: ServerResponse,
  reply: Reply,
  cut?: number,
): Promise<void> {
  response.writeHead(reply.status, {
    ...reply.headers,
    "content-length": String(reply.body.size),
  });
  if (cut === undefined) {
    await pipeline(Readable.from(reply.body.range(), { objectMode: false }), response);
    return;
  }
  const part = Buffer.concat([...reply.body.range(0, cut)]);
  response.flushHeaders();
  // The connection may break only when the part is out, or the client would see fewer bytes than asked for.
  await new Promise<void>((resolve) => {
    if (part.length === 0) setImmediate(resolve);
    else
      response.write(part, () => {
        resolve();
      });
  });
  response.destroy();
}
