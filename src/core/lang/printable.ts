/**
 * What text from outside (transcripts, repositories, arguments) becomes before it is shown. Names of
 * models, branches and files are anybody's, and a terminal obeys some characters: they are shown
 * instead of obeyed.
 */

/**
 * Control characters, surrogates without their other half, line and paragraph separators, and what is
 * invisible: it turns the direction of writing around, or hides text.
 */
const HIDDEN = String.raw`[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]`;

/** Of these an emoji is put together. */
const JOINER = '\u200D';
const VARIANT = '\uFE0F';
const EMOJI_BEFORE = String.raw`\p{Extended_Pictographic}[\uFE0F\p{Emoji_Modifier}]?$`;
const EMOJI_AFTER = String.raw`^\p{Extended_Pictographic}`;

/** All of it: nearly every text. */
const PLAIN = /^[ -~]*$/;

const NAMED = new Map([
  ['\n', String.raw`\n`],
  ['\r', String.raw`\r`],
  ['\t', String.raw`\t`],
]);

/** One line, for any place: `\x1b`, `\u202e`, `\u{e0041}` and `\n` stand for what can't be shown. */
export function printable(text: string): string {
  return PLAIN.test(text) ? text : replaced(text, visible, () => false);
}

/** Several lines, with the tabs and line ends in them: a file's content, or a finished page. */
export function printableLines(text: string): string {
  return replaced(text, visible, (letter, at) => {
    return letter === '\n' || letter === '\t' || (letter === '\r' && text[at + 1] === '\n');
  });
}

/** JSON whose value is the same: what would be obeyed or hidden is written as `\u202e`. */
export function jsonText(value: unknown, indent?: number): string {
  // The line ends are the layout's: those in texts are escaped already.
  return replaced(JSON.stringify(value, null, indent), escaped, (letter) => letter === '\n');
}

const expressions = new Map<string, RegExp>();

/** Made when it is needed: a property of Unicode costs the hook a third of a millisecond, at each start. */
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
