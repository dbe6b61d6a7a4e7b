/** Where a line is: in which of several files, and at which bytes; `end` is after its line feed. */
export interface LinePlace {
  readonly file: number;
  readonly start: number;
  readonly end: number;
}

const linesPerPage = 1 << 14;

interface TablePage {
  readonly start: Float64Array;
  readonly length: Uint32Array;
  /** Files and tags are made with the first that is not 0: most inputs are one file of one model. */
  file: Uint32Array | undefined;
  tag: Uint32Array | undefined;
}

/**
 * The places of millions of lines, in 12 to 20 bytes each. A line is known by its number, from 0, in
 * the order in which the lines were added. The table grows by pages, so that nothing is copied.
 */
export class LineTable {
  #size = 0;
  readonly #pages: TablePage[] = [];

  get size(): number {
    return this.#size;
  }

  /** The number of each line, ascending. */
  *numbers(): Generator<number> {
    for (let number = 0; number < this.#size; number += 1) yield number;
  }

  /**
   * Adds a line: its file, its first byte, the byte behind its last one, and a number to go with it.
   *
   * @param tag a small number of the caller's, for example of the model
   */
  add(file: number, start: number, end: number, tag = 0): void {
    const line = this.#size;
    if (line === this.#pages.length * linesPerPage) {
      this.#pages.push({
        start: new Float64Array(linesPerPage),
        length: new Uint32Array(linesPerPage),
        file: undefined,
        tag: undefined,
      });
    }
    this.#size += 1;
    this.set(line, { file, start, end });
    if (tag !== 0) this.setTag(line, tag);
  }

  /** Puts another place in a line's stead. */
  set(line: number, { file, start, end }: LinePlace): void {
    const page = this.#pageOf(line);
    if (page === undefined) return;
    const at = line % linesPerPage;
    page.start[at] = start;
    page.length[at] = end - start;
    if (file !== 0) page.file ??= new Uint32Array(linesPerPage);
    if (page.file !== undefined) page.file[at] = file;
  }

  /** Where a line is, by its number from 0. */
  place(line: number): LinePlace {
    const page = this.#pageOf(line);
    const at = line % linesPerPage;
    const start = page?.start[at] ?? 0;
    return { file: page?.file?.[at] ?? 0, start, end: start + (page?.length[at] ?? 0) };
  }

  /** The number that goes with a line. */
  tag(line: number): number {
    return this.#pageOf(line)?.tag?.[line % linesPerPage] ?? 0;
  }

  /** Changes the number that goes with a line. */
  setTag(line: number, tag: number): void {
    const page = this.#pageOf(line);
    if (page === undefined) return;
    page.tag ??= new Uint32Array(linesPerPage);
    page.tag[line % linesPerPage] = tag;
  }

  #pageOf(line: number): TablePage | undefined {
    return this.#pages[Math.floor(line / linesPerPage)];
  }
}
