/** Wrappers: words that only affect how the next word is run. */
const WRAPPERS: ReadonlySet<string> = new Set([
  'sudo',
  'env',
  'time',
  'timeout',
  'nice',
  'nohup',
  'exec',
  'command',
]);
/**
 * What may precede the program: comments, brackets, assignments, and a `cd`, which only changes the folder.
 */
const LEADING = [
  String.raw`#[^\n]*\n`,
  String.raw`[({]`,
  String.raw`\w+=(?:"[^"]*"|'[^']*'|[^\s;&|]*)\s`,
  String.raw`cd\s+(?:"[^"]*"|'[^']*'|[^\s;&|]+)\s*(?:&&|;)`,
];
const LEAD = new RegExp(`^\\s*(?:(?:${LEADING.join('|')})\\s*)+`);
/** How much of a command is searched for its first word. */
const MAX_COMMAND_CHARS = 2000;

/**
 * The program that a shell command starts, without its folder: the first word that is not an assignment, a
 * wrapper or `cd`. Null if that is not a plain word, such as an option of a wrapper.
 */
export function commandWord(command: unknown): string | null {
  if (typeof command !== 'string') return null;
  const rest = command.slice(0, MAX_COMMAND_CHARS).replace(LEAD, '');
  for (const word of rest.split(/\s+/)) {
    // `timeout 10s`, and assignments after `env`.
    if (word === '' || WRAPPERS.has(word) || /^(?:\w+=.*|\d+[smhd]?)$/.test(word)) continue;
    const name = word.replace(/^.*\//, '').replace(/[;&|)]+$/, '');
    return /^[\w.][\w.+-]{0,63}$/.test(name) ? name : null;
  }
  return null;
}
