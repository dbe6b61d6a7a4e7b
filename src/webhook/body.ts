import { inTime } from "./in-time.ts";

/** Bytes; an event of OpenAI has about 200. */
const largestBody = 64 * 1024;

/** Why a body is not taken. */
export type BodyProblem = "too large" | "no text" | "broken off" | "too slow";

/**
 * The text of a request's body, byte for byte: a byte order mark stays, since the signature covers
 * it. `too large` as soon as more than 64 KiB have come, `no text` for bytes that are no UTF-8,
 * `broken off` where the sender went away, `too slow` when the signal aborts before the end. Never
 * rejects.
 */
export async function readBody(
  request: Request,
  signal: AbortSignal,
): Promise<{ readonly text: string } | BodyProblem> {
  if (Number(request.headers.get("content-length")) > largestBody) return "too large";
  const bytes = new Uint8Array(largestBody);
  let size = 0;
  try {
    // The types of Node.js leave open what a body's chunks are; the standard says bytes.
    const reader = (request.body as ReadableStream<Uint8Array> | null)?.getReader();
    // The answer does not wait for the sender to take note.
    const letGo = () => void reader?.cancel().catch(() => undefined);
    for (;;) {
      const chunk = await inTime(() => reader?.read(), signal).catch((error: unknown) => {
        letGo();
        throw error;
      });
      if (chunk?.value === undefined) break;
      if (size + chunk.value.length > largestBody) {
        letGo();
        return "too large";
      }
      bytes.set(chunk.value, size);
      size += chunk.value.length;
    }
  } catch {
    return signal.aborted ? "too slow" : "broken off";
  }
  try {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    return { text: decoder.decode(bytes.subarray(0, size)) };
  } catch {
    return "no text";
  }
}
