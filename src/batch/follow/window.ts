import type { Batch } from "../../api/types.ts";

const units: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 24 * 3_600_000 };
/** Of OpenAI, and of every window that is not a length of time. */
const defaultWindow = 24 * 3_600_000;

/**
 * When the server is to have ended a batch, in milliseconds since the epoch: what it says, else the
 * completion window from the batch's creation; `undefined` where it tells neither.
 */
export function windowEnd({
  expires_at: expires,
  created_at: created,
  completion_window: window,
}: Pick<Batch, "expires_at" | "created_at" | "completion_window">): number | undefined {
  if (expires !== undefined && expires > 0) return expires * 1000;
  if (created === 0) return undefined;
  const [, count = "", unit = ""] = /^(\d+)\s*([mhd])$/i.exec(window) ?? [];
  const length = Number(count) * (units[unit.toLowerCase()] ?? 0);
  return created * 1000 + (length > 0 ? length : defaultWindow);
}
