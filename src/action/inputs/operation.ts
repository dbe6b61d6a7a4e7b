/** What the input `operation` may be. */
export const operationNames = [
  "create",
  "wait",
  "run",
  "cancel",
  "retrieve",
  "list",
  "collect",
] as const;
export type OperationName = (typeof operationNames)[number];
