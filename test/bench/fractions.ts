import { createRandom } from "../../src/simulator/random.ts";

/** A seeded source of numbers from 0 up to and without 1. */
export function fractions(seed: number): () => number {
  const { uint32 } = createRandom(seed);
  return () => uint32() / 2 ** 32;
}
