import type { Reports } from "../events.ts";
import { decideSendPart, enqueuedLimitIn } from "../rules.ts";
import type { PartSizes } from "./part-sizes.ts";

/** Which parts a server with a limit of enqueued tokens has room for. */
export interface Room {
  /** Takes down the limit, where the words with which a part was turned away name it. */
  learn(part: number, words: readonly (string | undefined)[]): void;
  /** The first of the waiting parts that may go now, beside those in flight; `undefined` for none. */
  next(waiting: readonly number[], inFlight: () => readonly number[]): Promise<number | undefined>;
}

export interface RoomOptions extends Reports {
  /** Without them there is always room, until the server says otherwise. */
  readonly sizes?: PartSizes | undefined;
}

export function createRoom({ sizes, onEvent }: RoomOptions): Room {
  const limits = new Map<string, number>();
  const told = new Set<number>();
  return {
    learn(part, words) {
      const limit = enqueuedLimitIn(words.join(" "));
      if (limit !== undefined && sizes !== undefined) limits.set(sizes.modelOf(part), limit);
    },
    async next(waiting, inFlight) {
      if (sizes === undefined || limits.size === 0) return waiting[0];
      for (const part of waiting) {
        const why = await holds(part, inFlight(), { sizes, limits });
        if (why === undefined) return part;
        if (!told.has(part)) onEvent?.({ type: "no-room", part, why });
        told.add(part);
      }
      return undefined;
    },
  };
}

/** Why a part has to wait for others to end. */
async function holds(
  part: number,
  inFlight: readonly number[],
  { sizes, limits }: { readonly sizes: PartSizes; readonly limits: ReadonlyMap<string, number> },
): Promise<string | undefined> {
  const model = sizes.modelOf(part);
  const limit = limits.get(model);
  if (limit === undefined) return undefined;
  let enqueued = 0;
  for (const other of inFlight) {
    if (sizes.modelOf(other) === model) enqueued += await sizes.tokensOf(other);
  }
  const tokens = await sizes.tokensOf(part);
  const { decision, why } = decideSendPart({ limit, enqueued, tokens });
  return decision === "hold" ? why : undefined;
}
