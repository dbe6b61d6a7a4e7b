import { open, stat } from "node:fs/promises";

/** The longest last line that is looked at; a longer one is taken to be whole. */
const longestTail = 32 * 1024 * 1024;

/**
 * Why a result file is none, or not whole, or nothing: it begins like JSON (a gateway's page does
 * not), and its last line ends with a line feed or is whole JSON.
 */
export async function resultFileProblem(path: string): Promise<string | undefined> {
  const { size } = await stat(path);
  if (size === 0) return undefined;
  const file = await open(path, "r");
  try {
    const head = await file.read(Buffer.alloc(256), 0, 256, 0);
    const start = head.buffer.subarray(0, head.bytesRead).toString("utf8").trimStart();
    if (start.startsWith("<")) return "it is a web page";
    for (let length = 64 * 1024; ; length *= 4) {
      const start = Math.max(0, size - length);
      const { buffer, bytesRead } = await file.read(
        Buffer.alloc(size - start),
        0,
        size - start,
        start,
      );
      const tail = buffer.subarray(0, bytesRead).toString("latin1");
      const text = tail.replace(/^\u00ef\u00bb\u00bf/, "").trimEnd();
      if (tail.endsWith("\n") || text === "") return undefined;
      const feed = text.lastIndexOf("\n");
      if (feed === -1 && start > 0 && length < longestTail) continue;
      if (feed === -1 && start > 0) return undefined;
      return isJson(text.slice(feed + 1)) ? undefined : "its last line is cut";
    }
  } finally {
    await file.close();
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
