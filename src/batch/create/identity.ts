import type { Batch } from "../../api/types.ts";
import type { Creation } from "../knowledge.ts";
import { creationName, keyName } from "./key.ts";

/** What the batch of one create is recognized by. */
type Identity = Pick<Creation, "creationId" | "inputFileId" | "earlier">;

/** Whether a batch was made by this very create, whatever has become of it. */
export function isOwnCreation(batch: Batch, identity: Identity): boolean {
  const { creationId, inputFileId, earlier = [] } = identity;
  const id = batch.metadata?.[creationName];
  if (id !== undefined) return id === creationId;
  return !earlier.includes(batch.id) && inputFileId !== undefined && mayBeOf(batch, inputFileId);
}

/** Whether nothing but its input file tells whose a batch is: the server keeps no metadata. */
export function mayBeOf({ metadata, input_file_id }: Batch, inputFileId: string): boolean {
  return Object.keys(metadata ?? {}).length === 0 && input_file_id === inputFileId;
}

/** Whether a batch was created with a key. */
export function hasKey({ metadata }: Pick<Batch, "metadata">, key: string): boolean {
  return metadata?.[keyName] === key;
}
