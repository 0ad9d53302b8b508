import type { Command, LazyCommand } from './define.ts';
import { commands } from './index.ts';

/** The command that a command line names. */
export interface CalledCommand {
  /** As it is typed: `tallyhook budget set`. */
  path: string;
  /** The commands among which a misspelled one may be; none where the command takes no subcommand. */
  siblings: readonly LazyCommand[];
  /** Null where the first word is not a command: the default command was called. */
  listed: LazyCommand | null;
  loaded: Command;
}

/** The names that a command is called by: of `estimate [file]`, the first word. */
export function commandNames({ command }: Pick<LazyCommand, 'command'>): string[] {
  return [command].flat().map((text) => text.split(' ')[0] ?? '');
}

export function findCommand(
  among: readonly LazyCommand[],
  word: string | undefined,
): LazyCommand | undefined {
  return among.find(
    (one) => word !== undefined && word !== '$0' && commandNames(one).includes(word),
  );
}

/** @param args those of the command line; a command that is not named is the default one */
export async function findCalledCommand(args: readonly string[]): Promise<CalledCommand> {
  let path = 'tallyhook';
  let siblings: readonly LazyCommand[] = commands;
  const words = args.filter((word) => !word.startsWith('-'));
  for (;;) {
    const named = findCommand(siblings, words[0]);
    const listed = named ?? siblings.find((one) => commandNames(one).includes('$0'));
    if (named !== undefined) path += ` ${words.shift()}`;
    if (listed === undefined) break;
    const loaded = await listed.load();
    if (named === undefined) return { path, siblings, listed: null, loaded };
    if (loaded.commands.length === 0) return { path, siblings: [], listed, loaded };
    siblings = loaded.commands;
  }
  // A group without a default command, such as `pricing`.
  const empty: Command = {
    positionals: {},
    flags: {},
    examples: [],
    commands: siblings,
    configure: (parser) => parser,
    handler: () => {},
  };
  return { path, siblings, listed: null, loaded: empty };
}
