import { Buffer } from "node:buffer";
import { SimulatorApiError } from "./errors.ts";

/** One part of a multipart form, its content in the chunks in which it came. */
export interface FormPart {
  readonly name: string;
  /** Only parts that are files have one. */
  readonly filename: string | undefined;
  readonly chunks: readonly Buffer[];
}

const HEADER_END = Buffer.from("\r\n\r\n");
const MAX_HEADER_BYTES = 16 * 1024;

/** The boundary that a `content-type` header names. Throws a `SimulatorApiError` with status 400 when it names none. */
export function boundaryOf(contentType: string | undefined): string {
  const match = /^multipart\/form-data\s*;.*?boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(
    contentType ?? "",
  );
  const boundary = match?.[1] ?? match?.[2];
  if (boundary !== undefined) return boundary;
  throw malformed("expected a multipart/form-data body with a boundary");
}

/**
 * Takes a form apart while it arrives. Each byte is looked at once and file content is kept in the pieces in which it
 * came, so that 200 MB cost no more than their own size. Parts are returned in the form's order.
 *
 * Throws a `SimulatorApiError` with status 400 when the form is malformed or ends early.
 */
export async function readForm(
  source: AsyncIterable<Buffer>,
  boundary: string,
): Promise<readonly FormPart[]> {
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  const parts: FormPart[] = [];
  let state: "content" | "after-delimiter" | "header" | "end" = "content";
  let chunks: Buffer[] = [];
  // The first delimiter has no line break before it, so one is put there.
  let rest: Buffer = Buffer.from("\r\n");

  for await (const piece of source) {
    rest = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    for (;;) {
      if (state === "content") {
        const at = rest.indexOf(delimiter);
        if (at === -1) {
          const safe = rest.length - delimiter.length + 1;
          if (safe > 0) {
            chunks.push(rest.subarray(0, safe));
            rest = rest.subarray(safe);
          }
          break;
        }
        if (at > 0) chunks.push(rest.subarray(0, at));
        rest = rest.subarray(at + delimiter.length);
        state = "after-delimiter";
      } else if (state === "after-delimiter") {
        if (rest.length < 2) break;
        state = rest.subarray(0, 2).toString("latin1") === "--" ? "end" : "header";
      } else if (state === "header") {
        const at = rest.indexOf(HEADER_END);
        if (at === -1) {
          if (rest.length > MAX_HEADER_BYTES) throw malformed("a part's header is too long");
          break;
        }
        chunks = [];
        parts.push({ ...readHeader(rest.subarray(0, at).toString("utf8")), chunks });
        rest = rest.subarray(at + HEADER_END.length);
        state = "content";
      } else {
        rest = Buffer.alloc(0);
        break;
      }
    }
  }

  if (state !== "end") throw malformed("the form ends before its last boundary");
  return parts;
}

function readHeader(header: string): Pick<FormPart, "name" | "filename"> {
  const disposition = /^content-disposition:\s*form-data\s*;(.*)$/im.exec(header)?.[1];
  if (disposition === undefined) throw malformed("a part has no content-disposition");
  const encoded = /;\s*filename\*=UTF-8''([^;\s]+)/i.exec(`;${disposition}`)?.[1];
  const filename = encoded === undefined ? parameter(disposition, "filename") : decode(encoded);
  const name = parameter(disposition, "name");
  if (name === undefined) throw malformed("a part has no name");
  return { name, filename };
}

function parameter(disposition: string, name: string): string | undefined {
  const match = new RegExp(`;\\s*${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^;\\s]+))`, "i").exec(
    `;${disposition}`,
  );
  const value = match?.[1] ?? match?.[2];
  return value
    ?.replace(/\\(["\\])/g, "$1")
    .replace(/%22/g, '"')
    .replace(/%0D/gi, "\r")
    .replace(/%0A/gi, "\n");
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw malformed("a part's file name is not well encoded");
  }
}

function malformed(what: string): SimulatorApiError {
  return new SimulatorApiError(400, `Could not parse multipart form: ${what}.`);
}
