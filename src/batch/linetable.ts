/** Where a line is: in which of several files, and at which bytes; `end` is after its line feed. */
export interface LinePlace {
  readonly file: number;
  readonly start: number;
  readonly end: number;
}

/**
 * The places of millions of lines, in 20 bytes each. A line is known by its number, from 0, in the
 * order in which the lines were added.
 */
export class LineTable {
  #size = 0;
  #start = new Float64Array(1024);
  #length = new Uint32Array(1024);
  #file = new Uint32Array(1024);
  #tag = new Uint32Array(1024);

  get size(): number {
    return this.#size;
  }

  /**
   * Adds a line: its file, its first byte, the byte behind its last one, and a number to go with it.
   *
   * @param tag a small number of the caller's, for example of the model
   */
  add(file: number, start: number, end: number, tag = 0): void {
    if (this.#size === this.#start.length) this.#grow();
    this.#start[this.#size] = start;
    this.#length[this.#size] = end - start;
    this.#file[this.#size] = file;
    this.#tag[this.#size] = tag;
    this.#size += 1;
  }

  /** Puts another place in a line's stead. */
  set(line: number, { file, start, end }: LinePlace): void {
    this.#start[line] = start;
    this.#length[line] = end - start;
    this.#file[line] = file;
  }

  /** Where a line is, by its number from 0. */
  place(line: number): LinePlace {
    const start = this.#start[line] ?? 0;
    return { file: this.#file[line] ?? 0, start, end: start + (this.#length[line] ?? 0) };
  }

  /** The number that goes with a line. */
  tag(line: number): number {
    return this.#tag[line] ?? 0;
  }

  /** Changes the number that goes with a line. */
  setTag(line: number, tag: number): void {
    this.#tag[line] = tag;
  }

  #grow(): void {
    const grown = <T extends Float64Array | Uint32Array>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    const slots = this.#start.length * 2;
    this.#start = grown(this.#start, new Float64Array(slots));
    this.#length = grown(this.#length, new Uint32Array(slots));
    this.#file = grown(this.#file, new Uint32Array(slots));
    this.#tag = grown(this.#tag, new Uint32Array(slots));
  }
}
