/** What a command line accepts as a value. */
export type ValueSpec =
  | { kind: 'words'; words: readonly string[]; isList: boolean }
  | { kind: 'file' | 'folder' | 'any' };

export interface FlagSpec {
  /** Without dashes. */
  name: string;
  /** One letter; null if the flag has none. */
  short: string | null;
  describe: string;
  /** Null for a flag without a value. */
  value: ValueSpec | null;
}

/** A command and its subcommands, as completion scripts and tests see them. */
export interface CommandSpec {
  /** The first is the command's name, the others are aliases; empty for the program itself. */
  names: readonly string[];
  describe: string;
  flags: FlagSpec[];
  positionals: { name: string; value: ValueSpec }[];
  children: CommandSpec[];
}

/** A command with its path, such as `/pricing/show`; the path of the program itself is `/`. */
export interface PlacedCommand {
  path: string;
  command: CommandSpec;
}

/** Every command under each of its names, parents first. */
export function placedCommands(root: CommandSpec, above = ''): PlacedCommand[] {
  const below = root.children.flatMap((child) =>
    child.names.flatMap((name) => placedCommands(child, `${above}/${name}`)),
  );
  return [{ path: above === '' ? '/' : above, command: root }, ...below];
}

/** The flags that take a value, as typed: the word after such a flag is not a command. */
export function flagsWithValue(root: CommandSpec): string[] {
  const flags = placedCommands(root).flatMap(({ command }) => command.flags);
  const typed = flags.filter(({ value }) => value !== null).flatMap(typedForms);
  return [...new Set(typed)].sort();
}

export function typedForms({ name, short }: Pick<FlagSpec, 'name' | 'short'>): string[] {
  return short === null ? [`--${name}`] : [`-${short}`, `--${name}`];
}
