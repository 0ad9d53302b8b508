import type { Argv, InferredOptionType, Options, PositionalOptions } from 'yargs';
import { FLAG_GROUPS } from './flags/groups.ts';

/** A flag as yargs takes it, and what its negation does. */
export interface FlagOptions extends Options {
  /**
   * What `--no-NAME` does; it is then listed as a flag of its own. A flag that is on by default has only
   * this text and no `describe`: its positive form does nothing, and is not listed.
   */
  negated?: string;
}

/** A command line to copy, and what it shows or does. */
export type Example = readonly [line: string, effect: string];

type Positionals = Record<string, PositionalOptions>;
type Flags = Record<string, FlagOptions>;

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

/** The values that yargs passes for declared flags or positionals; no other type of them exists. */
export type FlagValues<Declared extends Flags> = WithOptional<ValuesByName<Declared>>;

/** The arguments of a command, and the function that runs it. */
export interface Command {
  positionals: Positionals;
  flags: Flags;
  /** One or two. The first also shows how a command is called where an argument is missing. */
  examples: readonly Example[];
  /** Its subcommands. */
  commands: readonly LazyCommand[];
  /** Anything else to set on the yargs parser. */
  configure: (parser: Argv) => Argv;
  handler: (values: object) => void | Promise<void>;
}

/** A command as the list of commands shows it; its module is loaded when it runs. */
export interface LazyCommand {
  /** Its names; the first with its positionals, as in `show <model>`. */
  command: string | string[];
  /** False: neither listed nor documented. */
  describe: string | false;
  /** Whether it has subcommands. */
  isGroup: boolean;
  load: () => Command | Promise<Command>;
}

interface Definition<Own extends Positionals, Declared extends Flags> {
  positionals?: Own;
  flags?: Declared;
  examples?: readonly Example[];
  configure?: (parser: Argv) => Argv;
  handler: (values: FlagValues<Own & Declared>) => void | Promise<void>;
}

/** A command whose handler gets the values of the flags and positionals that it declares. */
export function defineCommand<
  const Own extends Positionals = Record<never, never>,
  const Declared extends Flags = Record<never, never>,
>({ positionals, flags, examples, configure, handler }: Definition<Own, Declared>): Command {
  return {
    positionals: positionals ?? {},
    flags: flags ?? {},
    examples: examples ?? [],
    commands: [],
    configure: configure ?? ((parser) => parser),
    // yargs parses by these same declarations, so the values have the declared types.
    handler: (values) => handler(values as FlagValues<Own & Declared>),
  };
}

/** A command that only has subcommands, such as `budget` with `budget set`. */
export function defineGroup(
  commands: readonly LazyCommand[],
  configure: Command['configure'] = (parser) => parser,
): Command {
  return { positionals: {}, flags: {}, examples: [], commands, configure, handler: () => {} };
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

/** The builder of a default command must not be asynchronous: help would lose the name of its group. */
async function registerOwn(parser: Argv, own: LazyCommand): Promise<void> {
  if (![own.command].flat().includes('$0')) {
    registerCommand(parser, own);
    return;
  }
  const loaded = await own.load();
  const builder = (yargs: Argv): Argv => declare(yargs, loaded);
  parser.command(own.command, own.describe as string, builder, loaded.handler);
}

/** The title of flags without a group; yargs lists `--help` and `--version` under it too. */
const OWN_FLAGS = 'Options:';

function declare(parser: Argv, { positionals, flags, examples, configure }: Command): Argv {
  for (const [name, options] of Object.entries(positionals)) parser.positional(name, options);
  // yargs lists groups in the order in which it first sees them: a command's own flags come first.
  for (const title of [OWN_FLAGS, ...Object.values(FLAG_GROUPS)]) parser.group([], title);
  for (const [name, flag] of Object.entries(flags)) declareFlag(parser, name, flag);
  if (examples.length > 0) parser.epilogue(exampleText(examples));
  return configure(parser);
}

/** `--no-NAME` is declared for the help only: yargs parses it as the negation of `--NAME`. */
function declareFlag(parser: Argv, name: string, { negated, ...options }: FlagOptions): void {
  const isHidden =
    options.hidden === true || (options.describe === undefined && negated !== undefined);
  parser.option(name, { ...options, hidden: isHidden });
  if (negated === undefined) return;
  const { group } = options;
  parser.option(`no-${name}`, {
    type: 'boolean',
    describe: negated,
    ...(group === undefined ? {} : { group }),
  });
}

function exampleText(examples: readonly Example[]): string {
  const lines = examples.map(([line, effect]) => `  ${line}\n      ${effect}`);
  return ['Examples:', ...lines].join('\n');
}
