/**
 * The name that a word most likely stands for, with an edit distance of at most two; null if there is none.
 */
export function closestMatch(word: string, names: readonly string[]): string | null {
  // No name is longer, and the work grows with the word's length.
  if (word.length > 60) return null;
  const [best] = names
    .map((name) => ({ name, off: distance(name, word) }))
    .sort((a, b) => a.off - b.off);
  return best !== undefined && best.off <= 2 && best.off < word.length ? best.name : null;
}

/** The edit distance: how many letters to change, add or remove to turn one word into the other. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const changed = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(changed, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
