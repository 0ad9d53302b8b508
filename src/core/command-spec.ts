/** The values that a flag or a positional argument takes. */
export type ValueSpec =
  | {
      kind: 'words';
      words: readonly string[];
      isList: boolean;
      /** A few words about each; absent where they explain themselves. */
      meanings?: Readonly<Record<string, string>>;
    }
  | { kind: 'file' | 'folder' | 'any' };

export interface FlagSpec {
  /** Without dashes. */
  name: string;
  /** One letter; null if the flag has none. */
  short: string | null;
  describe: string;
  /** The title under which `--help` lists it; null for the command's own flags. */
  group: string | null;
  /** Null for a flag that takes none. */
  value: ValueSpec | null;
}

/** A command and its subcommands, as completion scripts and docs/commands.md show them. */
export interface CommandSpec {
  /** Its name and its aliases; none for the program itself. */
  names: readonly string[];
  describe: string;
  flags: FlagSpec[];
  positionals: { name: string; isRequired: boolean; value: ValueSpec }[];
  /** Command lines to copy, and what they show or do. */
  examples: readonly (readonly [line: string, effect: string])[];
  children: CommandSpec[];
}

/** A command with its place in the tree: `/pricing/show`; the program itself is `/`. */
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

/** The flags that take a value, as they are typed: the word after one of them is not a command. */
export function flagsWithValue(root: CommandSpec): string[] {
  const flags = placedCommands(root).flatMap(({ command }) => command.flags);
  const typed = flags.filter(({ value }) => value !== null).flatMap(typedForms);
  return [...new Set(typed)].sort();
}

export function typedForms({ name, short }: Pick<FlagSpec, 'name' | 'short'>): string[] {
  return short === null ? [`--${name}`] : [`-${short}`, `--${name}`];
}
