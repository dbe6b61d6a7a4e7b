import type { Bytes } from "./bytes.ts";
import { invalidParameter, noSuchFile, SimulatorApiError } from "./errors.ts";
import type { ListHabits } from "./list-habits.ts";
import { pageOf } from "./pages.ts";
import { readExpiresAfter, readLimit } from "./params.ts";
import type { DeletedFile, FileObject, ListPage } from "./types.ts";

const PURPOSES = ["assistants", "batch", "fine-tune", "vision", "user_data", "evals"];

/** How long batch files live by default: 30 days. */
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

/** How a server works on an uploaded file before batches can be made of it. */
export interface Processing {
  /** How long it takes, in milliseconds. */
  readonly ms: number;
  /** The file's status meanwhile; `pending` by default. */
  readonly status?: Exclude<FileObject["status"], "processed"> | undefined;
  /** The status that `POST /batches` is answered with meanwhile; 400 by default. */
  readonly refusal?: 400 | 404 | undefined;
}

/** What a store of files needs of the world around it. */
interface FileStoreContext {
  readonly now: () => number;
  readonly newId: () => string;
  /** How long a new file is not found when a batch is made of it, in milliseconds. */
  readonly fileLag: number;
  readonly processing: Processing | undefined;
  /** The largest batch file accepted. */
  readonly maxBytes: number;
  readonly after: ListHabits["after"];
}

interface StoredFile {
  readonly object: FileObject;
  readonly bytes: Bytes;
  readonly createdAt: number;
}

/** The files of one account: uploads and the results that batches leave. */
export class FileStore {
  readonly #context: FileStoreContext;
  readonly #files = new Map<string, StoredFile>();

  constructor(context: FileStoreContext) {
    this.#context = context;
  }

  upload(upload: Upload): FileObject {
    if (!PURPOSES.includes(upload.purpose)) {
      throw invalidParameter(
        "purpose",
        null,
        `'${upload.purpose}' is not one of ${JSON.stringify(PURPOSES)} - 'purpose'`,
      );
    }
    const expiry = readExpiresAfter(upload.expires_after, "expires_after");
    if (upload.purpose === "batch") checkBatchFile(upload, this.#context.maxBytes);
    const lifetime = upload.purpose === "batch" ? DEFAULT_LIFETIME_SECONDS : null;
    return this.#add(upload, this.#context.now(), expiry?.seconds ?? lifetime);
  }

  /** Adds a result file. `createdAt` is in milliseconds, `lifetimeSeconds` the time it lives. */
  addResult(result: {
    readonly bytes: Bytes;
    readonly filename: string;
    readonly createdAt: number;
    readonly lifetimeSeconds?: number | undefined;
  }): FileObject {
    const { bytes, filename, createdAt, lifetimeSeconds } = result;
    const file = { bytes, filename, purpose: "batch_output" };
    return this.#add(file, createdAt, lifetimeSeconds ?? DEFAULT_LIFETIME_SECONDS);
  }

  get(id: string): FileObject {
    return this.#view(this.#find(id));
  }

  content(id: string): Bytes {
    return this.#find(id).bytes;
  }

  /** A batch's input. Throws while the file is too young or still being processed. */
  input(id: string): { readonly object: FileObject; readonly bytes: Bytes } {
    const file = this.#find(id);
    const { now, fileLag, processing } = this.#context;
    if (now() - file.createdAt < fileLag) throw noSuchFile(id);
    if (this.#view(file).status !== "processed") {
      if (processing?.refusal === 404) throw noSuchFile(id);
      throw invalidParameter("input_file_id", null, `File ${id} has not been processed yet.`);
    }
    return file;
  }

  list(query: FilesQuery = {}): ListPage<FileObject> {
    const limit = readLimit(query.limit, { max: 10_000, default: 10_000 });
    const order = query.order ?? "desc";
    if (order !== "asc" && order !== "desc") {
      throw invalidParameter(
        "order",
        "invalid_value",
        `Invalid value: '${order}'. Supported values are: 'asc' and 'desc'.`,
      );
    }
    const wanted = this.all().filter(
      (file) => query.purpose === undefined || file.purpose === query.purpose,
    );
    if (order === "desc") wanted.reverse();
    return pageOf(wanted, { after: query.after, limit, habit: this.#context.after }, noSuchFile);
  }

  delete(id: string): DeletedFile {
    this.#find(id);
    this.#files.delete(id);
    return { id, object: "file", deleted: true };
  }

  /** Every file there is now, oldest first. */
  all(): FileObject[] {
    return [...this.#files.values()]
      .filter((file) => this.#alive(file))
      .map((file) => this.#view(file));
  }

  #add(
    { bytes, filename, purpose }: Pick<Upload, "bytes" | "filename" | "purpose">,
    createdAt: number,
    lifetime: number | null,
  ): FileObject {
    const created = Math.floor(createdAt / 1000);
    const object: FileObject = {
      id: this.#context.newId(),
      object: "file",
      bytes: bytes.size,
      created_at: created,
      expires_at: lifetime === null ? null : created + lifetime,
      filename,
      purpose,
      status: "processed",
      status_details: null,
    };
    const file = { object, bytes, createdAt };
    this.#files.set(object.id, file);
    return this.#view(file);
  }

  #find(id: string): StoredFile {
    const file = this.#files.get(id);
    if (file === undefined || !this.#alive(file)) throw noSuchFile(id);
    return file;
  }

  #alive({ object }: StoredFile): boolean {
    return object.expires_at === null || this.#context.now() < object.expires_at * 1000;
  }

  #view({ object, createdAt }: StoredFile): FileObject {
    const { now, processing } = this.#context;
    const uploaded = object.purpose === "batch";
    if (processing === undefined || !uploaded || now() - createdAt >= processing.ms) return object;
    return { ...object, status: processing.status ?? "pending" };
  }
}

function checkBatchFile(upload: Upload, maxBytes: number): void {
  // Clients are known that upload under a name without any extension, such as `upload`.
  if (/\.(?!jsonl$)[^.]*$/.test(upload.filename)) {
    throw new SimulatorApiError(400, "Invalid file format for Batch API. Must be .jsonl");
  }
  if (upload.bytes.size > maxBytes) {
    throw new SimulatorApiError(
      413,
      `File is too large: ${upload.bytes.size} bytes. The maximum for a batch is ${maxBytes} bytes.`,
    );
  }
}
