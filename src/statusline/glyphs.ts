/** A character as a reader sees it, of one or more code points. */
export interface Glyph {
  text: string;
  /** How many columns of a terminal it takes. */
  columns: number;
}

/** Latin letters and the punctuation of the default line, which need no further look. */
const SINGLE = /^[ -\u02FF…–—•]*$/;

/**
 * Splits a text without control characters into glyphs. Reports use the package string-width, which is
 * too much here: it adds 6.8 kB to the 85 that are read at every update, takes 17 ms to load (mostly for
 * Intl.Segmenter) and as long again for its first text. A test compares the two.
 */
export function splitGlyphs(text: string): Glyph[] {
  if (SINGLE.test(text)) return [...text].map((letter) => ({ text: letter, columns: 1 }));
  // Created here: each Unicode property takes a third of a millisecond.
  const glyph = /\p{RI}{2}|[^](?:[\p{M}\p{EMod}\u1160-\u11FF\uFF9E\uFF9F]|\u200D\p{ExtPict}?)*/gu;
  const double = new RegExp(`^(?:${DOUBLE.join('|')})`, 'u');
  return (text.match(glyph) ?? []).map((letter) => {
    const isNothing = /^[\p{Mn}\p{Me}\p{Cf}]/u.test(letter);
    // A spacing mark, as in Devanagari, and a halfwidth voice mark take a column of their own.
    const marks = letter.slice(1).match(/[\p{Mc}\uFF9E\uFF9F]/gu)?.length ?? 0;
    return { text: letter, columns: (isNothing ? 0 : double.test(letter) ? 2 : 1) + marks };
  });
}

/**
 * East Asian characters of two columns, without those that are emoji. Gaps that are not assigned are
 * closed.
 */
const WIDE = String.raw`[\u1100-\u115F\u2329\u232A\u2630-\u2637\u268A-\u268F\u2E80-\u303E\u3041-\u3247\u3250-\uA4C6\uA960-\uA97C\uAC00-\uD7A3\uF900-\uFAFF\uFE10-\uFE6B\uFF01-\uFF60\uFFE0-\uFFE6\u{16FE0}-\u{1B2FB}\u{1D300}-\u{1D376}\u{1F200}-\u{1F265}\u{20000}-\u{3FFFD}]`;

/** How a glyph of two columns begins. */
const DOUBLE = [
  WIDE,
  // Flags: half of one takes one column.
  String.raw`\p{RI}{2}|(?!\p{RI})\p{EPres}`,
  // Keycaps.
  String.raw`[\d#*]\uFE0F?\u20E3`,
  // Emoji by what follows.
  String.raw`\p{ExtPict}(?:.*[\uFE0F\u{1F3FB}-\u{1F3FF}]|\u200D\p{ExtPict})`,
];

/** How many columns of a terminal a text takes. */
export function countColumns(text: string): number {
  return splitGlyphs(text).reduce((sum, { columns }) => sum + columns, 0);
}

/** The start of a text that fits into so many columns. */
export function cutToColumns(text: string, columns: number): string {
  let left = columns;
  let kept = '';
  for (const glyph of splitGlyphs(text)) {
    left -= glyph.columns;
    if (left < 0) break;
    kept += glyph.text;
  }
  return kept;
}
