import type { BatchClient } from "../../api/client.ts";
import type { APIError } from "../../api/errors.ts";
import type { Batch } from "../../api/types.ts";
import type { OnEvent } from "../events.ts";
import { decideAfterFailedLook } from "../rules.ts";
import { isTerminal } from "../status.ts";
import { createLooker, type Look, type LookOptions } from "./look.ts";

/** The batches that a job follows, as last seen. */
export interface Watch {
  /** Takes on a batch, known or by its id alone. */
  add(id: string, batch?: Batch): void;
  /** Forgets a batch that another one stands in for. */
  drop(id: string): void;
  /** Looks at every batch that has not ended; gives those that ended just now. */
  look(options: LookOptions): Promise<readonly Batch[]>;
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
  failures:
    | { readonly status: number | undefined; readonly count: number; readonly since: number }
    | undefined;
}

interface Watching {
  readonly followed: Map<string, Followed>;
  readonly lost: Map<string, APIError>;
  readonly now: () => number;
  readonly onEvent: OnEvent;
  stopped: APIError | undefined;
}

export function createWatch(client: BatchClient, onEvent: OnEvent = () => undefined): Watch {
  const looker = createLooker(client);
  const followed = new Map<string, Followed>();
  const watching: Watching = {
    followed,
    lost: new Map(),
    now: () => client.clock.now(),
    onEvent,
    stopped: undefined,
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
    async look(options) {
      const ids = open().flatMap(([id, { held }]) => (held ? [] : [id]));
      const ended: Batch[] = [];
      for (const [id, look] of await looker.look(ids, options)) {
        if (take(watching, id, look) && look.state === "seen") ended.push(look.batch);
      }
      return ended;
    },
    batches: () => [...followed.values()].flatMap(({ batch }) => batch ?? []),
    following: () => open().map(([id]) => id),
    isHeld: () => open().length > 0 && open().every(([, { held }]) => held),
    lost: watching.lost,
    stopped: () => watching.stopped,
  };
}

/** Takes in what a look showed; `true` for a batch that has ended since the look before. */
function take(watching: Watching, id: string, look: Look): boolean {
  const one = watching.followed.get(id);
  if (one === undefined) return false;
  if (look.state === "seen") {
    one.batch = look.batch;
    one.failures = undefined;
    one.ended = isTerminal(look.batch);
    return one.ended;
  }
  if (look.state === "held") one.held = true;
  else miss(watching, id, one, look.error);
  return false;
}

function miss(watching: Watching, id: string, one: Followed, error: APIError): void {
  const now = watching.now();
  const before = one.failures?.status === error.status ? one.failures : undefined;
  const count = (before?.count ?? 0) + 1;
  const since = before?.since ?? now;
  one.failures = { status: error.status, count, since };
  const seen = one.batch !== undefined;
  const { decision } = decideAfterFailedLook({ error, seen, inARow: count, since: now - since });
  if (decision === "stop") watching.stopped = error;
  if (decision === "go on" || decision === "stop") {
    watching.onEvent({ type: "poll-failed", batchId: id, error });
    return;
  }
  watching.lost.set(id, error);
  one.ended = true;
  watching.onEvent({ type: decision === "gone" ? "gone" : "unknown-id", batchId: id, error });
}
