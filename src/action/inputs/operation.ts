/** What the input `operation` may be. */
export const operationNames = [
  "create",
  "wait",
  "run",
  "cancel",
  "retrieve",
  "list",
  "collect",
  "check",
] as const;
export type OperationName = (typeof operationNames)[number];
