/** Keys that become columns, so that answers with keys like ids do not make a table as wide as it is long. */
const maxKeys = 1_000;
/** Keys that are kept for shapes of their own, all shapes taken together. */
const maxInShapes = 200_000;

/** No keys at all. */
export const noShape = 0;

/**
 * Which keys JSON answers have, as one small number for each list of keys: millions of answers have few
 * different ones.
 */
export class KeyShapes {
  readonly #numbers = new Map<string, number>();
  readonly #shapes: (readonly string[])[] = [[]];
  readonly #names: string[] = [];
  readonly #known = new Set<string>();
  #inShapes = 0;
  #leftOut = 0;

  /** How many answers had keys for which there is no column. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /** The number of a list of keys; the same keys in another order are another list. */
  shapeOf(keys: readonly string[]): number {
    const kept = keys.filter((key) => this.#keep(key));
    if (kept.length < keys.length) this.#leftOut += 1;
    const list = this.#inShapes > maxInShapes ? this.#names : kept;
    return this.#numberOf(list);
  }

  keysOf(shape: number): readonly string[] {
    return this.#shapes[shape] ?? [];
  }

  #keep(key: string): boolean {
    if (this.#known.has(key)) return true;
    if (this.#names.length === maxKeys) return false;
    this.#known.add(key);
    this.#names.push(key);
    return true;
  }

  #numberOf(keys: readonly string[]): number {
    if (keys.length === 0) return noShape;
    // Of all keys there is one list for each of their number.
    const name = keys === this.#names ? String(keys.length) : JSON.stringify(keys);
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    this.#inShapes += keys.length;
    const number = this.#shapes.push([...keys]) - 1;
    this.#numbers.set(name, number);
    return number;
  }
}
