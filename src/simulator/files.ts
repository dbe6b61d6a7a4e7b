import type { Bytes } from "./bytes.ts";
import { invalidParameter, noSuchFile, SimulatorApiError } from "./errors.ts";
import { pageOf } from "./pages.ts";
import { readExpiresAfter, readLimit } from "./params.ts";
import type { Random } from "./random.ts";
import type { DeletedFile, FileObject, ListPage } from "./types.ts";

const PURPOSES = ["assistants", "batch", "fine-tune", "vision", "user_data", "evals"];

/** Batch files live 30 days unless told otherwise. */
const DEFAULT_LIFETIME_SECONDS = 2_592_000;

/** A file to be uploaded. `expires_after` is checked, so it may be anything. */
export interface Upload {
  readonly bytes: Bytes;
  readonly filename: string;
  readonly purpose: string;
  readonly expires_after?: unknown;
}

/** What `GET /files` understands. All values are the query string's texts. */
export interface FilesQuery {
  readonly purpose?: string | undefined;
  readonly limit?: string | undefined;
  /** By creation: `asc`, or `desc`, the default. */
  readonly order?: string | undefined;
  /** The id of the last file already seen. */
  readonly after?: string | undefined;
}

interface StoredFile {
  readonly object: FileObject;
  readonly bytes: Bytes;
  readonly createdAt: number;
}

/** The files of one account: uploads and the results that batches leave. */
export interface FileStore {
  readonly upload: (upload: Upload) => FileObject;
  /** Adds a result file. `createdAt` is in milliseconds, `lifetimeSeconds` the time it lives. */
  readonly addResult: (result: {
    readonly bytes: Bytes;
    readonly filename: string;
    readonly createdAt: number;
    readonly lifetimeSeconds?: number | undefined;
  }) => FileObject;
  readonly get: (id: string) => FileObject;
  readonly content: (id: string) => Bytes;
  /** A batch's input. A file younger than `fileLag` is not found yet. */
  readonly input: (id: string) => { readonly object: FileObject; readonly bytes: Bytes };
  readonly list: (query?: FilesQuery) => ListPage<FileObject>;
  readonly delete: (id: string) => DeletedFile;
  readonly all: () => readonly FileObject[];
}

/** Makes an empty store. `fileLag` is in milliseconds, `maxBytes` the largest batch file taken. */
export function createFileStore(context: {
  readonly now: () => number;
  readonly random: Random;
  readonly fileLag: number;
  readonly maxBytes: number;
}): FileStore {
  const { now, random } = context;
  const files = new Map<string, StoredFile>();

  const add = (
    file: Pick<FileObject, "filename" | "purpose">,
    bytes: Bytes,
    createdAt: number,
    lifetime: number | null,
  ): FileObject => {
    const created = Math.floor(createdAt / 1000);
    const object: FileObject = {
      id: `file-${random.base62(22)}`,
      object: "file",
      bytes: bytes.size,
      created_at: created,
      expires_at: lifetime === null ? null : created + lifetime,
      filename: file.filename,
      purpose: file.purpose,
      status: "processed",
      status_details: null,
    };
    files.set(object.id, { object, bytes, createdAt });
    return object;
  };

  const find = (id: string): StoredFile => {
    const file = files.get(id);
    if (file === undefined || !alive(file)) throw noSuchFile(id);
    return file;
  };
  const alive = ({ object }: StoredFile): boolean =>
    object.expires_at === null || now() < object.expires_at * 1000;
  const all = (): FileObject[] => [...files.values()].filter(alive).map((file) => file.object);

  return {
    upload(upload) {
      if (!PURPOSES.includes(upload.purpose)) {
        throw invalidParameter(
          "purpose",
          null,
          `'${upload.purpose}' is not one of ${JSON.stringify(PURPOSES)} - 'purpose'`,
        );
      }
      const expiry = readExpiresAfter(upload.expires_after, "expires_after");
      if (upload.purpose === "batch") checkBatchFile(upload, context.maxBytes);
      const lifetime = upload.purpose === "batch" ? DEFAULT_LIFETIME_SECONDS : null;
      return add(upload, upload.bytes, now(), expiry?.seconds ?? lifetime);
    },
    addResult: ({ bytes, filename, createdAt, lifetimeSeconds }) =>
      add(
        { filename, purpose: "batch_output" },
        bytes,
        createdAt,
        lifetimeSeconds ?? DEFAULT_LIFETIME_SECONDS,
      ),
    get: (id) => find(id).object,
    content: (id) => find(id).bytes,
    input(id) {
      const file = find(id);
      if (now() - file.createdAt < context.fileLag) throw noSuchFile(id);
      return file;
    },
    list(query = {}) {
      const limit = readLimit(query.limit, { max: 10_000, default: 10_000 });
      const order = query.order ?? "desc";
      if (order !== "asc" && order !== "desc") {
        throw invalidParameter(
          "order",
          "invalid_value",
          `Invalid value: '${order}'. Supported values are: 'asc' and 'desc'.`,
        );
      }
      const wanted = all().filter(
        (file) => query.purpose === undefined || file.purpose === query.purpose,
      );
      if (order === "desc") wanted.reverse();
      return pageOf(wanted, { after: query.after, limit }, noSuchFile);
    },
    delete(id) {
      find(id);
      files.delete(id);
      return { id, object: "file", deleted: true };
    },
    all,
  };
}

function checkBatchFile(upload: Upload, maxBytes: number): void {
  if (!upload.filename.endsWith(".jsonl")) {
    throw new SimulatorApiError(400, "Invalid file format for Batch API. Must be .jsonl");
  }
  if (upload.bytes.size > maxBytes) {
    throw new SimulatorApiError(
      413,
      `File is too large: ${upload.bytes.size} bytes. The maximum for a batch is ${maxBytes} bytes.`,
    );
  }
}
