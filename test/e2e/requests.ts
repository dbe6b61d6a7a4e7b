export const ENDPOINT = "/v1/chat/completions";

/** One line of a request file, as an object. */
export function chat(customId: string, content = `Tell me about ${customId}`): object {
  return {
    custom_id: customId,
    method: "POST",
    url: ENDPOINT,
    body: { model: "gpt-5-nano", messages: [{ role: "user", content }] },
  };
}

export function chats(count: number, prefix = "r"): readonly object[] {
  return Array.from({ length: count }, (_, index) => chat(`${prefix}${index + 1}`));
}

/** Lines as the text of a file; texts are taken as they are. */
export function jsonl(lines: readonly (object | string)[]): string {
  return lines
    .map((line) => `${typeof line === "string" ? line : JSON.stringify(line)}\n`)
    .join("");
}

/** What a line of a result file says. */
export interface ResultLine {
  readonly custom_id: string;
  readonly response: { readonly status_code: number; readonly body: unknown } | null;
  readonly error: { readonly code: string } | null;
}

export function resultLines(text: string): readonly ResultLine[] {
  // The simulator writes lines of this form; the tests look at what is in them.
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as ResultLine);
}
