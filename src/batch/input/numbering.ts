/** Numbers in typed memory that grows, for what there may be millions of. */
class NumberList {
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

/** In which line of which file each request is, kept only where these do not just go up by one. */
export class Numbering {
  readonly #requests = new NumberList();
  readonly #lines = new NumberList();
  readonly #sources = new NumberList();
  #nextLine = -1;
  #source = -1;

  /** Notes the next request. */
  note(request: number, source: number, line: number): void {
    if (line !== this.#nextLine || source !== this.#source) {
      this.#requests.push(request);
      this.#lines.push(line);
      this.#sources.push(source);
    }
    this.#nextLine = line + 1;
    this.#source = source;
  }

  lineOf(request: number): number {
    const at = this.#requests.lastUpTo(request);
    return at < 0 ? 0 : this.#lines.at(at) + request - this.#requests.at(at);
  }

  sourceOf(request: number): number {
    return this.#sources.at(Math.max(0, this.#requests.lastUpTo(request)));
  }
}
