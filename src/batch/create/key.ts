import { createHash, randomUUID } from "node:crypto";

import type { Batch } from "../../api/types.ts";

/** The metadata that makes a batch findable again. */
export const keyName = "idempotency_key";
/** Tells one create from another that has the same key. */
export const creationName = "creation_id";

/** What else than the requests decides what a batch is. */
export interface KeyParts {
  /** Of the requests' bytes, or of the id of the file that holds them. */
  readonly inputHash: string;
  readonly endpoint: string;
  readonly completionWindow: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly inputExpiresAfter?: number | undefined;
  readonly outputExpiresAfter?: number | undefined;
  /** Where the batch is made: base URL, organization and project. */
  readonly account: readonly (string | undefined)[];
}

/**
 * A key that is the same for the same batch and differs with anything that decides it.
 *
 * @param scope within which equal work is the same work, for example a repository and a run
 * @returns `scope:hash`, short enough for a metadata value (512 characters) with a scope up to 450
 * @example
 * ```ts
 * import { BatchClient, idempotencyKey, scanInput } from "openai-batch-action";
 *
 * const client = new BatchClient();
 * const scan = await scanInput("requests.jsonl");
 * const key = idempotencyKey("octo-org/evaluations:42", {
 *   inputHash: scan.hash,
 *   endpoint: "/v1/chat/completions",
 *   completionWindow: "24h",
 *   metadata: {},
 *   account: [client.baseURL, client.organization, client.project],
 * });
 * console.log(key.startsWith("octo-org/evaluations:42:")); // true
 * ```
 */
export function idempotencyKey(scope: string, parts: KeyParts): string {
  const decided = [
    parts.inputHash,
    parts.endpoint,
    parts.completionWindow,
    Object.entries(parts.metadata).sort(([a], [b]) => (a < b ? -1 : 1)),
    parts.inputExpiresAfter ?? null,
    parts.outputExpiresAfter ?? null,
    parts.account.map((part) => part ?? null),
  ];
  return `${scope}:${hashText(JSON.stringify(decided)).slice(0, 32)}`;
}

/** Which batch of a run a key is made for. */
export interface PartOfRun {
  /** From 0. */
  readonly index: number;
  /** Of the requests' bytes and order, in hexadecimal. */
  readonly hash: string;
  /** How many parts the round has. */
  readonly count: number;
  /** 0 for the whole input, from 1 for what is sent again. */
  readonly round: number;
  /** Whether it is of a part of the input that only its hash tells: what a cache has not answered. */
  readonly rest?: boolean | undefined;
}

/** The key of each batch that a key of the user's own stands for. */
export function ownKeyOf(own: string, { index, hash, count, round, rest }: PartOfRun): string {
  const content = hash.slice(0, 16);
  // What is sent again depends on what failed, so a round's key tells its content.
  if (round > 0) return `${own}/retry${round}/${content}`;
  if (rest === true) return `${own}/rest/${content}`;
  // Another split into as many parts has other parts.
  return count === 1 ? own : `${own}/${index + 1}of${count}/${content}`;
}

/** Whether a key is one that `ownKeyOf` makes of a key of the user's own. */
export function isOfOwnKey(key: string | undefined, own: string): boolean {
  if (key?.startsWith(own) !== true) return false;
  const behind = key.slice(own.length);
  return /^(\/\d+of\d+\/[0-9a-f]+|\/rest\/[0-9a-f]+)?(\/retry\d+\/[0-9a-f]+)?(\/half[12]+)?$/.test(
    behind,
  );
}

/** What stands behind the key of a part that was divided: which half, of which half, and so on. */
const halfPath = /\/half[12]+$/;

/**
 * The key of one half of a part. It says which requests these are to whoever knows what the whole key
 * stands for, so that a re-run finds what a run has made of a part that it had to divide.
 */
export function halfKeyOf(key: string, half: 1 | 2): string {
  return halfPath.test(key) ? `${key}${half}` : `${key}/half${half}`;
}

/** The key of the part that a key is a half of, or a half of a half; the key itself where it is of none. */
export function wholeKeyOf(key: string): string {
  return key.replace(halfPath, "");
}

/** Whether a key is of a half of what another one stands for, or of a half of such a half. */
export function isHalfOf(key: string | undefined, whole: string): boolean {
  if (key === undefined) return false;
  const path = halfPath.test(whole) ? "" : "/half";
  return key.startsWith(whole + path) && /^[12]+$/.test(key.slice(whole.length + path.length));
}

/** Which retry round a key is of, and of whose work; `undefined` for the whole input. */
export function roundOf(
  key: string | undefined,
): { readonly work: string; readonly round: number } | undefined {
  const [, work, round] = /^(.*)\/retry(\d+)[/:]/s.exec(key ?? "") ?? [];
  return work === undefined ? undefined : { work, round: Number(round) };
}

/** What a key says beside the requests and the round: it is the same for all batches of one work. */
export function workOf(key: string): string {
  return roundOf(key)?.work ?? wholeKeyOf(key).replace(/[:/][0-9a-f]{16,64}$/, "");
}

/** SHA-256 in hexadecimal. */
export function hashText(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/**
 * A value that no other create has.
 *
 * @param prefix what the create belongs to, for example a commit; `prefixOfCreation` reads it back
 * @param content what its key stands for; `contentOfCreation` reads it back
 */
export function newCreationId(prefix: string | undefined, content: string): string {
  return `${prefix === undefined ? "" : `${prefix}/`}${randomUUID()}.${content}`;
}

/** What the key of a batch stands for; `undefined` where its create did not say. */
export function contentOfCreation({ metadata }: Pick<Batch, "metadata">): string | undefined {
  return /\.([0-9a-f]{16})$/.exec(metadata?.[creationName] ?? "")?.[1];
}

/** A short hash of what a key stands for: the requests, the endpoint, and whose they are. */
export function contentHash(...parts: readonly (string | undefined)[]): string {
  return hashText(JSON.stringify(parts.map((part) => part ?? null))).slice(0, 16);
}

/**
 * The prefix that a batch's create was given; `undefined` where there is none.
 *
 */
export function prefixOfCreation({ metadata }: Pick<Batch, "metadata">): string | undefined {
  const id = metadata?.[creationName] ?? "";
  const end = id.lastIndexOf("/");
  return end > 0 ? id.slice(0, end) : undefined;
}
