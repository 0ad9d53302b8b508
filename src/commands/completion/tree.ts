import type { Argv } from 'yargs';
import type { CommandSpec, FlagSpec, ValueSpec } from '../../core/command-spec.ts';
import { ALERT_CHANNELS, ALERT_LEVELS } from '../../core/alert/alert.ts';
import { BUDGET_ACTIONS, BUDGET_PERIODS } from '../../core/budget/budget.ts';
import { SETTING_KEYS } from '../../core/settings/table.ts';
import { DIMENSIONS } from '../../reports/dimensions.ts';
import type { LazyCommand } from '../define.ts';
import { schemaNames } from '../schema.ts';

interface Option {
  type?: string;
  alias?: string | readonly string[];
  choices?: readonly unknown[];
  default?: unknown;
  describe?: string;
  hidden?: boolean;
}

/** What a flag or a positional argument of a name takes, where its `choices` do not say it. */
const VALUES: Record<string, ValueSpec> = {
  by: { kind: 'words', words: DIMENSIONS, isList: true },
  session: { kind: 'words', words: ['last'], isList: false },
  last: { kind: 'words', words: ['24h', '7d', '30d', '12w'], isList: false },
  model: { kind: 'words', words: ['opus', 'sonnet', 'haiku'], isList: false },
  key: { kind: 'words', words: SETTING_KEYS, isList: false },
  project: { kind: 'folder' },
  projects: { kind: 'folder' },
  dir: { kind: 'folder' },
  file: { kind: 'file' },
  from: { kind: 'file' },
  reconcile: { kind: 'file' },
  output: { kind: 'file' },
  per: { kind: 'words', words: BUDGET_PERIODS, isList: false },
  action: { kind: 'words', words: BUDGET_ACTIONS, isList: false },
  channel: { kind: 'words', words: ALERT_CHANNELS, isList: false },
  level: { kind: 'words', words: ALERT_LEVELS, isList: false },
};

/** The commands with their flags, as their modules declare them to yargs. */
export async function commandTree(commands: readonly LazyCommand[]): Promise<CommandSpec> {
  const root = emptySpec([], 'What every agent call cost');
  for (const { command, describe, load } of commands) {
    const { builder } = await load();
    addCommand(root, command, describe, builder);
  }
  return root;
}

function emptySpec(names: string[], describe: string): CommandSpec {
  return { names, describe, flags: [], positionals: [], children: [] };
}

function addCommand(
  parent: CommandSpec,
  command: string | readonly string[],
  describe: unknown,
  builder: unknown,
): void {
  const forms = [command].flat();
  const names = forms.map((form) => form.split(' ')[0] ?? '').filter((name) => name !== '$0');
  const spec = emptySpec(names, typeof describe === 'string' ? describe : '');
  for (const [, name = ''] of forms.join(' ').matchAll(/[<[]([\w-]+)[.\]>]/g)) {
    const value = name === 'name' && names[0] === 'schema' ? schemaValue() : valueNamed(name);
    spec.positionals.push({ name, value });
  }
  if (typeof builder === 'function') builder(recorder(spec));
  else addOptions(spec, builder as Record<string, Option> | undefined);
  if (forms.includes('$0')) parent.flags.push(...spec.flags);
  // Without a description a command is not listed, and not offered.
  if (typeof describe === 'string') parent.children.push(spec);
}

/** Stands in for yargs while a builder runs, and keeps what the builder declares. */
function recorder(spec: CommandSpec): Argv {
  const calls: Record<string, (...args: never[]) => void> = {
    option: (name: string, option: Option) => addOptions(spec, { [name]: option }),
    options: (options: Record<string, Option>) => addOptions(spec, options),
    positional: (name: string, option: Option) => {
      const positional = spec.positionals.find((one) => one.name === name);
      if (positional !== undefined) positional.value = choicesOf(option) ?? positional.value;
    },
    command: (command: string | string[], describe: unknown, builder: unknown) =>
      addCommand(spec, command, describe, builder),
  };
  const stand: Argv = new Proxy({} as Argv, {
    get: (_, name) =>
      name === 'then'
        ? undefined
        : (...args: never[]) => {
            calls[String(name)]?.(...args);
            return stand;
          },
  });
  return stand;
}

function addOptions(spec: CommandSpec, options: Record<string, Option> | undefined): void {
  for (const [name, option] of Object.entries(options ?? {})) {
    if (option.hidden !== true) spec.flags.push(flagOf(name, option));
  }
}

function flagOf(name: string, option: Option): FlagSpec {
  const short = [option.alias ?? []].flat().find((alias) => alias.length === 1) ?? null;
  const isSwitch = option.type === 'boolean';
  return {
    name: isSwitch && option.default === true ? `no-${name}` : name,
    short,
    describe: option.describe ?? '',
    value: isSwitch ? null : (choicesOf(option) ?? valueNamed(name)),
  };
}

function choicesOf({ choices }: Option): ValueSpec | null {
  return choices === undefined
    ? null
    : { kind: 'words', words: choices.map(String), isList: false };
}

function valueNamed(name: string): ValueSpec {
  return VALUES[name] ?? { kind: 'any' };
}

function schemaValue(): ValueSpec {
  return { kind: 'words', words: schemaNames(), isList: false };
}
