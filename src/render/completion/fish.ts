import {
  type CommandSpec,
  type ValueSpec,
  flagsWithValue,
  placedCommands,
} from '../../core/command-spec.ts';

/** A script for fish 3; the condition of each line names the commands to which it applies. */
export function fishCompletion(root: CommandSpec): string {
  const placed = placedCommands(root);
  const paths = placed.map(({ path }) => path).filter((path) => path !== '/');
  const lines = new Map<string, string[]>();
  for (const { path, command } of placed) {
    for (const line of formatFishLines(command))
      lines.set(line, [...(lines.get(line) ?? []), path]);
  }
  return `# Completion of tallyhook for fish: tallyhook completion fish | source
function __tallyhook_at
    set -l at
    set -l is_value 0
    for word in (commandline -opc)[2..-1]
        if test $is_value = 1
            set is_value 0
            continue
        end
        switch $word
            case ${flagsWithValue(root).join(' ')}
                set is_value 1
            case '-*'
            case '*'
                if contains -- "$at/$word" ${paths.join(' ')}
                    set at "$at/$word"
                end
        end
    end
    test -n "$at"; or set at /
    contains -- "$at" $argv
end

function __tallyhook_list
    set -l current (commandline -ct | string replace -r '^--[^=]*=' '')
    set -l before (string replace -r '[^,]*$' '' -- $current)
    for value in $argv
        string match -q -- "*,$value,*" ",$before"; or echo "$before$value"
    end
end

complete -c tallyhook -f
${[...lines].map(([line, at]) => `complete -c tallyhook -n '__tallyhook_at ${at.join(' ')}' ${line}`).join('\n')}`;
}

function formatFishLines({ flags, positionals, children }: CommandSpec): string[] {
  const commands = children.map(({ names, describe }) => `-a ${names[0]} -d ${quoted(describe)}`);
  const [first] = positionals;
  const words = first === undefined ? [] : [offered(first.value)].filter((text) => text !== '-x');
  const options = flags.map(({ name, short, describe, value }) => {
    const letters = short === null ? '' : ` -s ${short}`;
    const takes = value === null ? '' : ` ${offered(value)}`;
    return `-l ${name}${letters}${takes} -d ${quoted(describe)}`;
  });
  return [...commands, ...words, ...options, `-l help -s h -d 'Show help'`];
}

/** The values to complete; `-x`: a value that is not a file. */
function offered(value: ValueSpec): string {
  if (value.kind === 'words') {
    const words = value.words.join(' ');
    return value.isList ? `-x -a '(__tallyhook_list ${words})'` : `-x -a '${words}'`;
  }
  return { file: '-r -F', folder: "-x -a '(__fish_complete_directories)'", any: '-x' }[value.kind];
}

function quoted(text: string): string {
  return `'${text.replaceAll(/[\\']/g, (sign) => `\\${sign}`)}'`;
}
