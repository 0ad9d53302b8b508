import { shellCommand, splitShellWords } from './own-command.ts';

const STATUSLINE =
  /(?:^|\/)(?:tallyhook-statusline(?:\.cmd|\.exe|\.ps1)?|dist\/hooks\/statusline\.cjs)$/;
/** The flag behind which another status line's command stands. */
const WITH = '--with';

/** A status line of ours in the client's settings. */
export interface StatuslineCommand {
  /** The runner, if any, and the executable. */
  program: string[];
  /** Somebody else's command that ours runs too; null: none. */
  wrapped: string | null;
}

/** Null for a command that is not ours. */
export function parseStatusline(command: string): StatuslineCommand | null {
  const words = splitShellWords(command);
  const at = words.findIndex((word) => STATUSLINE.test(word.replaceAll('\\', '/')));
  if (at < 0 || at > 1) return null;
  const wrapped = words[at + 1] === WITH ? (words[at + 2] ?? null) : null;
  return { program: words.slice(0, at + 1), wrapped };
}

/** @param wrapped a command line of somebody else's, to be shown above ours */
export function buildStatuslineCommand(program: string[], wrapped: string | null): string {
  return shellCommand([...program, ...(wrapped === null ? [] : [WITH, wrapped])]);
}
