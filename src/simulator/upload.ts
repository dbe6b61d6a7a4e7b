import { Bytes } from "./bytes.ts";
import { missingParameter } from "./errors.ts";
import type { Upload } from "./files.ts";
import type { FormPart } from "./multipart.ts";

/**
 * Makes an upload of a form's parts. With `fieldsBeforeFile`, fields behind the file are not seen: a server that streams
 * the file on has to know its purpose before. Throws a `SimulatorApiError` with status 400 when a field is missing.
 */
export function readUpload(
  parts: readonly FormPart[],
  options: { readonly fieldsBeforeFile: boolean },
): Upload {
  const fileAt = parts.findIndex((part) => part.name === "file");
  const seen = options.fieldsBeforeFile && fileAt !== -1 ? parts.slice(0, fileAt) : parts;
  const field = (name: string): string | undefined => {
    const part = seen.find((candidate) => candidate.name === name);
    return part === undefined ? undefined : Bytes.from(part.chunks).text();
  };

  const purpose = field("purpose");
  if (purpose === undefined) throw missingParameter("purpose");
  const file = parts[fileAt];
  if (file?.filename === undefined) throw missingParameter("file");

  const anchor = field("expires_after[anchor]");
  const seconds = field("expires_after[seconds]");
  const expires = anchor !== undefined || seconds !== undefined;
  return {
    bytes: Bytes.from(file.chunks),
    filename: file.filename,
    purpose,
    ...(expires && {
      expires_after: { anchor, seconds: seconds === undefined ? undefined : Number(seconds) },
    }),
  };
}
