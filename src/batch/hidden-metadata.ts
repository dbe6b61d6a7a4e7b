import type { BatchClient } from "../api/client.ts";
import type { Batch, CallOptions } from "../api/types.ts";
import { lookAt } from "./look-at.ts";
import { ranNothing, type Worth, worthOf, worths } from "./rules.ts";

/** So many of the newest batches are looked at one by one. */
const maxLooks = 50;

/** A list's batches as far as they can be told from each other, and those of which nothing tells whose they are. */
interface ToldApart {
  readonly items: readonly Batch[];
  /** Of a server that keeps no metadata, by input file: one of these may be ours. Of several, the worthiest. */
  readonly strangers: ReadonlyMap<string, Batch>;
  /** Why not all could be told apart; `undefined` where they could, as far as the server tells. */
  readonly incomplete: string | undefined;
}

/**
 * Looks at batches one by one where the list shows no metadata of any: some servers leave it out of
 * lists, and some keep none.
 *
 * @param items all that the list showed
 * @param among those of them that matter
 */
export async function tellApart(
  client: BatchClient,
  items: readonly Batch[],
  call: CallOptions,
  among: readonly Batch[] = items,
): Promise<ToldApart> {
  if (items.some(hasMetadata) || among.length === 0) {
    return { items, strangers: new Map(), incomplete: undefined };
  }
  const newest = among.toSorted((a, b) => b.created_at - a.created_at).slice(0, maxLooks);
  const looked = new Map<string, Batch>();
  for (const { id } of newest) {
    const batch = await lookAt(client, id, call);
    if (batch !== undefined) looked.set(id, batch);
  }
  const told = items.map((batch) => looked.get(batch.id) ?? batch);
  const keepsNone = !told.some(hasMetadata);
  // The worthiest last, so that of one input file it stands.
  const strangers = keepsNone
    ? worths.toReversed().flatMap((worth) => told.filter(isOfWorth(worth)))
    : [];
  const unseen = newest.find(({ id }) => !looked.has(id));
  return {
    items: told,
    strangers: new Map(strangers.map((one) => [one.input_file_id, one])),
    incomplete: unseen === undefined ? notLookedAt(among, keepsNone) : notShown(unseen),
  };
}

function isOfWorth(worth: Worth): (batch: Batch) => boolean {
  return (batch) => worthOf(batch) === worth && !ranNothing(batch);
}

function notLookedAt({ length }: readonly Batch[], keepsNone: boolean): string | undefined {
  return keepsNone || length <= maxLooks
    ? undefined
    : `the list shows no metadata, and only the newest ${maxLooks} batches were looked at`;
}

/** It may be the one that is looked for, and that no other has metadata may be for the same reason. */
function notShown({ id }: Batch): string {
  return `the list shows no metadata, and ${id} could not be looked at`;
}

function hasMetadata({ metadata }: Batch): boolean {
  return Object.keys(metadata ?? {}).length > 0;
}
