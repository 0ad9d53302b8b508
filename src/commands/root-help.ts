import { joinParts } from '../render/text/wrap.ts';
import { type CommandGroup, commandGroups } from './index.ts';

/** Wide enough for the longest name with its positional, `estimate [file]`, and a gap. */
const NAME_WIDTH = 17;

/** `tallyhook --help`: the commands by task, one line each, with an example for each task. */
export function rootHelp(columns: number): string {
  const lines = [
    'tallyhook [command] [flags]',
    '',
    ...joinParts(
      'See what your coding agents cost. Without a command, it prints the cost overview.'.split(
        ' ',
      ),
      ' ',
      columns,
    ),
    ...commandGroups
      .filter(({ isInHelp }) => isInHelp)
      .flatMap((group) => groupLines(group, columns)),
    '',
    'More',
    ...helpLine('COMMAND --help', 'Flags and examples of a command', columns),
    ...helpLine('--version', 'The version of tallyhook', columns),
  ];
  return `${lines.join('\n')}\n`;
}

function groupLines({ title, commands, example }: CommandGroup, columns: number): string[] {
  const entries = commands.flatMap(({ command, describe }) => {
    const [usage = ''] = [command].flat();
    return describe === false ? [] : helpLine(usage, describe, columns);
  });
  return ['', title, ...entries, ...helpLine('', `e.g. ${example}`, columns)];
}

function helpLine(name: string, text: string, columns: number): string[] {
  const indent = ' '.repeat(2 + NAME_WIDTH);
  return joinParts(text.split(' '), ' ', columns - indent.length).map((line, index) =>
    index === 0 ? `  ${name.padEnd(NAME_WIDTH)}${line}` : indent + line,
  );
}
