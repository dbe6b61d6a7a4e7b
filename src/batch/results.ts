export { collectResults } from "./results/collect.ts";
export {
  type AnswerOptions,
  type CollectedResults,
  type Collection,
  type CollectOptions,
  openCollection,
} from "./results/collection.ts";
export { checkTargets, type TargetFiles } from "./results/targets.ts";
