export { collectResults } from "./results/collect.ts";
export {
  type CollectedResults,
  type Collection,
  type CollectOptions,
  openCollection,
} from "./results/collection.ts";
export { checkTargets, type TargetFiles } from "./results/targets.ts";
