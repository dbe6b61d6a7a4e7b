/** Where the id of a batch goes in a path of `collect`. */
export const pathPlace = "{batch-id}";

/** A path as it will be, with an id such as OpenAI gives, to find out whether it can be written. */
export function exampleOf(path: string): string {
  return path.replaceAll(pathPlace, `batch_${"0".repeat(32)}`);
}
