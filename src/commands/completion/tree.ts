import type { Options } from 'yargs';
import type { CommandSpec, FlagSpec, ValueSpec } from '../../core/command-spec.ts';
import { ALERT_CHANNELS, ALERT_LEVELS } from '../../core/alert/alert.ts';
import { BUDGET_ACTIONS, BUDGET_PERIODS } from '../../core/budget/budget.ts';
import { SETTING_KEYS } from '../../core/settings/table.ts';
import { DIMENSIONS } from '../../reports/dimensions.ts';
import type { LazyCommand } from '../define.ts';
import { schemaNames } from '../schema.ts';

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

/** The commands with their flags, as their modules declare them. */
export async function commandTree(commands: readonly LazyCommand[]): Promise<CommandSpec> {
  const root = emptySpec([], 'What every agent call cost');
  for (const command of commands) await addCommand(root, command);
  return root;
}

function emptySpec(names: string[], describe: string): CommandSpec {
  return { names, describe, flags: [], positionals: [], children: [] };
}

async function addCommand(parent: CommandSpec, listed: LazyCommand): Promise<void> {
  const forms = [listed.command].flat();
  const names = forms.map((form) => form.split(' ')[0] ?? '').filter((name) => name !== '$0');
  const spec = emptySpec(names, listed.describe === false ? '' : listed.describe);
  const { positionals, flags, commands } = await listed.load();
  for (const [, name = ''] of forms.join(' ').matchAll(/[<[]([\w-]+)[.\]>]/g)) {
    const value = name === 'name' && names[0] === 'schema' ? schemaValue() : valueNamed(name);
    spec.positionals.push({ name, value: toValueSpec(positionals[name] ?? {}) ?? value });
  }
  for (const [name, option] of Object.entries(flags)) {
    if (option.hidden !== true) spec.flags.push(toFlagSpec(name, option));
  }
  for (const command of commands) await addCommand(spec, command);
  if (forms.includes('$0')) parent.flags.push(...spec.flags);
  // Without a description a command is not listed, and not offered.
  if (listed.describe !== false) parent.children.push(spec);
}

function toFlagSpec(name: string, option: Options): FlagSpec {
  const short = [option.alias ?? []].flat().find((alias) => alias.length === 1) ?? null;
  const isSwitch = option.type === 'boolean';
  return {
    name: isSwitch && option.default === true ? `no-${name}` : name,
    short,
    describe: option.describe ?? '',
    value: isSwitch ? null : (toValueSpec(option) ?? valueNamed(name)),
  };
}

function toValueSpec({ choices }: Pick<Options, 'choices'>): ValueSpec | null {
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
