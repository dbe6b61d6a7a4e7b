import type { Reports } from "../events.ts";
import { decideSendPart, enqueuedLimitIn, type RoomForPart } from "../rules.ts";
import type { PartSizes } from "./part-sizes.ts";

/** Which parts a server with a limit of enqueued tokens has room for. */
export interface Room {
  /** Takes down the limit, where the words with which a part was turned away name it. */
  learn(part: number, words: readonly (string | undefined)[]): void;
  /** The first of the waiting parts that may go now, beside those in flight; `undefined` for none. */
  next(waiting: readonly number[], inFlight: () => readonly number[]): Promise<number | undefined>;
  /** What is known of the room for a part beside those in flight; nothing is counted before a limit is named. */
  roomFor(part: number, inFlight: readonly number[]): Promise<RoomForPart>;
}

interface RoomOptions extends Reports {
  /** Without them there is always room, until the server says otherwise. */
  readonly sizes?: PartSizes | undefined;
}

export function createRoom({ sizes, onEvent }: RoomOptions): Room {
  const limits = new Map<string, number>();
  const told = new Set<number>();
  const roomFor = async (part: number, inFlight: readonly number[]) =>
    sizes === undefined ? unlimited : measure(part, inFlight, { sizes, limits });
  return {
    roomFor,
    learn(part, words) {
      const limit = enqueuedLimitIn(words.join(" "));
      if (limit !== undefined && sizes !== undefined) limits.set(sizes.modelOf(part), limit);
    },
    async next(waiting, inFlight) {
      if (limits.size === 0) return waiting[0];
      for (const part of waiting) {
        const { decision, why } = decideSendPart(await roomFor(part, inFlight()));
        if (decision === "send") return part;
        if (!told.has(part)) onEvent?.({ type: "no-room", part, why });
        told.add(part);
      }
      return undefined;
    },
  };
}

const unlimited: RoomForPart = { limit: undefined, enqueued: 0, tokens: 0 };

async function measure(
  part: number,
  inFlight: readonly number[],
  { sizes, limits }: { readonly sizes: PartSizes; readonly limits: ReadonlyMap<string, number> },
): Promise<RoomForPart> {
  const model = sizes.modelOf(part);
  const limit = limits.get(model);
  if (limit === undefined) return unlimited;
  let enqueued = 0;
  for (const other of inFlight) {
    if (sizes.modelOf(other) === model) enqueued += await sizes.tokensOf(other);
  }
  return { limit, enqueued, tokens: await sizes.tokensOf(part) };
}
