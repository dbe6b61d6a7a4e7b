import { keyBytes } from "./content-key.ts";

const wordsPerKey = keyBytes / 4;
const emptySlot = 0;
const fullest = 0.6;

/** The keys of millions of requests or answers, by their number from 0, in 16 bytes each. */
export class KeyTable {
  #size = 0;
  #words = new Uint32Array(1024 * wordsPerKey);
  readonly #bytes = Buffer.alloc(keyBytes);

  get size(): number {
    return this.#size;
  }

  add(key: Uint8Array): void {
    const at = this.#size * wordsPerKey;
    if (at === this.#words.length) {
      const grown = new Uint32Array(at * 2);
      grown.set(this.#words);
      this.#words = grown;
    }
    for (let word = 0; word < wordsPerKey; word += 1) {
      this.#words[at + word] = wordOf(key, word);
    }
    this.#size += 1;
  }

  /** The key in hexadecimal. */
  textOf(number: number): string {
    for (let word = 0; word < wordsPerKey; word += 1) {
      this.#bytes.writeUInt32BE(this.#words[number * wordsPerKey + word] ?? 0, word * 4);
    }
    return this.#bytes.toString("hex");
  }

  isAt(number: number, key: Uint8Array): boolean {
    const at = number * wordsPerKey;
    for (let word = 0; word < wordsPerKey; word += 1) {
      if (this.#words[at + word] !== wordOf(key, word)) return false;
    }
    return true;
  }

  firstWord(number: number): number {
    return this.#words[number * wordsPerKey] ?? 0;
  }
}

/** Tells under which number a key was added: 16 bytes for each, and 7 to 14 for finding it. */
export class KeyIndex {
  readonly #keys = new KeyTable();
  /** The number of the key plus one; 0 for an empty slot. */
  #slots = new Uint32Array(1024);

  get size(): number {
    return this.#keys.size;
  }

  /** Adds a key under the next number, from 0; returns the number it already has, else `undefined`. */
  add(key: Uint8Array): number | undefined {
    const slot = this.#slotOf(key);
    const present = this.#slots[slot] ?? emptySlot;
    if (present !== emptySlot) return present - 1;
    this.#keys.add(key);
    this.#slots[slot] = this.#keys.size;
    if (this.#keys.size > this.#slots.length * fullest) this.#grow();
    return undefined;
  }

  /** The number under which a key was added. */
  numberOf(key: Uint8Array): number | undefined {
    const present = this.#slots[this.#slotOf(key)] ?? emptySlot;
    return present === emptySlot ? undefined : present - 1;
  }

  #slotOf(key: Uint8Array): number {
    const mask = this.#slots.length - 1;
    let slot = wordOf(key, 0) & mask;
    for (;;) {
      const present = this.#slots[slot] ?? emptySlot;
      if (present === emptySlot || this.#keys.isAt(present - 1, key)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #grow(): void {
    const slots = new Uint32Array(this.#slots.length * 2);
    for (let number = 0; number < this.#keys.size; number += 1) {
      let slot = this.#keys.firstWord(number) & (slots.length - 1);
      while (slots[slot] !== emptySlot) slot = (slot + 1) & (slots.length - 1);
      slots[slot] = number + 1;
    }
    this.#slots = slots;
  }
}

/** A word of a key; its bytes are a hash's, and as good as random. */
function wordOf(key: Uint8Array, word: number): number {
  const at = word * 4;
  const high = ((key[at] ?? 0) << 24) | ((key[at + 1] ?? 0) << 16);
  return (high | ((key[at + 2] ?? 0) << 8) | (key[at + 3] ?? 0)) >>> 0;
}
