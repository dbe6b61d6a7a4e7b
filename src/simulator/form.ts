import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Busboy } from "@fastify/busboy";
import { SimulatorApiError } from "./errors.ts";

/** A file of a form, its content in the chunks in which it came. */
interface FormFile {
  readonly filename: string;
  readonly chunks: readonly Buffer[];
}

/** A multipart form. Of parts with the same name the last one counts. */
export interface Form {
  readonly fields: ReadonlyMap<string, string>;
  readonly files: ReadonlyMap<string, FormFile>;
}

/**
 * Reads a form while it arrives. A file stays in the pieces in which it came, so that 200 MB cost no more than their own
 * size; the platform's `formData()` would hold them four times.
 *
 * Throws a `SimulatorApiError` with status 400 when the form is malformed or ends early.
 */
export async function readForm(
  body: AsyncIterable<Buffer>,
  contentType: string | undefined,
): Promise<Form> {
  const fields = new Map<string, string>();
  const files = new Map<string, FormFile>();
  try {
    const parser = new Busboy({
      headers: { "content-type": contentType ?? "" },
      isPartAFile: (_name, _type, filename) => filename !== undefined,
    });
    parser.on("field", (name, value) => {
      fields.set(name, value);
    });
    parser.on("file", (name, stream, filename) => {
      const chunks: Buffer[] = [];
      files.set(name, { filename, chunks });
      stream.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
      });
      // A form that ends within a file breaks this stream and the parser; the parser's error is the one that is reported.
      stream.on("error", (error) => parser.destroy(error));
    });
    await pipeline(Readable.from(body), parser);
  } catch (error) {
    throw new SimulatorApiError(400, `Could not parse multipart form: ${String(error)}`);
  }
  return { fields, files };
}
