const firstBytes = 1024;

/** Numbers of requests, in a bit each. */
export class RequestSet {
  #bits: Uint8Array | undefined;

  add(request: number): void {
    const at = Math.floor(request / 8);
    let bits = (this.#bits ??= new Uint8Array(firstBytes));
    if (at >= bits.length) {
      const grown = new Uint8Array(Math.max(at + 1, bits.length * 2));
      grown.set(bits);
      this.#bits = bits = grown;
    }
    bits[at] = (bits[at] ?? 0) | (1 << (request % 8));
  }

  has(request: number): boolean {
    return ((this.#bits?.[Math.floor(request / 8)] ?? 0) & (1 << (request % 8))) !== 0;
  }
}
