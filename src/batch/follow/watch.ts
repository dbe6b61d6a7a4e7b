import type { BatchClient } from "../../api/client.ts";
import type { APIError } from "../../api/errors.ts";
import type { Batch, CallOptions } from "../../api/types.ts";
import type { OnEvent } from "../events.ts";
import { decideAfterFailedLook } from "../rules.ts";
import { isTerminal } from "../status.ts";
import { createLooker, type Look } from "./look.ts";

/** The batches that a job follows, as last seen. */
export interface Watch {
  /** Takes on a batch, known or by its id alone. */
  add(id: string, batch?: Batch): void;
  /** Does not follow a batch any longer; it stays among those that are known. */
  drop(id: string): void;
  /** Looks at every batch that has not ended; gives those that ended just now. */
  look(call: CallOptions): Promise<readonly Batch[]>;
  /** As last seen, in the order in which they were taken on; one that was never seen is missing. */
  batches(): readonly Batch[];
  /** Ids that are still followed. */
  following(): readonly string[];
  /** Whether no look can be made before the deadline, as the server wants it. */
  isHeld(): boolean;
  /** Ids that cannot be followed: the server does not know them, or not any more. */
  readonly lost: ReadonlyMap<string, APIError>;
  /** Why no batch can be followed any longer. */
  stopped(): APIError | undefined;
}

interface Followed {
  batch: Batch | undefined;
  ended: boolean;
  held: boolean;
  /** Looks in a row that have failed with the same status, and when the first of them was. */
  failures: { status: number | undefined; count: number; since: number } | undefined;
}

export function createWatch(client: BatchClient, onEvent: OnEvent = () => undefined): Watch {
  const followed = new Map<string, Followed>();
  const lost = new Map<string, APIError>();
  const looker = createLooker(client);
  let stopped: APIError | undefined;

  const see = (one: Followed, batch: Batch): boolean => {
    const before = one.ended;
    one.batch = batch;
    one.failures = undefined;
    one.ended = isTerminal(batch);
    lost.delete(batch.id);
    return one.ended && !before;
  };

  const miss = (id: string, one: Followed, error: APIError) => {
    const now = client.clock.now();
    const same = one.failures?.status === error.status ? one.failures : undefined;
    const failures = {
      status: error.status,
      count: (same?.count ?? 0) + 1,
      since: same?.since ?? now,
    };
    one.failures = failures;
    const seen = one.batch !== undefined;
    const { decision } = decideAfterFailedLook({
      error,
      seen,
      inARow: failures.count,
      since: now - failures.since,
    });
    if (decision === "stop") stopped = error;
    if (decision === "unknown id" || decision === "gone") {
      lost.set(id, error);
      one.ended = true;
      onEvent({ type: decision === "gone" ? "gone" : "unknown-id", batchId: id, error });
    } else onEvent({ type: "poll-failed", batchId: id, error });
  };

  const take = (id: string, look: Look): boolean => {
    const one = followed.get(id);
    if (one === undefined) return false;
    if (look.state === "seen") return see(one, look.batch);
    if (look.state === "held") one.held = true;
    else miss(id, one, look.error);
    return false;
  };

  const open = () => [...followed].filter(([, { ended }]) => !ended);
  return {
    add(id, batch) {
      const ended = batch !== undefined && isTerminal(batch);
      followed.set(id, { batch, ended, held: false, failures: undefined });
    },
    drop(id) {
      followed.delete(id);
    },
    async look(call) {
      const ids = open().flatMap(([id, { held }]) => (held ? [] : [id]));
      const ended: Batch[] = [];
      for (const [id, look] of await looker.look(ids, call)) {
        if (take(id, look) && look.state === "seen") ended.push(look.batch);
      }
      return ended;
    },
    batches: () => [...followed.values()].flatMap(({ batch }) => batch ?? []),
    following: () => open().map(([id]) => id),
    isHeld: () => open().length > 0 && open().every(([, { held }]) => held),
    lost,
    stopped: () => stopped,
  };
}
