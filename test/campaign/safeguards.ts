import { rules } from "./safeguards/rules.ts";
import { others } from "./safeguards/others.ts";

/** A line of the sources that keeps a promise, and the sources without it. */
export interface Safeguard {
  readonly what: string;
  readonly file: string;
  readonly code: string;
  readonly without: string;
  /** Direct tests that notice, asked where no schedule has: the campaign's world may not come to what the line is for. */
  readonly tests?: readonly string[];
}

/** `npm run campaign:safeguards` takes each of these out and expects the campaign, or the named tests, to fail. */
export const safeguards: readonly Safeguard[] = [...rules, ...others];
