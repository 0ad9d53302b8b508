/**
 * Makes text from outside (transcripts, repositories, arguments) safe to display. Anybody can choose names
 * of models, branches and files, and a terminal obeys some characters: these are displayed instead.
 */

/**
 * Control characters, lone surrogates, line and paragraph separators, and invisible characters, which can
 * reverse the writing direction or hide text.
 */
const HIDDEN = String.raw`[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]`;

/** Characters that emoji are composed of. */
const JOINER = '\u200D';
const VARIANT = '\uFE0F';
const EMOJI_BEFORE = String.raw`\p{Extended_Pictographic}[\uFE0F\p{Emoji_Modifier}]?$`;
const EMOJI_AFTER = String.raw`^\p{Extended_Pictographic}`;

/** Nothing to escape, as in nearly every text. */
const PLAIN = /^[ -~]*$/;

const NAMED = new Map([
  ['\n', String.raw`\n`],
  ['\r', String.raw`\r`],
  ['\t', String.raw`\t`],
]);

/** One line, for any place. `\x1b`, `\u202e`, `\u{e0041}` and `\n` replace what can't be displayed. */
export function printable(text: string): string {
  return PLAIN.test(text) ? text : replaced(text, visible, () => false);
}

/** Several lines, keeping tabs and line ends: a file's content or a finished page. */
export function printableLines(text: string): string {
  return replaced(text, visible, (letter, at) => {
    return letter === '\n' || letter === '\t' || (letter === '\r' && text[at + 1] === '\n');
  });
}

/** JSON with the same value: characters that would be obeyed or hidden are written as `\u202e`. */
export function jsonText(value: unknown, indent?: number): string {
  // Line ends are part of the layout: those inside strings are escaped already.
  return replaced(JSON.stringify(value, null, indent), escaped, (letter) => letter === '\n');
}

const expressions = new Map<string, RegExp>();

/** Created on demand: a Unicode property escape costs the hook a third of a millisecond at each start. */
function compiled(source: string): RegExp {
  let expression = expressions.get(source);
  if (expression === undefined) {
    expression = new RegExp(source, source === HIDDEN ? 'gu' : 'u');
    expressions.set(source, expression);
  }
  return expression;
}

function replaced(
  text: string,
  by: (letter: string) => string,
  isKept: (letter: string, at: number) => boolean,
): string {
  return text.replace(compiled(HIDDEN), (letter, at: number) =>
    isKept(letter, at) || isInEmoji(letter, text, at) ? letter : by(letter),
  );
}

function isInEmoji(letter: string, text: string, at: number): boolean {
  if (letter !== JOINER && letter !== VARIANT) return false;
  const before = text.slice(Math.max(0, at - 4), at);
  if (letter === VARIANT) return /\p{Extended_Pictographic}$/u.test(before);
  return (
    compiled(EMOJI_BEFORE).test(before) && compiled(EMOJI_AFTER).test(text.slice(at + 1, at + 3))
  );
}

function visible(letter: string): string {
  const code = letter.codePointAt(0) ?? 0;
  const named = NAMED.get(letter);
  if (named !== undefined) return named;
  if (code < 0x100) return String.raw`\x${code.toString(16).padStart(2, '0')}`;
  return code > 0xffff ? String.raw`\u{${code.toString(16)}}` : escaped(letter);
}

function escaped(letter: string): string {
  return letter.replace(
    /[^]/g,
    (unit) => String.raw`\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
