import type { Argv, InferredOptionType, Options, PositionalOptions } from 'yargs';

type Positionals = Record<string, PositionalOptions>;
type Flags = Record<string, Options>;

/** `dry-run` is `dryRun` in code. */
type CamelCase<Name> = Name extends `${infer First}-${infer Rest}`
  ? `${First}${Capitalize<CamelCase<Rest>>}`
  : Name;

type ValuesByName<Declared extends Flags> = {
  [Name in keyof Declared as CamelCase<Name> & string]: InferredOptionType<Declared[Name]>;
};

type OptionalName<Values> = {
  [Name in keyof Values]: undefined extends Values[Name] ? Name : never;
}[keyof Values];

type WithOptional<Values> = Omit<Values, OptionalName<Values>> &
  Partial<Pick<Values, OptionalName<Values>>>;

/** What yargs hands over for declared flags or positionals: their types are written nowhere else. */
export type FlagValues<Declared extends Flags> = WithOptional<ValuesByName<Declared>>;

/** What a command takes and what it does. */
export interface Command {
  positionals: Positionals;
  flags: Flags;
  /** Its own commands. */
  commands: readonly LazyCommand[];
  /** What else yargs is told of it. */
  configure: (parser: Argv) => Argv;
  handler: (values: object) => void | Promise<void>;
}

/** A command as the list of commands shows it; its module is loaded when it runs. */
export interface LazyCommand {
  /** Its names; the first with its positionals, as in `show <model>`. */
  command: string | string[];
  /** False: not listed. */
  describe: string | false;
  /** It has commands of its own. */
  isGroup: boolean;
  load: () => Command | Promise<Command>;
}

interface Definition<Own extends Positionals, Declared extends Flags> {
  positionals?: Own;
  flags?: Declared;
  configure?: (parser: Argv) => Argv;
  handler: (values: FlagValues<Own & Declared>) => void | Promise<void>;
}

/** A command whose handler gets what its flags and positionals declare. */
export function defineCommand<
  const Own extends Positionals = Record<never, never>,
  const Declared extends Flags = Record<never, never>,
>({ positionals, flags, configure, handler }: Definition<Own, Declared>): Command {
  return {
    positionals: positionals ?? {},
    flags: flags ?? {},
    commands: [],
    configure: configure ?? ((parser) => parser),
    // What was declared is what yargs parses by.
    handler: (values) => handler(values as FlagValues<Own & Declared>),
  };
}

/** A command that does nothing by itself: `budget`, with `budget set` and others. */
export function defineGroup(
  commands: readonly LazyCommand[],
  configure: Command['configure'] = (parser) => parser,
): Command {
  return { positionals: {}, flags: {}, commands, configure, handler: () => {} };
}

export function lazyCommand(
  command: string | string[],
  describe: string | false,
  load: LazyCommand['load'],
  isGroup = false,
): LazyCommand {
  return { command, describe, isGroup, load };
}

/** Registers a command whose module is loaded only when it runs. */
export function registerCommand(parser: Argv, { command, describe, load }: LazyCommand): void {
  parser.command(
    command,
    describe as string,
    async (yargs) => {
      const loaded = await load();
      for (const own of loaded.commands) await registerOwn(yargs, own);
      return declare(yargs, loaded);
    },
    async (values) => (await load()).handler(values),
  );
}

/** Of a default command the builder may not wait: the help of its group would lose the group's name. */
async function registerOwn(parser: Argv, own: LazyCommand): Promise<void> {
  if (![own.command].flat().includes('$0')) {
    registerCommand(parser, own);
    return;
  }
  const loaded = await own.load();
  const builder = (yargs: Argv): Argv => declare(yargs, loaded);
  parser.command(own.command, own.describe as string, builder, loaded.handler);
}

function declare(parser: Argv, { positionals, flags, configure }: Command): Argv {
  for (const [name, options] of Object.entries(positionals)) parser.positional(name, options);
  return configure(parser.options(flags));
}
