/** Error codes of an account that has no money or no permission to spend more: no retry changes that. */
export const finalCodes: ReadonlySet<string> = new Set([
  "insufficient_quota",
  "credit_balance_exhausted",
  "organization_spend_limit_exceeded",
  "project_spend_limit_exceeded",
  "organization_usage_limit_exceeded",
  "billing_hard_limit_reached",
  "billing_not_active",
]);

/** What OpenAI says with `insufficient_quota`; gateways pass the sentence on and lose the code. */
const quotaSpent = /exceeded your current quota/i;

/** Such a code within a text, as a server without JSON errors names it. */
export function finalCodeIn(text: string): string | undefined {
  const folded = text.toLowerCase();
  const named = [...finalCodes].find((code) => folded.includes(code));
  return named ?? (quotaSpent.test(text) ? "insufficient_quota" : undefined);
}
