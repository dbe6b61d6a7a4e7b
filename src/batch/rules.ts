/**
 * Every decision about money, as small pure functions of what is known (`knowledge.ts`): each returns
 * its decision and the reason. Nothing else in the tree decides such a thing.
 *
 * The first rule: absence of evidence is not evidence of absence. What could not be seen is unknown, and
 * the unknown is never sent again, never recorded as done, never called a success.
 */
export * from "./rules/cache.ts";
export * from "./rules/cancel.ts";
export * from "./rules/collect.ts";
export * from "./rules/cost.ts";
export * from "./rules/create.ts";
export * from "./rules/ending.ts";
export * from "./rules/follow.ts";
export * from "./rules/models.ts";
export * from "./rules/queue.ts";
export * from "./rules/results.ts";
export * from "./rules/rounds.ts";
