/** Numbers in typed memory that grows, for what there may be millions of. */
export class NumberList {
  #numbers = new Uint32Array(64);
  size = 0;

  push(number: number): void {
    if (this.size === this.#numbers.length) {
      const grown = new Uint32Array(this.size * 2);
      grown.set(this.#numbers);
      this.#numbers = grown;
    }
    this.#numbers[this.size] = number;
    this.size += 1;
  }

  at(index: number): number {
    return this.#numbers[index] ?? 0;
  }

  /** The last place that holds no more than `number`, in a list that ascends; -1 where none does. */
  lastUpTo(number: number): number {
    let [low, high] = [0, this.size];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.at(middle) <= number) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
