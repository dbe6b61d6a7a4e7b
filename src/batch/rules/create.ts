import type { Batch } from "../../api/types.ts";
import { isTerminal } from "../status.ts";
import type { Decision, LookUp } from "../knowledge.ts";

/** What a batch with the wanted key is worth to a job that would otherwise create one. */
export type Worth =
  /** It runs, or has completed: its answers are ours. */
  | "whole"
  /** It is being cancelled: what it is worth shows when it has ended. */
  | "open"
  /** It ended early: its answers are worth having where the rest is sent again. */
  | "part"
  | "nothing";

/** What a batch is worth, by its status. A status that nobody knows counts as running. */
export function worthOf(batch: Pick<Batch, "status" | "errors" | "output_file_id">): Worth {
  switch (batch.status) {
    case "failed":
      // Also one without any answer has to be found again: only from it a run knows the key of the
      // round that has paid for its requests since.
      return isTurnedAway(batch) || !ranNothing(batch) ? "part" : "nothing";
    case "expired":
    case "cancelled":
      return "part";
    case "cancelling":
      return "open";
    default:
      return "whole";
  }
}

/** Whether a batch is worth taking: one that ended early is for those who take its answers too (`part`). */
export function isWorthTaking(batch: Parameters<typeof worthOf>[0], part: boolean): boolean {
  const worth = worthOf(batch);
  return worth !== "nothing" && (worth !== "part" || part);
}

/** Whether the server took a batch and found, when it came to it, that it had no room: too many tokens were enqueued. */
export function isTurnedAway({ status, errors }: Pick<Batch, "status" | "errors">): boolean {
  return (
    status === "failed" &&
    errors?.data?.some(({ code }) => code === "token_limit_exceeded") === true
  );
}

/** Whether a batch has failed for something else than room, so that its input file is not used again. */
export function isUnusable(batch: Pick<Batch, "status" | "errors">): boolean {
  return batch.status === "failed" && !isTurnedAway(batch);
}

/**
 * Whether a batch took no money along: it failed as a whole, before any of its requests ran. Some servers
 * also call a batch failed that broke off, and name the file of what was answered by then.
 */
export function ranNothing({
  status,
  output_file_id,
}: Pick<Batch, "status" | "output_file_id">): boolean {
  return status === "failed" && output_file_id === undefined;
}

/** The worthiest first. */
export const worths: readonly Worth[] = ["whole", "open", "part", "nothing"];

/**
 * Of several batches with one key the one to take: the worthiest, of those that have ended the one with
 * the most answers, and then the newest: of a create that was sent twice, most often the one whose answer
 * came. Lists come in any order, so the time of creation tells and not the place.
 *
 * @param part whether a batch that ended early is taken too
 */
export function chooseAdoptable(batches: readonly Batch[], part: boolean): Batch | undefined {
  for (const worth of worths) {
    if (worth === "nothing" || (worth === "part" && !part)) return undefined;
    const [first, ...others] = batches.filter((batch) => worthOf(batch) === worth);
    if (first !== undefined) {
      return others.reduce((best, batch) => (isBetter(batch, best) ? batch : best), first);
    }
  }
  return undefined;
}

function isBetter(batch: Batch, best: Batch): boolean {
  // Every answer that is not taken is paid for again; what still runs may have more of them yet.
  const haveEnded = isTerminal(batch) && isTerminal(best);
  const more = haveEnded ? answersOf(batch) - answersOf(best) : 0;
  return more > 0 || (more === 0 && batch.created_at > best.created_at);
}

/** How many answers a batch has at least: some servers count none. */
function answersOf({ request_counts: counts, output_file_id }: Batch): number {
  return Math.max(counts?.completed ?? 0, output_file_id === undefined ? 0 : 1);
}

/** What is known before a create goes out. */
export interface BeforeCreate {
  /** The batch with the key that is to be taken, if one was found. */
  readonly found: Batch | undefined;
  /** Whether the result files of `found` are gone for good; only asked of one that has ended. */
  readonly filesGone: boolean;
  /** Why the list was not read to its end. */
  readonly incomplete: string | undefined;
  /** Whether the server has no list of batches at all. */
  readonly noList: boolean;
  /** Whether an earlier attempt may have created the batch: a re-run, or a key of the user's own. */
  readonly mayExist: boolean;
  /**
   * A batch of the same round of the same work that an earlier attempt has made of other requests: what
   * was to be sent again then was not quite the same, and some of it may be in both.
   */
  readonly overlapping?: Batch | undefined;
  /** A batch of a half of the requests: an earlier attempt had to divide them. */
  readonly half?: Batch | undefined;
}

/**
 * What is done in place of a create, or before it.
 *
 * - `adopt`: the batch that is there is taken
 * - `halve`: an earlier attempt has sent the requests in halves, of which each is looked for by itself
 * - `wait`: it is being cancelled; how it ends decides
 * - `create`: nothing stands for the work
 * - `stop`: it may be there and could not be seen: failing costs less than paying twice
 */
export function decideBeforeCreate(
  known: BeforeCreate,
): Decision<"adopt" | "wait" | "create" | "halve" | "stop"> {
  const { found, filesGone, incomplete, noList, mayExist, overlapping, half } = known;
  // Whoever sent halves had given up what had ended early of the whole.
  const worth = found === undefined || filesGone ? "nothing" : worthOf(found);
  if (half !== undefined && (worth === "part" || worth === "nothing")) {
    return { decision: "halve", why: `${half.id} is ${half.status} and holds a half of them` };
  }
  if (found !== undefined && !filesGone) {
    const { decision, why } = decideAmongUnseen(found, incomplete);
    if (decision === "stop") return { decision, why };
    return worth === "open"
      ? { decision: "wait", why: `${found.id} is being cancelled` }
      : { decision: "adopt", why: `${found.id} is ${found.status}` };
  }
  if (noList) {
    return mayExist
      ? { decision: "stop", why: "the server has no list of batches" }
      : { decision: "create", why: "the server has no list of batches, and this is the first try" };
  }
  if (incomplete !== undefined) return { decision: "stop", why: incomplete };
  if (overlapping !== undefined) {
    return {
      decision: "stop",
      why: `an earlier attempt has sent requests of the same work again as ${overlapping.id}, which may hold some of these`,
    };
  }
  return found === undefined
    ? { decision: "create", why: "no batch with the key is there" }
    : { decision: "create", why: `the results of ${found.id} are gone from the server` };
}

/**
 * Whether a batch of the work is the one that counts. What one that ended early has left open may have been
 * sent again since, as a batch that stands where the list was not read.
 *
 * @param incomplete why the list was not read to its end
 */
export function decideAmongUnseen(
  { id, ...batch }: Pick<Batch, "id" | "status" | "errors" | "output_file_id">,
  incomplete: string | undefined,
): Decision<"take" | "stop"> {
  if (incomplete === undefined) return { decision: "take", why: "no other is there" };
  return worthOf(batch) === "part"
    ? {
        decision: "stop",
        why: `${id} is ${batch.status}, and what it has left open may have been sent again since; ${incomplete}`,
      }
    : { decision: "take", why: `${id} is ${batch.status}` };
}

/** A create is sent this often at the most, whatever the number of retries: each lost one may be a batch. */
const maxSent = 2;

/** What is known after a create whose answer was lost. */
export interface AfterLostCreate {
  /** What the list of batches showed, read for as long as it may lag. */
  readonly lookUp: LookUp<Batch>;
  /** How often the create was sent. */
  readonly sent: number;
  /** Whether the server said that it made a batch, without a readable word on which. */
  readonly said: boolean;
  /** Whether a batch of the same file is there that keeps no metadata: it may be ours. */
  readonly stranger: boolean;
  /** Whether the caller wants retries at all. */
  readonly mayRetry: boolean;
}

/** What follows a create whose answer was lost: never a third create, and none over something unseen. */
export function decideAfterLostCreate(
  known: AfterLostCreate,
): Decision<"take" | "create again" | "give up"> {
  const { lookUp, sent, said, stranger, mayRetry } = known;
  if (lookUp.state === "found") return { decision: "take", why: `${lookUp.found.id} is of it` };
  if (lookUp.state === "incomplete") return { decision: "give up", why: lookUp.why };
  if (said) return { decision: "give up", why: "the server says that it made the batch" };
  if (stranger) {
    return { decision: "give up", why: "a batch of the same file is there that may be of it" };
  }
  if (!mayRetry) return { decision: "give up", why: "no retry is wanted" };
  return sent < maxSent
    ? { decision: "create again", why: "the list of batches does not show it" }
    : { decision: "give up", why: `it was sent ${sent} times without a known outcome` };
}

/** What a list shows of a batch while the batch of a create whose answer was lost is looked for. */
export interface ListedAfterLoss {
  readonly batch: Pick<Batch, "status" | "errors" | "output_file_id">;
  /** Whether it carries the mark of the create. */
  readonly own: boolean;
  /** Whether it may be younger than the create, and is none that was there before and was not to be taken. */
  readonly isNew: boolean;
  /** Whether it has the key of the create, and one with that key may be taken in its place. */
  readonly sameKey: boolean;
  /** Whether it is of the same input file, or shows none. */
  readonly sameFile: boolean;
}

/**
 * What a listed batch is to a create whose answer was lost: `own`, or one with the same key that is as good
 * (`take`), or a `stranger`, which may be of the create although nothing on it says so.
 */
export function decideListed({
  batch,
  own,
  isNew,
  sameKey,
  sameFile,
}: ListedAfterLoss): "own" | "take" | "stranger" | "other" {
  if (own) return "own";
  // The mark of a create tells whose a batch is; of any other only its time tells that it may be new.
  if (!isNew) return "other";
  if (sameKey && worthOf(batch) === "whole") return "take";
  return sameFile ? "stranger" : "other";
}

/**
 * Which batches of one create are extra: all but the one that is kept. They were paid for by mistake and
 * nobody waits for them, so they are cancelled whatever else is decided.
 */
export function extraBatches(own: readonly Batch[], keep: string): readonly Batch[] {
  return own.filter(({ id }) => id !== keep);
}

/**
 * Of several batches of one lost create the one to keep: the oldest, so that everybody keeps the same. One
 * that the server has turned away or refused is kept only where there is no other.
 */
export function chooseOwn(own: readonly Batch[]): Batch | undefined {
  const running = own.filter((batch) => !ranNothing(batch));
  const [first, ...others] = running.length > 0 ? running : own;
  if (first === undefined) return undefined;
  return others.reduce(
    (oldest, batch) => (batch.created_at < oldest.created_at ? batch : oldest),
    first,
  );
}

/**
 * Whether a key of the user's own stands for these requests. The same key with other requests, another
 * endpoint or another repository is a mistake that is found before anything is paid. A batch that
 * failed took no money along, and one without a hash was not made by this package.
 */
export function decideOwnKey(
  batch: Pick<Batch, "id" | "status" | "output_file_id">,
  theirs: string | undefined,
  ours: string,
): Decision<"same" | "other"> {
  if (ranNothing(batch) || theirs === undefined || theirs === ours) {
    return { decision: "same", why: `${batch.id} is of the same requests` };
  }
  return { decision: "other", why: `${batch.id} was made of other requests under the same key` };
}

/**
 * Whether a batch that holds the same requests as ours, in other company, keeps them from being created:
 * all that it has, or will have, is paid for. What ended early counts for those who would take its
 * answers (`part`), as it does where the split is the same.
 */
export function decideOtherSplit(
  batch: Pick<Batch, "id" | "status" | "errors" | "output_file_id">,
  part: boolean,
): Decision<"stop" | "create"> {
  return isWorthTaking(batch, part)
    ? { decision: "stop", why: `${batch.id} holds the same requests in another split` }
    : { decision: "create", why: `${batch.id} has ended, and its answers are not wanted` };
}

/**
 * Whether a batch of a retry round stands in the way of requests of the same work that it may hold. Beside
 * the whole input one that ended early does not: what it has is given up with the rest.
 *
 * @param again whether the requests are of a retry round as well
 */
export function decideOverlap(
  batch: Pick<Batch, "id" | "status" | "errors" | "output_file_id">,
  again: boolean,
): Decision<"create" | "stop"> {
  const { id, status } = batch;
  const worth = worthOf(batch);
  const counts = again ? !ranNothing(batch) : worth === "whole" || worth === "open";
  return counts
    ? { decision: "stop", why: `${id} is ${status} and may hold some of these requests` }
    : { decision: "create", why: `${id} is ${status}` };
}

/** What the input file of another batch holds: the same requests, some of them, others, or what could not be seen. */
export type ContentBeside = "same" | "some" | "other" | "unknown";

/**
 * Whether a batch is created beside one of a server that keeps no metadata: that one may be of an earlier
 * attempt, and nothing but its input file tells. One that ended early counts for those who would take its
 * answers (`part`).
 */
export function decideBesideStranger(
  stranger: Pick<Batch, "id" | "status" | "endpoint" | "errors" | "output_file_id">,
  { endpoint, part }: { readonly endpoint: string; readonly part: boolean },
  file: ContentBeside,
): Decision<"create" | "stop"> {
  const { id, status } = stranger;
  if (!isWorthTaking(stranger, part)) {
    return { decision: "create", why: `${id} has ended, and its answers are not wanted` };
  }
  if (file === "other") return { decision: "create", why: `${id} was made of other requests` };
  // Some servers do not tell the endpoint.
  if (stranger.endpoint !== "" && stranger.endpoint !== endpoint) {
    return { decision: "create", why: `${id} is for another endpoint` };
  }
  return {
    decision: "stop",
    why: `${id} is ${status} and was made of ${madeOf[file]}; the server shows no metadata, so it may be of an earlier attempt`,
  };
}

const madeOf: Readonly<Record<Exclude<ContentBeside, "other">, string>> = {
  same: "the same requests",
  some: "some of the same requests",
  unknown: "a file that the server does not show",
};
