import type { PartToCreate } from "../create/creator.ts";

/** What a part is divided into; `undefined` for one that cannot be. */
export type Halve = (part: number) => readonly [PartToCreate, PartToCreate] | undefined;

/** The parts of a round. One that is divided keeps its number, and its halves get the next two. */
export interface PartList {
  /** By their numbers, those that were divided among them; grows. */
  readonly all: readonly PartToCreate[];
  /** The numbers of those that were not divided, in the order of the input. */
  order(): readonly number[];
  /** Divides a part; returns the numbers of its halves, or `undefined` where it cannot be divided. */
  halve(part: number): readonly [number, number] | undefined;
}

export function createPartList(
  parts: readonly PartToCreate[],
  halve: Halve = () => undefined,
): PartList {
  const all = [...parts];
  let order: readonly number[] = [...all.keys()];
  return {
    all,
    order: () => order,
    halve(part) {
      const halves = halve(part);
      if (halves === undefined) return undefined;
      const numbers = [all.length, all.length + 1] as const;
      all.push(...halves);
      order = order.flatMap((one) => (one === part ? numbers : [one]));
      return numbers;
    },
  };
}
