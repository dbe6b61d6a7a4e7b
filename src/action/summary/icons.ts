import type { Conclusion } from "../../batch/status.ts";

const ofStatuses: ReadonlyMap<string, string> = new Map([
  ["completed", "✅"],
  ["failed", "❌"],
  ["expired", "⌛"],
  ["cancelled", "🚫"],
  ["cancelling", "🚫"],
]);

/** A status at a glance; what has not ended, or is not known, waits. */
export function statusIcon(status: string): string {
  return ofStatuses.get(status) ?? "⏳";
}

export const conclusionIcons: Readonly<Record<Conclusion, string>> = {
  success: "✅",
  partial: "⚠️",
  failure: "❌",
  expired: "⌛",
  cancelled: "🚫",
  pending: "⏳",
};
