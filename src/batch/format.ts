const units = [
  ["d", 86_400],
  ["h", 3_600],
  ["min", 60],
  ["s", 1],
] as const;

/** Milliseconds as the two largest units: `3 h 12 min`, `45 s`, `0.4 s`. */
export function formatDuration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 10) return `${Number(seconds.toFixed(1))} s`;
  let left = Math.round(seconds);
  const parts: string[] = [];
  for (const [unit, size] of units) {
    const count = Math.floor(left / size);
    if (count > 0 && parts.length < 2) parts.push(`${count} ${unit}`);
    left %= size;
  }
  return parts.join(" ");
}

/** Bytes in decimal units, as the API's limits are given: `1.2 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} bytes`;
  if (bytes < 1_000_000) return `${Number((bytes / 1_000).toFixed(1))} kB`;
  if (bytes < 1_000_000_000) return `${Number((bytes / 1_000_000).toFixed(1))} MB`;
  return `${Number((bytes / 1_000_000_000).toFixed(2))} GB`;
}

/**
 * A whole number with commas between thousands: `12,345`. Not by `toLocaleString`: the first use of
 * `Intl` loads locale data for some 15 ms, a sixth of the time of a short step.
 */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `1 request`, `2 requests`. */
export function plural(count: number, noun: string, nouns = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : nouns}`;
}

/** `a`, `a and b`, `a, b and c`, and of many a few: `a, b and 4 more`. */
export function listNames(names: readonly string[], most: number): string {
  const more = names.length - most;
  const shown = more > 0 ? [...names.slice(0, most), `${formatCount(more)} more`] : names;
  return [shown.slice(0, -1).join(", "), ...shown.slice(-1)].filter(Boolean).join(" and ");
}

/** A foreign text in one line of at most so many characters. */
export function shorten(text: string, most: number): string {
  const start = text.slice(0, most * 4);
  const line = start.replace(/\s+/g, " ").trim();
  return line.length > most || start.length < text.length ? `${line.slice(0, most - 1)}…` : line;
}

/** What stands behind a colon, or before more words: a sentence without its full stop. */
export function withoutStop(sentence: string): string {
  return sentence.replace(/\.$/, "");
}

/** Dollars for people: `$12.35`, `$0.0421`, `$0`; what is below a cent keeps two digits that say something. */
export function formatDollars(dollars: number): string {
  if (dollars === 0) return "$0";
  if (dollars >= 1) {
    const [whole = "", cents = ""] = dollars.toFixed(2).split(".");
    return `$${formatCount(Number(whole))}.${cents}`;
  }
  if (dollars >= 0.1) return `$${dollars.toFixed(2)}`;
  const digits = Math.min(10, 1 - Math.floor(Math.log10(dollars)));
  return `$${dollars.toFixed(digits)}`;
}

/** Dollars for programs: a decimal number without an exponent, and without the noise of binary fractions. */
export function plainDollars(dollars: number): string {
  return dollars.toFixed(10).replace(/\.?0+$/, "");
}
