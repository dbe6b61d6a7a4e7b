import { closestMatch } from "leven";

/** The known word that a misspelt one most likely stands for; `undefined` when none is near. */
function nearest(word: string, known: readonly string[]): string | undefined {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[\s_]/g, "-");
  const words = new Map(known.map((text) => [plain(text), text]));
  // One slip in three characters still looks like the word; a guess beyond that would mislead.
  const maxDistance = Math.max(1, Math.floor(word.length / 3));
  const found = closestMatch(plain(word), [...words.keys()], { maxDistance });
  return found === undefined ? undefined : words.get(found);
}

/** ` Did you mean …?`, to follow a sentence; empty when no known word is near. */
export function didYouMean(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  return near === undefined ? "" : ` Did you mean \`${near}\`?`;
}
