import { shellCommand, splitShellWords } from '../../shared/own-command.ts';

const STATUSLINE =
  /(?:^|\/)(?:tallyhook-statusline(?:\.cmd|\.exe|\.ps1)?|dist\/hooks\/statusline\.cjs)$/;
/** The flag that the wrapped status line's command follows. */
const WITH = '--with';

/** A status line of ours in Claude Code's settings. */
export interface StatuslineCommand {
  /** The runner, if any, and the executable. */
  program: string[];
  /** The command of another status line that ours runs as well; null: none. */
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

/** @param wrapped the command line of another status line, to be shown above ours */
export function buildStatuslineCommand(program: string[], wrapped: string | null): string {
  return shellCommand([...program, ...(wrapped === null ? [] : [WITH, wrapped])]);
}
