import { NumberList } from "./number-list.ts";

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
