import {
  type CommandSpec,
  type FlagSpec,
  type ValueSpec,
  placedCommands,
} from '../../core/command-spec.ts';

/** A function per command, to be sourced, or saved as `_tallyhook` in a folder of `$fpath`. */
export function zshCompletion(root: CommandSpec): string {
  const functions = placedCommands(root)
    // An alias shares the function of the command's first name.
    .filter(({ path, command }) => path === '/' || path.endsWith(`/${command.names[0]}`))
    .map(({ path, command }) => functionText(path, command));
  return `#compdef tallyhook
# Completion of tallyhook for zsh: source <(tallyhook completion zsh)

${functions.join('\n\n')}

if [ "$funcstack[1]" = "_tallyhook" ]; then
  _tallyhook "$@"
else
  compdef _tallyhook tallyhook
fi`;
}

function functionText(path: string, { flags, positionals, children }: CommandSpec): string {
  const specs = [...flags.map(flagSpec), `'(-h --help)'{-h,--help}'[Show help]'`];
  if (children.length > 0)
    specs.push(`'1:command:${formatZshName(path)}_commands'`, `'*::argument:->rest'`);
  else {
    for (const { name, value } of positionals) specs.push(quoted(`:${name}:${action(value)}`));
  }
  const body = `  _arguments -C -s ${specs.map((spec) => `\\\n    ${spec}`).join(' ')}`;
  if (children.length === 0) return `${formatZshName(path)}() {\n${body}\n}`;
  const described = children.map(({ names, describe }) =>
    quoted(`${escaped(names[0] ?? '')}:${escaped(describe)}`),
  );
  const cases = children.map(
    ({ names }) => `      ${names.join('|')}) ${formatZshName(`${path}/${names[0]}`)} ;;`,
  );
  return `${formatZshName(path)}_commands() {
  local -a commands=(
    ${described.join('\n    ')}
  )
  _describe command commands
}

${formatZshName(path)}() {
  local context state state_descr line
  typeset -A opt_args
${body}
  if [[ $state == rest ]]; then
    case $line[1] in
${cases.join('\n')}
    esac
  fi
}`;
}

function formatZshName(path: string): string {
  const parts = path.split('/').filter((part) => part !== '');
  return ['_tallyhook', ...parts.map((part) => part.replaceAll('-', '_'))].join('_');
}

function flagSpec({ name, short, describe, value }: FlagSpec): string {
  const takes = value === null ? '' : `:${name}:${action(value)}`;
  const text = `[${escaped(describe)}]${takes}`;
  const long = value === null ? `--${name}` : `--${name}=`;
  if (short === null) return quoted(long + text);
  return `'(-${short} --${name})'{-${short},${long}}${quoted(text)}`;
}

function action(value: ValueSpec): string {
  if (value.kind === 'words') {
    const words = value.words.join(' ');
    return value.isList ? `_values -s , value ${words}` : `(${words})`;
  }
  return { file: '_files', folder: '_files -/', any: ' ' }[value.kind];
}

function escaped(text: string): string {
  return text.replaceAll(/[\\[\]:]/g, (sign) => `\\${sign}`);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
