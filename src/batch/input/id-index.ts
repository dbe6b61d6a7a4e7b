const emptySlot = 0;
const fullest = 0.6;

/**
 * Tells which text was the how-maniest, for millions of texts in a few bytes each: it keeps 64 bits
 * of a hash in place of the text. Two different texts share them once in 2^64 pairs; of ten million
 * texts that is one chance in 370,000 for the whole file.
 */
export class IdIndex {
  #size = 0;
  #mask: number;
  #low: Uint32Array;
  #high: Uint32Array;
  /** The number of the text plus one; 0 for an empty slot. */
  #number: Uint32Array;
  // The halves of the last hash: a pair returned for each of millions of texts would be garbage.
  #hashLow = 0;
  #hashHigh = 0;

  constructor(capacity = 1024) {
    let slots = 1024;
    while (slots * fullest < capacity) slots *= 2;
    this.#mask = slots - 1;
    this.#low = new Uint32Array(slots);
    this.#high = new Uint32Array(slots);
    this.#number = new Uint32Array(slots);
  }

  /** The number of texts. */
  get size(): number {
    return this.#size;
  }

  /** Adds a text under the next number, from 0; returns the number it already has, else `undefined`. */
  add(text: string): number | undefined {
    this.#hash(text);
    const slot = this.#find(this.#hashLow, this.#hashHigh);
    const present = this.#number[slot] ?? emptySlot;
    if (present !== emptySlot) return present - 1;
    this.#size += 1;
    this.#low[slot] = this.#hashLow;
    this.#high[slot] = this.#hashHigh;
    this.#number[slot] = this.#size;
    if (this.#size > (this.#mask + 1) * fullest) this.#grow();
    return undefined;
  }

  /** Counts a line that has no text of its own, so that numbers stay those of the lines. */
  skip(): void {
    this.#size += 1;
  }

  /** The number under which a text was added. */
  numberOf(text: string): number | undefined {
    this.#hash(text);
    const present = this.#number[this.#find(this.#hashLow, this.#hashHigh)] ?? emptySlot;
    return present === emptySlot ? undefined : present - 1;
  }

  #find(low: number, high: number): number {
    let slot = (low ^ Math.imul(high, 0x9e3779b1)) & this.#mask;
    while (
      this.#number[slot] !== emptySlot &&
      (this.#low[slot] !== low || this.#high[slot] !== high)
    ) {
      slot = (slot + 1) & this.#mask;
    }
    return slot;
  }

  #grow(): void {
    const [low, high, number] = [this.#low, this.#high, this.#number];
    const slots = low.length * 2;
    this.#mask = slots - 1;
    this.#low = new Uint32Array(slots);
    this.#high = new Uint32Array(slots);
    this.#number = new Uint32Array(slots);
    for (const [at, present] of number.entries()) {
      if (present === emptySlot) continue;
      const slot = this.#find(low[at] ?? 0, high[at] ?? 0);
      this.#low[slot] = low[at] ?? 0;
      this.#high[slot] = high[at] ?? 0;
      this.#number[slot] = present;
    }
  }

  /** Two 32-bit lanes of multiply and rotate, mixed into each other at the end. */
  #hash(text: string): void {
    let low = 0x243f6a88 ^ text.length;
    let high = 0x85a308d3;
    for (let at = 0; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      low = Math.imul(low ^ unit, 0xcc9e2d51);
      low = (low << 13) | (low >>> 19);
      high = Math.imul(high ^ unit, 0x1b873593);
      high = (high << 17) | (high >>> 15);
    }
    low ^= low >>> 16;
    high ^= high >>> 15;
    low = Math.imul(low, 0x85ebca6b) ^ high;
    high = Math.imul(high, 0xc2b2ae35) ^ low;
    low = Math.imul(low ^ (low >>> 13), 0xc2b2ae35);
    high = Math.imul(high ^ (high >>> 16), 0x85ebca6b);
    this.#hashLow = (low ^ (low >>> 16)) >>> 0;
    this.#hashHigh = (high ^ (high >>> 13)) >>> 0;
  }
}
