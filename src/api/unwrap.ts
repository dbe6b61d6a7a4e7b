import { type Fields, isFields } from "./json.ts";

const wrappers = ["job", "batch", "file", "data", "result"] as const;

/** What stands under the wrappers of an answer (`{job}`, `{data}`, `{code, message, data}`); the answer itself where it has an id. */
export function unwrap(answer: unknown): Fields | undefined {
  if (!isFields(answer)) return undefined;
  if (idOf(answer) !== undefined) return answer;
  for (const wrapper of wrappers) {
    const inner = answer[wrapper];
    if (isFields(inner) && idOf(inner) !== undefined) return inner;
  }
  return answer;
}

/** Whether an answer, or what it wraps, has an id. */
export function hasId(answer: Fields): boolean {
  const inner = unwrap(answer);
  return inner !== undefined && idOf(inner) !== undefined;
}

/** An id as a text: some servers number their batches. */
export function idOf({ id }: Fields): string | undefined {
  return idText(id);
}

/** An id, or `undefined` for what stands for none: `null`, `""`, and Python's and JavaScript's words for it. */
export function idText(id: unknown): string | undefined {
  if (typeof id === "number" && Number.isSafeInteger(id)) return String(id);
  if (typeof id !== "string") return undefined;
  return /^(none|null|nil|undefined)?$/i.test(id.trim()) ? undefined : id;
}
