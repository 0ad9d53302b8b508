/** What may stand where a command line wants a value. */
export type ValueSpec =
  | { kind: 'words'; words: readonly string[]; isList: boolean }
  | { kind: 'file' | 'folder' | 'any' };

export interface FlagSpec {
  /** Without dashes. */
  name: string;
  /** One letter; null where it has none. */
  short: string | null;
  describe: string;
  /** Null for a flag that takes none. */
  value: ValueSpec | null;
}

/** A command and its subcommands, as completion scripts and tests see them. */
export interface CommandSpec {
  /** The first is what it is called, the others are as good; none for the program itself. */
  names: readonly string[];
  describe: string;
  flags: FlagSpec[];
  positionals: { name: string; value: ValueSpec }[];
  children: CommandSpec[];
}

/** A command where it stands: `/pricing/show`; the program itself is `/`. */
export interface PlacedCommand {
  path: string;
  command: CommandSpec;
}

/** Every command with each of its names, parents first. */
export function placedCommands(root: CommandSpec, above = ''): PlacedCommand[] {
  const below = root.children.flatMap((child) =>
    child.names.flatMap((name) => placedCommands(child, `${above}/${name}`)),
  );
  return [{ path: above === '' ? '/' : above, command: root }, ...below];
}

/** The flags that take a value, as they are typed: a word after them is no command. */
export function flagsWithValue(root: CommandSpec): string[] {
  const flags = placedCommands(root).flatMap(({ command }) => command.flags);
  const typed = flags.filter(({ value }) => value !== null).flatMap(typedForms);
  return [...new Set(typed)].sort();
}

export function typedForms({ name, short }: Pick<FlagSpec, 'name' | 'short'>): string[] {
  return short === null ? [`--${name}`] : [`-${short}`, `--${name}`];
}
