import { formatDollars, listNames } from "../format.ts";
import type { Decision } from "../knowledge.ts";

/** What is known of the cost of requests before they are sent. */
export interface KnownCost {
  /** Dollars that may be spent. */
  readonly maxCost: number;
  /** Dollars; `undefined` where a price is not known. */
  readonly cost: number | undefined;
  /** Whether they can cost more. */
  readonly atLeast: boolean;
  /** The models whose price is not known. */
  readonly unpriced: readonly string[];
}

/** Whether an input may be sent: only what is known to cost no more than it may, which has to be known too. */
export function decideSend({
  maxCost,
  cost,
  atLeast,
  unpriced,
}: KnownCost): Decision<"send" | "refuse: price unknown" | "refuse: too expensive"> {
  if (Number.isNaN(maxCost)) {
    return { decision: "refuse: too expensive", why: "what may be spent is not a number" };
  }
  if (cost === undefined) {
    return {
      decision: "refuse: price unknown",
      why: `${unpricedWords(unpriced)}, so neither is what the requests cost`,
    };
  }
  const told = `${atLeast ? "at least " : ""}${formatDollars(cost)}`;
  return cost > maxCost
    ? {
        decision: "refuse: too expensive",
        why: `the requests cost ${told} by estimate, more than ${formatDollars(maxCost)}`,
      }
    : { decision: "send", why: `the requests cost ${told} by estimate` };
}

const maxNames = 5;

/**
 * Models by their names, a few of them.
 *
 * @param nameless what `""` stands for
 */
export function namesOf(models: readonly string[], nameless = "requests without a model"): string {
  const named = models.map((model) => model || nameless);
  return listNames(named, maxNames);
}

/** `the price of tiny is not known` */
export function unpricedWords(models: readonly string[]): string {
  const [prices, are] = models.length === 1 ? ["price", "is"] : ["prices", "are"];
  return `the ${prices} of ${namesOf(models)} ${are} not known`;
}

/** What is known of the cost of a retry round. */
export interface KnownRoundCost {
  /** Dollars that may be spent in all. */
  readonly maxCost: number;
  /** Dollars of the answers so far; `undefined` where they do not tell their tokens. */
  readonly paid: number | undefined;
  /** Dollars of the requests that would be sent again. */
  readonly estimate: number | undefined;
}

/** Whether requests are sent again: only where all that was paid and the round together stay below the bound. */
export function decideRoundCost({
  maxCost,
  paid,
  estimate,
}: KnownRoundCost): Decision<"send" | "end"> {
  if (paid === undefined) {
    return { decision: "end", why: "it is not known what the answers so far have cost" };
  }
  if (estimate === undefined) {
    return { decision: "end", why: "it is not known what they would cost" };
  }
  return paid + estimate > maxCost
    ? {
        decision: "end",
        why: `${formatDollars(paid)} has been paid, and another ${formatDollars(estimate)} by estimate would be more than ${formatDollars(maxCost)}`,
      }
    : { decision: "send", why: "it stays below what may be spent" };
}
