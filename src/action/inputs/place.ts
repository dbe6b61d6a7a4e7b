/** Where the id of a batch goes in a path of `collect`. */
export const pathPlace = "{batch-id}";
