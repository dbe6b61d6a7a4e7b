import { createHash } from "node:crypto";
import { parse } from "node:path";

import type { BatchClient } from "../../api/client.ts";
import { APIError } from "../../api/errors.ts";
import { largestPage, type Page } from "../../api/page.ts";
import type { CallOptions, FileObject } from "../../api/types.ts";
import type { UploadSource } from "../../api/upload.ts";
import type { Reports } from "../events.ts";
import { clockSkew, lagPauses, pastBy, sleepWithin } from "../look-up.ts";

/** A day and an hour: a file that is deleted sooner may be gone before its batch has read it. */
const shortestLife = 25 * 3_600;
/** Statuses of a file that the server has taken and not looked through yet. */
const unready: ReadonlySet<string> = new Set(["pending", "uploaded", "processing", "uploading"]);
/** Milliseconds between looks at a file that is not ready, and for how long. */
const readyPause = 5_000;
const longestReady = 10 * 60_000;

interface EnsureUploadedOptions extends CallOptions, Reports {
  readonly part: number;
  /** Seconds after which the server deletes the file. */
  readonly expiresAfter: number | undefined;
  /** Milliseconds since the epoch from which on an earlier upload is used; `undefined` for none. */
  readonly reuseSince: number | undefined;
  /** Ids of files that a batch has failed with. */
  readonly unusable: ReadonlySet<string>;
}

export interface InputFile {
  readonly id: string;
  /** Whether this call is known to have uploaded it, so that nobody else can have used it. */
  readonly own: boolean;
  /** Whether it is an earlier upload that was taken on purpose; a new one may not be found yet. */
  readonly reused: boolean;
}

/**
 * Makes the requests an input file on the server. An earlier upload is taken instead where its name
 * tells that the content is the same; so is one whose upload got no answer, before it is sent again.
 */
export async function ensureUploaded(
  client: BatchClient,
  source: UploadSource,
  options: EnsureUploadedOptions,
): Promise<InputFile> {
  const { signal, deadline, maxRetries, expiresAfter, reuseSince, unusable, onEvent } = options;
  const call = { signal, deadline, maxRetries };
  const named = await namedByContent(source);
  const find = async (since: number) => findInputFile(client, named, { ...call, since, unusable });
  let found: FileObject | undefined;
  const report = (file: FileObject, reused: boolean) => {
    onEvent?.({ type: "uploaded", part: options.part, file, reused });
    // What was found after a lost answer may be an earlier upload, of which batches were made.
    return { id: file.id, own: !reused && file.id !== found?.id, reused };
  };
  if (reuseSince !== undefined) {
    const earlier = await find(reuseSince);
    if (earlier !== undefined) return report(earlier, true);
  }
  const started = client.clock.now();
  const file = await client.files.create(
    {
      file: named,
      purpose: "batch",
      expires_after:
        expiresAfter === undefined ? undefined : { anchor: "created_at", seconds: expiresAfter },
    },
    { ...call, findLost: async () => (found = await find(started)) },
  );
  return report(file, false);
}

/** The hash that an upload is named by; `undefined` for what was uploaded by somebody else. */
export function hashIn(filename: string): string | undefined {
  return /-([0-9a-f]{16})$/.exec(parse(filename).name)?.[1];
}

/** Two files of one name and size may hold different requests; of one hash they hold the same. */
export async function namedByContent(source: UploadSource): Promise<UploadSource> {
  const { name, ext } = parse(source.name);
  if (hashIn(source.name) !== undefined) return source;
  const hash = (await hashOf(source)).slice(0, 16);
  return {
    name: `${name}-${hash}${ext || ".jsonl"}`,
    size: source.size,
    stream: (transient) => source.stream(transient),
  };
}

/** SHA-256 of what a source holds, in hexadecimal. */
export async function hashOf(source: UploadSource): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of source.stream(true)) hash.update(chunk);
  return hash.digest("hex");
}

interface FileSearch extends CallOptions {
  readonly since: number;
  readonly unusable: ReadonlySet<string>;
}

/** An uploaded input file of this name and size that will live long enough; a look that fails finds none. */
async function findInputFile(
  client: BatchClient,
  { name, size }: Pick<UploadSource, "name" | "size">,
  { since, unusable, ...call }: FileSearch,
): Promise<FileObject | undefined> {
  const isPast = pastBy((since - clockSkew) / 1000);
  const usable = (file: FileObject) =>
    file.filename === name &&
    file.bytes === size &&
    file.status !== "error" &&
    !unusable.has(file.id) &&
    (file.expires_at === undefined || file.expires_at - client.clock.now() / 1000 > shortestLife);
  try {
    let page: Page<FileObject> | undefined = await client.files.list(
      { purpose: "batch", order: "desc", limit: largestPage },
      call,
    );
    while (page !== undefined) {
      const file = page.data.find(usable);
      if (file !== undefined) return file;
      page = isPast(page.data) ? undefined : await page.getNextPage();
    }
    return undefined;
  } catch (error) {
    // The file is uploaded once more, which costs time and no money.
    if (!(error instanceof APIError)) throw error;
    call.signal?.throwIfAborted();
    return undefined;
  }
}

/** What a create that was refused for its input file is worth another try for. */
export interface FileWait {
  /** Waits as long as there is hope; `false` when the refusal stands. */
  mayTryAgain(error: APIError): Promise<boolean>;
}

/**
 * Watches a file that was just uploaded while creates are refused for it: it may not be found yet
 * (curator#116), and some servers look through a file for minutes before a batch may use it.
 */
export function waitForFile(
  client: BatchClient,
  file: InputFile,
  call: Pick<CallOptions, "signal" | "deadline">,
): FileWait {
  const started = client.clock.now();
  const pauses = lagPauses.slice(1)[Symbol.iterator]();
  let before: "unready" | "ready" = "ready";
  return {
    async mayTryAgain(error) {
      if (!mayBeOfFile(error)) return false;
      const state = await stateOf(client, file.id, call);
      const becameReady = state === "ready" && before === "unready";
      before = state;
      if (becameReady) return true;
      if (state === "unready" && client.clock.now() - started < longestReady) {
        await sleepWithin(client, readyPause, call);
        return true;
      }
      const next = !file.reused && isNotFound(error) ? pauses.next() : undefined;
      if (next === undefined || next.done === true) return false;
      await sleepWithin(client, next.value, call);
      return true;
    },
  };
}

function mayBeOfFile({ status = 0, code }: APIError): boolean {
  return [400, 404, 409, 422, 425].includes(status) && code !== "token_limit_exceeded";
}

async function stateOf(
  client: BatchClient,
  id: string,
  { signal, deadline }: CallOptions,
): Promise<"unready" | "ready"> {
  try {
    const { status = "" } = await client.files.retrieve(id, { signal, deadline, maxRetries: 1 });
    return unready.has(status.toLowerCase()) ? "unready" : "ready";
  } catch (error) {
    if (!(error instanceof APIError)) throw error;
    signal?.throwIfAborted();
    return "ready";
  }
}

/** Servers word it differently: `No such File object`, `Input file … not found`, `does not exist`. */
function isNotFound({ status, message }: APIError): boolean {
  return (
    (status === 404 || status === 400) &&
    /file/i.test(message) &&
    /not found|no such|does not exist|could not find/i.test(message)
  );
}
