import type { PartToCreate } from "../create/creator.ts";
import { halfKeyOf } from "../create/key.ts";
import type { InputScan } from "../input.ts";
import { halve, type InputPart, partSource } from "../split.ts";
import type { Halve } from "./part-list.ts";

/** The parts of a round, by their numbers. All three lists grow by the halves of those that are divided. */
interface PlannedParts {
  /** What a part is accounted for. */
  readonly parts: InputPart[];
  /** What is sent of it. */
  readonly sent: InputPart[];
  readonly toCreate: PartToCreate[];
}

/** Divides parts; what a half is accounted for is what it sends. */
export function halving(scan: InputScan, { parts, sent, toCreate }: PlannedParts): Halve {
  return (part) => {
    const whole = sent[part];
    const halves = whole && halve(scan, whole);
    if (halves === undefined) return undefined;
    const key = toCreate[part]?.key;
    const made = (half: InputPart, number: 1 | 2): PartToCreate => ({
      key: key && halfKeyOf(key, number),
      input: partSource(scan, half),
      requests: half.requests,
    });
    const [first, second] = halves;
    const pair = [made(first, 1), made(second, 2)] as const;
    for (const half of halves) parts.push({ ...half, index: parts.length });
    sent.push(...halves);
    toCreate.push(...pair);
    return pair;
  };
}
