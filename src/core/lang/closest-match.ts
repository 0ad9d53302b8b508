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

const MAX_WORD = 200;

/**
 * The names that a word may stand for, the closest first: those that contain it, or differ in at most a
 * third of its letters. Case does not count.
 */
export function closestMatches(word: string, names: readonly string[], limit = 3): string[] {
  const wanted = word.toLowerCase();
  if (wanted.length > MAX_WORD) return [];
  const maxOff = Math.max(2, Math.floor(wanted.length / 3));
  const near = [...new Set(names)]
    .filter((name) => name !== '' && name.length <= MAX_WORD)
    .map((name) => {
      const other = name.toLowerCase();
      const isPart = wanted.length > 1 && (other.includes(wanted) || wanted.includes(other));
      // No cheaper edit exists than adding the missing letters.
      const least = Math.abs(other.length - wanted.length);
      const off = isPart ? least / MAX_WORD : least > maxOff ? least : distance(other, wanted);
      return { name, off, isPart };
    })
    .filter(({ off, isPart }) => isPart || (off <= maxOff && off < wanted.length))
    .sort((a, b) => a.off - b.off || (a.name < b.name ? -1 : 1));
  // One that is clearly the closest is alone.
  const maxShownOff = 2 * (near[0]?.off ?? 0) + 1;
  return near
    .filter(({ off }) => off <= maxShownOff)
    .slice(0, limit)
    .map(({ name }) => name);
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
