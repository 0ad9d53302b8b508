import { type CommandSpec, type FlagSpec, typedForms } from '../../src/core/command-spec.ts';

interface PageGroup {
  title: string;
  children: readonly CommandSpec[];
}

/** docs/commands.md: the commands by task with their flags and examples, as their modules declare them. */
export function commandsPage(groups: readonly PageGroup[]): string {
  const shared = sharedFlags(groups);
  const lines = [
    '# Commands',
    '',
    'Every command and flag, as `--help` has them; `npm test` checks this page, and',
    '`npx vitest run test/commands-page.test.ts --update` writes it. What they are for is in the README.',
    'Every command also takes `--help`; `tallyhook --version` prints the version.',
    '',
    ...groups.map(({ title, children }) => `- **${title}**: ${children.map(linkOf).join(', ')}`),
    ...sharedSection(shared, groups),
    ...groups.flatMap(({ title, children }) => [
      '',
      `## ${title}`,
      ...children.flatMap((child) => sectionOf(child, 'tallyhook', shared)),
    ]),
    '',
  ];
  return lines.join('\n');
}

function linkOf({ names: [name = ''], positionals }: CommandSpec): string {
  const anchor = ['tallyhook', name, ...positionals.map((one) => one.name)].join('-');
  return `[\`${name}\`](#${anchor})`;
}

/** The flags of `summary` that belong to a group; it has all those that many commands share. */
function sharedFlags(groups: readonly PageGroup[]): FlagSpec[] {
  const summary = groups.flatMap(({ children }) => children).find(isNamed('summary'));
  return summary?.flags.filter(({ group }) => group !== null) ?? [];
}

function isNamed(name: string) {
  return ({ names }: CommandSpec): boolean => names.includes(name);
}

/** A flag with the same meaning; a command may give one of the same name a meaning of its own. */
function isSame(a: FlagSpec) {
  return (b: FlagSpec): boolean => a.name === b.name && a.describe === b.describe;
}

function sharedSection(shared: readonly FlagSpec[], groups: readonly PageGroup[]): string[] {
  const titles = [...new Set(shared.map(({ group }) => group))];
  const summary = groups.flatMap(({ children }) => children).find(isNamed('summary'));
  const by = summary?.flags.find(({ name }) => name === 'by')?.value;
  const meanings = by?.kind === 'words' ? Object.entries(by.meanings ?? {}) : [];
  return [
    '',
    '## Shared flags',
    '',
    'Many commands share these flags; each command below names those that it takes.',
    ...titles.flatMap((title) => [
      '',
      `### ${title}`,
      '',
      ...shared.filter(({ group }) => group === title).map(lineOf),
    ]),
    '',
    '### Values of `--by`',
    '',
    'Several are separated by commas: `--by model,day`.',
    '',
    ...meanings.map(([name, meaning]) => `- \`${name}\`: ${meaning}`),
  ];
}

function sectionOf(command: CommandSpec, above: string, shared: readonly FlagSpec[]): string[] {
  const [name = '', ...others] = command.names;
  const path = `${above} ${name}`;
  const typed = [
    path,
    ...command.positionals.map((one) => (one.isRequired ? `<${one.name}>` : `[${one.name}]`)),
  ].join(' ');
  const also = others.length === 0 ? '' : ` Also called \`${others.join('`, `')}\`.`;
  const own = command.flags.filter((flag) => !shared.some(isSame(flag)));
  const taken = sharedSentence(command, shared);
  const level = above === 'tallyhook' ? '###' : '####';
  return [
    '',
    `${level} \`${typed}\``,
    '',
    `${command.describe}.${also}`,
    ...(own.length === 0 ? [] : ['', ...own.map(lineOf)]),
    ...(taken === '' ? [] : ['', taken]),
    ...exampleLines(command),
    ...command.children.flatMap((child) => sectionOf(child, path, shared)),
  ];
}

/** `Shared flags: all filters; \`--json\`.` */
function sharedSentence(command: CommandSpec, shared: readonly FlagSpec[]): string {
  const parts = [...new Set(shared.map(({ group }) => group))].flatMap((title) => {
    const all = shared.filter(({ group }) => group === title);
    const taken = all.filter((flag) => command.flags.some(isSame(flag)));
    const link = `[${title}](#${(title ?? '').toLowerCase()})`;
    if (taken.length === 0) return [];
    if (taken.length === all.length) return [`all of ${link}`];
    return [`of ${link} ${taken.map((flag) => `\`--${flag.name}\``).join(', ')}`];
  });
  return parts.length === 0 ? '' : `Shared flags: ${parts.join('; ')}.`;
}

function exampleLines({ examples }: CommandSpec): string[] {
  if (examples.length === 0) return [];
  const width = Math.max(...examples.map(([line]) => line.length));
  const lines = examples.map(([line, effect]) => `${line.padEnd(width)}  # ${effect}`);
  return ['', '```sh', ...lines, '```'];
}

function lineOf(flag: FlagSpec): string {
  const takes = flag.value === null ? '' : ' ...';
  return `- \`${typedForms(flag).join('`, `')}${takes}\`: ${flag.describe}`;
}
