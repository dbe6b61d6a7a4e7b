/** Under which heading of docs/reference.md an input or an output stands. */
export interface Group {
  readonly title: string;
  readonly names: readonly string[];
}

export const inputGroups: readonly Group[] = [
  { title: "What to do", names: ["operation"] },
  {
    title: "Access",
    names: [
      "api-key",
      "identity-provider-id",
      "service-account-id",
      "identity-audience",
      "identity-token-url",
      "base-url",
      "organization",
      "project",
      "headers",
      "request-timeout",
      "max-retries",
    ],
  },
  { title: "Requests", names: ["input-file", "template", "input-file-id", "endpoint"] },
  {
    title: "Batch",
    names: [
      "completion-window",
      "metadata",
      "input-expires-after",
      "output-expires-after",
      "idempotency-key",
      "reuse-existing",
      "max-requests-per-batch",
      "max-bytes-per-batch",
      "max-active-batches",
      "batch-id",
      "match-metadata",
      "match-status",
      "limit",
      "after",
    ],
  },
  {
    title: "Waiting",
    names: ["timeout", "on-timeout", "poll-interval", "max-poll-interval", "cancel-on"],
  },
  {
    title: "Results",
    names: [
      "output-file",
      "error-file",
      "answers-file",
      "reject-answers",
      "output-order",
      "retry-failed",
      "fail-on",
      "max-request-failures",
    ],
  },
  { title: "Cost", names: ["prices", "max-cost", "cache-file"] },
  { title: "GitHub", names: ["commit-status", "summary", "github-token", "job-status"] },
];

export const outputGroups: readonly Group[] = [
  {
    title: "How it went",
    names: ["status", "done", "conclusion", "reused"],
  },
  {
    title: "Ids",
    names: [
      "batch-id",
      "batch-count",
      "input-file-id",
      "output-file-id",
      "error-file-id",
      "batches",
      "has-more",
      "last-id",
    ],
  },
  {
    title: "Files",
    names: ["output-file", "error-file", "answers-file"],
  },
  {
    title: "Counts",
    names: [
      "request-total",
      "request-completed",
      "request-failed",
      "request-unusable",
      "request-cached",
      "request-unsent",
    ],
  },
  {
    title: "Tokens and cost",
    names: [
      "input-tokens",
      "cached-input-tokens",
      "output-tokens",
      "reasoning-tokens",
      "total-tokens",
      "cost",
      "estimated-input-tokens",
      "estimated-cost",
    ],
  },
];
