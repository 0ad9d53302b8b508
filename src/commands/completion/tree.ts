import type { CommandSpec, FlagSpec, ValueSpec } from '../../core/command-spec.ts';
import { ALERT_CHANNELS, ALERT_LEVELS } from '../../core/alert/alert.ts';
import { BUDGET_ACTIONS, BUDGET_PERIODS } from '../../core/budget/budget.ts';
import { SETTING_KEYS } from '../../core/settings/table.ts';
import { DIMENSIONS } from '../../reports/dimensions.ts';
import type { FlagOptions, LazyCommand } from '../define.ts';
import { DIMENSION_MEANINGS } from '../flags/dimension-meanings.ts';
import { schemaNames } from '../schema.ts';

/** What a flag or a positional argument of this name takes, unless it declares `choices`. */
const VALUES: Record<string, ValueSpec> = {
  by: { kind: 'words', words: DIMENSIONS, isList: true, meanings: DIMENSION_MEANINGS },
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
  const root = emptySpec([], 'What your coding agents cost');
  for (const command of commands) await addCommand(root, command);
  return root;
}

function emptySpec(names: string[], describe: string): CommandSpec {
  return { names, describe, flags: [], positionals: [], examples: [], children: [] };
}

async function addCommand(parent: CommandSpec, listed: LazyCommand): Promise<void> {
  const forms = [listed.command].flat();
  const names = forms.map((form) => form.split(' ')[0] ?? '').filter((name) => name !== '$0');
  const spec = emptySpec(names, listed.describe === false ? '' : listed.describe);
  const { positionals, flags, commands, examples } = await listed.load();
  spec.examples = examples;
  for (const [, bracket, name = ''] of forms.join(' ').matchAll(/([<[])([\w-]+)[.\]>]/g)) {
    const value = name === 'name' && names[0] === 'schema' ? schemaValue() : valueNamed(name);
    spec.positionals.push({
      name,
      isRequired: bracket === '<',
      value: toValueSpec(positionals[name] ?? {}) ?? value,
    });
  }
  for (const [name, option] of Object.entries(flags)) {
    if (option.hidden !== true) spec.flags.push(...toFlagSpecs(name, option));
  }
  for (const command of commands) await addCommand(spec, command);
  if (forms.includes('$0')) parent.flags.push(...spec.flags);
  // A command without a description is neither listed nor completed.
  if (listed.describe !== false) parent.children.push(spec);
}

/** A flag, its negation, or both: a flag that is on by default has no description of its own. */
function toFlagSpecs(name: string, option: FlagOptions): FlagSpec[] {
  const { describe, negated } = option;
  const group = option.group?.replace(/:$/, '') ?? null;
  const short = [option.alias ?? []].flat().find((alias) => alias.length === 1) ?? null;
  const value = option.type === 'boolean' ? null : (toValueSpec(option) ?? valueNamed(name));
  return [
    ...(describe === undefined ? [] : [{ name, short, describe, group, value }]),
    ...(negated === undefined
      ? []
      : [{ name: `no-${name}`, short: null, describe: negated, group, value: null }]),
  ];
}

function toValueSpec({ choices }: Pick<FlagOptions, 'choices'>): ValueSpec | null {
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
