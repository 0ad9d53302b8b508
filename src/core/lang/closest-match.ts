/** The name that a word most likely means: at most two letters off. Null where there is none. */
export function closestMatch(word: string, names: readonly string[]): string | null {
  // No name is that long, and the work grows with the word.
  if (word.length > 60) return null;
  const [best] = names
    .map((name) => ({ name, off: distance(name, word) }))
    .sort((a, b) => a.off - b.off);
  return best !== undefined && best.off <= 2 && best.off < word.length ? best.name : null;
}

/** How many letters have to be changed, added or left out to make one word of the other. */
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
