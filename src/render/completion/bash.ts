import {
  type CommandSpec,
  type FlagSpec,
  type ValueSpec,
  flagsWithValue,
  placedCommands,
  typedForms,
} from '../../core/command-spec.ts';

/** A script for bash 3.2 and later, without the bash-completion package. */
export function bashCompletion(root: CommandSpec): string {
  const placed = placedCommands(root);
  const paths = placed.map(({ path }) => path).filter((path) => path !== '/');
  const places = new Map<string, string[]>();
  for (const { path, command } of placed) {
    const body = placeBody(command);
    places.set(body, [...(places.get(body) ?? []), path]);
  }
  return `# Completion of tallyhook for bash: source <(tallyhook completion bash)
_tallyhook() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]}
  local at='' given=0 is_value='' word i
  local flags='--help --version' words='' choices='' list='' kind='' before='' rest=''
  COMPREPLY=()
  # bash passes --flag=value as three words.
  if [[ $cur == '=' ]]; then cur=''; fi
  if [[ $prev == '=' ]]; then prev=\${COMP_WORDS[COMP_CWORD - 2]}; fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if [[ $word == '=' ]]; then continue; fi
    if [[ -n $is_value ]]; then is_value=''; continue; fi
    case $word in
      ${flagsWithValue(root).join(' | ')}) is_value=1 ;;
      -*) ;;
      *)
        case $at/$word in
          ${paths.join(' | ')}) at=$at/$word ;;
          *) given=$((given + 1)) ;;
        esac
        ;;
    esac
  done
  case \${at:-/} in
${[...places].map(([body, all]) => `    ${all.join(' | ')})\n${body}      ;;`).join('\n')}
  esac
  if [[ $kind == any ]]; then
    return
  elif [[ $kind == file || $kind == folder ]]; then
    local IFS=$'\\n' how=-f
    if [[ $kind == folder ]]; then how=-d; fi
    COMPREPLY=($(compgen $how -- "$cur"))
    compopt -o filenames 2>/dev/null
  elif [[ -n $list ]]; then
    if [[ $cur == *,* ]]; then before=\${cur%,*},; fi
    for word in $list; do
      if [[ ,$before != *,$word,* ]]; then rest="$rest $word"; fi
    done
    COMPREPLY=($(compgen -P "$before" -W "$rest" -- "\${cur##*,}"))
    compopt -o nospace 2>/dev/null
  elif [[ -n $choices ]]; then
    COMPREPLY=($(compgen -W "$choices" -- "$cur"))
  elif [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W "$flags" -- "$cur"))
  else
    COMPREPLY=($(compgen -W "$words" -- "$cur"))
  fi
  return 0
}
complete -F _tallyhook tallyhook`;
}

/** The words that can follow a command, as shell assignments. */
function placeBody({ flags, positionals, children }: CommandSpec): string {
  const lines: string[] = [];
  const typed = [...flags.map(({ name }) => `--${name}`), '--help'];
  if (children.length === 0 || flags.length > 0) lines.push(`flags='${typed.join(' ')}'`);
  const words = children.flatMap(({ names }) => names.slice(0, 1));
  if (words.length > 0) lines.push(`if [[ $given == 0 ]]; then words='${words.join(' ')}'; fi`);
  const first = positionals[0];
  if (first !== undefined) {
    lines.push(`if [[ $given == 0 && $cur != -* ]]; then ${assigned(first.value, 'words')}; fi`);
  }
  const cases = valueCases(flags);
  if (cases.length > 0) lines.push('case $prev in', ...cases.map((one) => `  ${one}`), 'esac');
  return lines.map((line) => `      ${line}\n`).join('');
}

/** Flags with the same values share a line. */
function valueCases(flags: FlagSpec[]): string[] {
  const cases = new Map<string, string[]>();
  for (const flag of flags) {
    if (flag.value === null) continue;
    const assignment = assigned(flag.value, 'choices');
    cases.set(assignment, [...(cases.get(assignment) ?? []), ...typedForms(flag)]);
  }
  return [...cases].map(([assignment, forms]) => `${forms.join(' | ')}) ${assignment} ;;`);
}

function assigned(value: ValueSpec, to: 'words' | 'choices'): string {
  if (value.kind !== 'words') return `kind=${value.kind}`;
  return `${value.isList ? 'list' : to}='${value.words.join(' ')}'`;
}
