import { Bytes } from "./bytes.ts";
import { missingParameter } from "./errors.ts";
import type { Upload } from "./files.ts";
import type { Form } from "./form.ts";

/**
 * Makes an upload of a form, its fields before or behind the file: official clients send both orders. Throws a
 * `SimulatorApiError` with status 400 when a field is missing.
 */
export function readUpload({ fields, files }: Form): Upload {
  const purpose = fields.get("purpose");
  if (purpose === undefined) throw missingParameter("purpose");
  const file = files.get("file");
  if (file === undefined) throw missingParameter("file");

  const anchor = fields.get("expires_after[anchor]");
  const seconds = fields.get("expires_after[seconds]");
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
