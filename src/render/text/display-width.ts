import stringWidth from 'string-width';

/** Latin letters, punctuation, arrows, lines and blocks: one column each, and nothing joins them. */
const SINGLE = /^[ -~\u00A1-\u00AC\u00AE-\u02FF\u2010-\u2027\u2190-\u22FF\u2500-\u259F]*$/;

/** Created on demand: the first takes milliseconds. */
let segmenter: Intl.Segmenter | undefined;

/** The columns that a text takes on a terminal, without its colour codes. */
export function width(text: string): number {
  // Nearly all cells. Measuring any other text takes milliseconds the first time.
  if (SINGLE.test(text)) return text.length;
  // oxlint-disable-next-line no-control-regex -- colours are control characters
  const plain = text.replace(/\u001B\[\d+m/g, '');
  return SINGLE.test(plain) ? plain.length : stringWidth(plain);
}

/** What readers take for characters: a letter with its accents, an emoji of several parts. */
export function graphemes(text: string): string[] {
  if (SINGLE.test(text)) return text.split('');
  segmenter ??= new Intl.Segmenter();
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** As many whole characters as fit into so many columns, from the start or the end of a text. */
export function fitting(text: string, columns: number, from: 'start' | 'end'): string {
  const letters = graphemes(text);
  if (from === 'end') letters.reverse();
  let left = columns;
  const count = letters.findIndex((letter) => (left -= width(letter)) < 0);
  const kept = count === -1 ? letters : letters.slice(0, count);
  return (from === 'end' ? kept.reverse() : kept).join('');
}
