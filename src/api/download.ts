import { randomUUID } from "node:crypto";
import { mkdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";

import { encodingsOf } from "./content-encoding.ts";
import { contentRangeOf, ifSame, strongTagOf } from "./content-range.ts";
import { APIError, UnreadableAnswerError } from "./errors.ts";
import type { OpenAnswer } from "./transport.ts";
import type { CallOptions } from "./types.ts";
import type { Wire } from "./wire.ts";
import { writeBody } from "./write-body.ts";

/** How a file is downloaded. */
export interface DownloadOptions extends CallOptions {
  /**
   * Says why a file that came is not whole, or nothing. For a server that names no length a cut
   * answer looks like a short one; what is not whole is fetched again.
   *
   * @param measured whether the server named the length, so that every byte is known to be there
   */
  readonly check?: ((path: string, measured: boolean) => Promise<string | undefined>) | undefined;
}

/** A file that has been written. */
export interface DownloadResult {
  readonly path: string;
  readonly bytes: number;
  /**
   * How the file is known to be whole: `length` where the server named the length and so many bytes
   * came. `undefined` where it named none: then an answer that a proxy cut at its end looks whole too.
   */
  readonly complete: "length" | undefined;
}

/** What an answer has brought. */
interface Received {
  readonly answer: OpenAnswer;
  /** Bytes in the partial file now. */
  readonly bytes: number;
  /** Bytes of the whole file, where a range names them. */
  readonly total: number | undefined;
  /** Whether this answer ended where its length, or its range, said. */
  readonly measured: boolean;
}

/**
 * Downloads to a temporary name beside `path` and renames it once every byte is there. What came
 * before a connection broke is kept, and the rest asked for (`Range`); a server that does not know
 * ranges sends all again.
 */
export async function download(
  wire: Wire,
  from: string,
  path: string,
  options: DownloadOptions,
): Promise<DownloadResult> {
  await mkdir(dirname(path), { recursive: true });
  // Of its own length: the target's name may be as long as a name can be.
  const temporary = join(dirname(path), `.${randomUUID()}.partial`);
  const partial = new PartialFile(wire, from, temporary);
  try {
    const { bytes, measured } = await wire.retried(
      { ...options, call: partial.call },
      async (signal) => partial.complete(signal, options.check),
    );
    await rename(partial.path, path);
    return { path, bytes, complete: measured ? "length" : undefined };
  } catch (error) {
    await partial.discard();
    throw error;
  }
}

/** The beginning of a file on its way. */
class PartialFile {
  readonly path: string;
  readonly call: string;
  readonly #wire: Wire;
  readonly #from: string;
  /** The version of the file that the bytes belong to, where the server names it. */
  #version: string | undefined;

  constructor(wire: Wire, from: string, path: string) {
    this.#wire = wire;
    this.#from = from;
    this.path = path;
    this.call = `GET ${from}`;
  }

  async discard(): Promise<void> {
    await rm(this.path, { force: true });
  }

  /** Fetches what is missing. */
  async complete(
    signal: AbortSignal | undefined,
    check: DownloadOptions["check"],
  ): Promise<Received> {
    for (;;) {
      const have = await sizeOf(this.path);
      const fetched = await this.#fetchFrom(have, signal);
      const { bytes, total, measured, answer } = fetched;
      if (total === undefined || bytes >= total) {
        const problem = await check?.(this.path, measured);
        if (problem === undefined) return fetched;
        await this.discard();
        throw this.#cutShort(problem, answer);
      }
      // A server may give less than it was asked for; as long as something comes it goes on.
      if (bytes <= have) throw this.#cutShort(`${bytes} of ${total} bytes came`, answer);
    }
  }

  async #fetchFrom(have: number, signal: AbortSignal | undefined): Promise<Received> {
    const request = {
      method: "GET",
      path: this.#from,
      signal,
      ...(have > 0 ? { headers: { range: `bytes=${have}-`, ...ifSame(this.#version) } } : {}),
    } as const;
    const answer = await this.#wire.transport.open(request).catch(async (error: unknown) => {
      // What we have is no beginning of what is there now: all of it, on the next attempt.
      if (!(error instanceof APIError) || error.status !== 416) throw error;
      throw await this.#startAnew(have);
    });
    const goesOn = answer.status === 206;
    const range = contentRangeOf(answer.headers);
    if (goesOn && !this.#continues(answer, have, range?.start)) {
      answer.body.destroy();
      throw await this.#startAnew(have);
    }
    this.#version = strongTagOf(answer.headers);
    const written = await this.#write(answer, goesOn, (error) =>
      this.#wire.transport.broken(request, answer, error),
    );
    const total = goesOn ? range?.total : undefined;
    const bytes = (goesOn ? have : 0) + written;
    const measured = goesOn ? total === bytes : answer.headers["content-length"] !== undefined;
    return { answer, bytes, total, measured };
  }

  /** Whether a part is the one that was asked for, of the same version and not encoded: a range counts encoded bytes. */
  #continues(answer: OpenAnswer, have: number, start: number | undefined): boolean {
    const tag = strongTagOf(answer.headers);
    const changed = this.#version !== undefined && tag !== undefined && tag !== this.#version;
    return start === have && !changed && encodingsOf(answer.headers).length === 0;
  }

  async #write(
    answer: OpenAnswer,
    goesOn: boolean,
    broken: (error: unknown) => Error,
  ): Promise<number> {
    try {
      return await writeBody(answer.body, { path: this.path, append: goesOn, broken });
    } catch (error) {
      // Decoded bytes say nothing of where the encoded ones would go on.
      if (encodingsOf(answer.headers).length > 0) await this.discard();
      throw error;
    }
  }

  /** What we have is no beginning of what the server sends; the next attempt begins anew. */
  async #startAnew(have: number): Promise<UnreadableAnswerError> {
    await this.discard();
    return new UnreadableAnswerError(`${this.call} cannot go on from byte ${have}.`, {
      code: "range_refused",
      success: false,
    });
  }

  #cutShort(why: string, { requestID }: OpenAnswer): UnreadableAnswerError {
    return new UnreadableAnswerError(`${this.call}: the file did not come whole: ${why}.`, {
      code: "cut_short",
      requestID,
      success: false,
    });
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return 0;
    throw error;
  }
}
