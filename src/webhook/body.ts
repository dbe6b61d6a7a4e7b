/** Bytes; an event of OpenAI has about 200. */
const largestBody = 64 * 1024;

/**
 * The text of a request's body, byte for byte: a byte order mark stays, since the signature covers
 * it. `too large` as soon as more than 64 KiB have come, `no text` for bytes that are no UTF-8.
 */
export async function readBody(
  request: Request,
): Promise<{ readonly text: string } | "too large" | "no text"> {
  if (Number(request.headers.get("content-length")) > largestBody) return "too large";
  const bytes = new Uint8Array(largestBody);
  let size = 0;
  // The types of Node.js leave open what a body's chunks are; the standard says bytes.
  const reader = (request.body as ReadableStream<Uint8Array> | null)?.getReader();
  for (;;) {
    const chunk = await reader?.read();
    if (chunk?.value === undefined) break;
    if (size + chunk.value.length > largestBody) {
      await reader?.cancel();
      return "too large";
    }
    bytes.set(chunk.value, size);
    size += chunk.value.length;
  }
  try {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    return { text: decoder.decode(bytes.subarray(0, size)) };
  } catch {
    return "no text";
  }
}
