const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** A seeded source of numbers and ids: the same seed always gives the same sequence. */
export interface Random {
  /** A whole number from 0 up to and without 2³². */
  readonly uint32: () => number;
  /** `length` hexadecimal digits. */
  readonly hex: (length: number) => string;
  /** `length` letters and digits. */
  readonly base62: (length: number) => string;
  /** The numbers 0 … `length` − 1, each once, in random order. */
  readonly permutation: (length: number) => Uint32Array;
}

/** Makes a `Random` (mulberry32) from a seed. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;

  const uint32 = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };

  return {
    uint32,
    hex(length) {
      let text = "";
      while (text.length < length) text += uint32().toString(16).padStart(8, "0");
      return text.slice(0, length);
    },
    base62(length) {
      let text = "";
      while (text.length < length) text += BASE62.charAt(uint32() % BASE62.length);
      return text;
    },
    permutation(length) {
      const order = Uint32Array.from({ length }, (_, index) => index);
      for (let last = length - 1; last > 0; last -= 1) {
        const other = uint32() % (last + 1);
        const moved = order[last] ?? 0;
        order[last] = order[other] ?? 0;
        order[other] = moved;
      }
      return order;
    },
  };
}

/** A seed of its own for the `ordinal`-th thing made from `seed`, so that its ids do not depend on the others. */
export function deriveSeed(seed: number, ordinal: number): number {
  return createRandom(seed ^ Math.imul(ordinal + 1, 0x9e3779b1)).uint32();
}
