import { type CommandSpec, type FlagSpec, typedForms } from '../../src/core/command-spec.ts';

/** docs/commands.md: every command with its flags, as their modules declare them. */
export function commandsPage(root: CommandSpec): string {
  const intro = [
    '# Commands',
    '',
    'Every command and flag, as `--help` has them; `npm test` checks this page, and',
    '`npx vitest run test/commands-page.test.ts --update` writes it. What they are for is in the README.',
    'Every command also takes `--help`; `tallyhook --version` tells the version.',
  ];
  return [...intro, ...root.children.flatMap((child) => sectionOf(child, 'tallyhook')), ''].join(
    '\n',
  );
}

function sectionOf(command: CommandSpec, above: string): string[] {
  const [name = '', ...others] = command.names;
  const path = `${above} ${name}`;
  const typed = [path, ...command.positionals.map((one) => `<${one.name}>`)].join(' ');
  const also = others.length === 0 ? '' : ` Also called \`${others.join('`, `')}\`.`;
  return [
    '',
    `## \`${typed}\``,
    '',
    `${command.describe}.${also}`,
    ...(command.flags.length === 0 ? [] : ['', ...command.flags.map(lineOf)]),
    ...command.children.flatMap((child) => sectionOf(child, path)),
  ];
}

function lineOf(flag: FlagSpec): string {
  const takes = flag.value === null ? '' : ' ...';
  return `- \`${typedForms(flag).join('`, `')}${takes}\`: ${flag.describe}`;
}
