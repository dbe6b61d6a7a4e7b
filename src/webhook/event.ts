/** The events that end a batch; the payload of each names the batch and nothing else of it. */
type BatchEventType = "batch.completed" | "batch.failed" | "batch.expired" | "batch.cancelled";

/** What OpenAI tells of a batch that has ended. */
export interface WebhookEvent {
  readonly type: BatchEventType;
  readonly batchId: string;
  /** Unix seconds. */
  readonly createdAt: number;
}

const batchEvents: ReadonlySet<string> = new Set<BatchEventType>([
  "batch.completed",
  "batch.failed",
  "batch.expired",
  "batch.cancelled",
]);

/** No id seen anywhere is longer, LiteLLM's long ones included. */
const longestId = 1_024;

/**
 * Reads a delivery's body: a batch event, `ignored` for an event of another kind, `unreadable` for
 * what is no JSON or names no batch.
 */
export function readEvent(body: string): WebhookEvent | "ignored" | "unreadable" {
  const event = parseObject(body);
  const type = event?.["type"];
  if (event === undefined || typeof type !== "string") return "unreadable";
  if (!isBatchEvent(type)) return "ignored";
  const { data, created_at: createdAt } = event;
  const id = isObject(data) ? data["id"] : undefined;
  if (typeof id !== "string" || id.length > longestId || !/^[!-~]+$/.test(id)) return "unreadable";
  if (typeof createdAt !== "number") return "unreadable";
  return { type, batchId: id, createdAt };
}

function isBatchEvent(type: string): type is BatchEventType {
  return batchEvents.has(type);
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
