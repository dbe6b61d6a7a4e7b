import { Buffer } from "node:buffer";
import { type ServerResponse, STATUS_CODES } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { gzipSync } from "node:zlib";
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

/** An answer of plain text. */
export function textReply(
  text: string,
  status: number,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return { status, headers: { "content-type": "text/plain", ...headers }, body: Bytes.from(text) };
}

/** The page of a gateway that knows nothing of JSON. */
export function htmlReply(status: number): Reply {
  const title = `${status} ${STATUS_CODES[status] ?? ""}`.trimEnd();
  return textReply(
    `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`,
    status,
    { "content-type": "text/html" },
  );
}

/** The same answer, compressed. */
export function gzipReply({ status, headers, body }: Reply): Reply {
  return {
    status,
    headers: { ...headers, "content-encoding": "gzip" },
    body: Bytes.from(gzipSync(body.read())),
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

/** Where a reply's body stops, in bytes, and whether the client is left to think that it is whole. */
export interface Cut {
  readonly at: number;
  readonly silent: boolean;
}

/** Sends a reply, or a part of it. */
export async function sendReply(response: ServerResponse, reply: Reply, cut?: Cut): Promise<void> {
  const { status, headers, body } = reply;
  if (cut?.silent === true) {
    response.writeHead(status, headers);
    await send(response, body.range(0, cut.at));
    return;
  }
  // An answer of status 204 has neither a body nor a length.
  response.writeHead(
    status,
    status === 204 ? headers : { ...headers, "content-length": String(body.size) },
  );
  if (cut === undefined) await send(response, body.range());
  else await sendBroken(response, Buffer.concat([...body.range(0, cut.at)]));
}

async function send(response: ServerResponse, chunks: Iterable<Buffer>): Promise<void> {
  await pipeline(Readable.from(chunks, { objectMode: false }), response);
}

async function sendBroken(response: ServerResponse, part: Buffer): Promise<void> {
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
