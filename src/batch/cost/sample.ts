/** Numbers from 0 to 1 that are the same for the same seed; mulberry32. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A mean of drawn values, and how far the mean of all may be from it in 95 of 100 cases. */
export function meanOf(values: readonly number[]): {
  readonly mean: number;
  readonly error: number;
} {
  const count = values.length;
  if (count === 0) return { mean: 0, error: 0 };
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  if (count === 1) return { mean, error: mean };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, error: 1.96 * Math.sqrt(squares / (count - 1) / count) };
}

/** Places in so many bytes, drawn at random, ascending: a line is drawn the oftener the longer it is. */
export function drawPlaces(bytes: number, count: number, random: () => number): Float64Array {
  return Float64Array.from({ length: count }, () => random() * bytes).sort();
}
