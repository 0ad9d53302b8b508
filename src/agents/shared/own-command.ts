/**
 * Recognises our command lines in a settings file: `tallyhook-hook` (a word or the last part of a path) or
 * the built file, with a runner, variables, quotes and arguments as people write them. A line that also
 * runs something else belongs to its author.
 */
export interface OwnCommand {
  /** The runner, if any, and the hook, without quotes and flags. */
  program: string[];
  /** The part of the command line that names the program. */
  start: number;
  end: number;
}

interface Word {
  text: string;
  start: number;
  end: number;
}

const WORD = /(?:'[^']*'|"(?:\\[^]|[^"\\])*"|\\[^]|[^\s;&|<>()'"\\])+/y;
const PIECE = /'([^']*)'|"((?:\\[^]|[^"\\])*)"|\\([^])|([^'"\\]+)/g;
const RUNNER = /^(?:node|nodejs|npx)(?:\.exe|\.cmd)?$/i;
const WRAPPER = /^(?:env|exec)$|^[A-Za-z_]\w*=/;
/**
 * `dist` is required, because a `hooks/record.cjs` in somebody's `.claude` folder is their own. A Windows
 * path may use either slash.
 */
const HOOK = /(?:^|\/)(?:tallyhook-hook(?:\.cmd|\.exe|\.ps1)?|dist\/hooks\/record\.cjs)$/;
/** What may follow: arguments, redirections, `&`, and the usual ways to ignore a failure. */
const NOTHING_ELSE = /^[^;&|\r\n`]*(?:&|\|\|\s*(?:true|:)|;\s*(?:true|:|exit 0)?)?$/;

/** Null for a command line that is not ours. */
export function parseOwnCommand(command: string): OwnCommand | null {
  const own = findProgram(shellWords(command));
  if (own === null) return null;
  const rest = command.slice(own.end).replaceAll(/\d?>&\d/g, '');
  // Trimmed first: trailing spaces that two repeats could share would take quadratic time.
  return NOTHING_ELSE.test(rest.trimEnd()) ? own : null;
}

/** The same for a command with `args`, which runs without a shell. */
export function isOwnProgram(words: string[]): boolean {
  return findProgram(words.map((text) => ({ text, start: 0, end: 0 }))) !== null;
}

function findProgram(words: Word[]): OwnCommand | null {
  let runner: Word | null = null;
  let takesFlags = false;
  for (const word of words) {
    const path = word.text.replaceAll('\\', '/');
    if (HOOK.test(path)) {
      const program = runner === null ? [word.text] : [runner.text, word.text];
      return { program, start: (runner ?? word).start, end: word.end };
    }
    if (takesFlags && path.startsWith('-')) continue;
    if (RUNNER.test(path.split('/').at(-1) ?? '')) runner = word;
    else if (runner !== null || !WRAPPER.test(path)) return null;
    takesFlags = true;
  }
  return null;
}

/** Words up to the first operator. */
function shellWords(command: string): Word[] {
  const words: Word[] = [];
  let at = 0;
  for (;;) {
    while (/\s/.test(command.charAt(at))) at++;
    WORD.lastIndex = at;
    const raw = WORD.exec(command)?.[0];
    if (raw === undefined) return words;
    words.push({ text: unquote(raw), start: at, end: at + raw.length });
    at += raw.length;
  }
}

function unquote(raw: string): string {
  return raw.replaceAll(
    PIECE,
    (_piece, single?: string, double?: string, escaped?: string, plain?: string) =>
      single ?? double?.replaceAll(/\\(["\\$`])/g, '$1') ?? escaped ?? plain ?? '',
  );
}

/** Splits a command line into words as a shell does, up to the first operator. */
export function splitShellWords(command: string): string[] {
  return shellWords(command).map(({ text }) => text);
}

/** A command line that a POSIX shell splits into exactly these words. */
export function shellCommand(words: string[]): string {
  return words.map(quote).join(' ');
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
