import type { PartToCreate } from "./create/creator.ts";
import { contentHash, hashText, ownKeyOf, type PartOfRun } from "./create/key.ts";
import type { InputScan } from "./input.ts";
import { type InputPart, partSource } from "./split.ts";

/** What makes two creates the same create. */
export interface KeyOptions {
  /**
   * A key of your own, which names the same work in every run and is refused for other requests; or
   * what makes the key of each batch. Without it, every run is work of its own.
   */
  readonly idempotencyKey?: string | ((part: PartOfRun) => string) | undefined;
  /** Whose a key of your own is, for example a repository: of another owner it is refused. */
  readonly keyOwner?: string | undefined;
}

/** The parts of one round, as they are to be created. */
export function partsToCreate(
  scan: InputScan,
  parts: readonly InputPart[],
  { idempotencyKey, round, rest }: KeyOptions & Pick<PartOfRun, "round" | "rest">,
): readonly PartToCreate[] {
  return parts.map((part, index) => ({
    key: keyFor(idempotencyKey, { hash: part.hash, index, count: parts.length, round, rest }),
    input: partSource(scan, part),
    requests: part.requests,
  }));
}

/** A file that is on the server already, as the only part. */
export function partOfFile(
  fileId: string,
  { idempotencyKey }: KeyOptions,
): readonly PartToCreate[] {
  const part = { index: 0, hash: hashText(fileId), count: 1, round: 0 };
  return [{ key: keyFor(idempotencyKey, part), input: { fileId }, requests: undefined }];
}

function keyFor(key: KeyOptions["idempotencyKey"], part: PartOfRun): string | undefined {
  return typeof key === "string" ? ownKeyOf(key, part) : key?.(part);
}

/** The key of the user's own, and what it stands for. */
export function ownKeyOptions(
  inputHash: string,
  endpoint: string,
  { idempotencyKey, keyOwner }: KeyOptions,
): { readonly ownKey: string | undefined; readonly content: string } {
  return {
    ownKey: typeof idempotencyKey === "string" ? idempotencyKey : undefined,
    content: contentHash(inputHash, endpoint, keyOwner),
  };
}
