import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Home, temporaryHome } from '../../helpers/home.ts';
import { cli } from '../../helpers/program/run.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof SHELLS)[number];

/** What a real shell offers for a line, the cursor behind its last character. */
const OFFERED: Record<Shell, (home: Home, script: string, line: string) => string[]> = {
  bash: (home, script, line) => {
    // As readline does: COMP_WORDBREAKS splits at `=` too.
    const words = line.split(/ |(=)/).filter((word) => word !== undefined);
    const array = words.map((word) => `'${word}'`).join(' ');
    const program = `source "$1"; COMP_WORDS=(${array}); COMP_CWORD=${words.length - 1}
      _tallyhook; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return linesOf(home, 'bash', ['--noprofile', '--norc', '-c', program, 'bash', script]);
  },
  fish: (home, script, line) =>
    linesOf(home, 'fish', [
      '--no-config',
      '-c',
      'source $argv[1]; complete -C $argv[2]',
      script,
      line,
    ]).map((text) => text.split('\t')[0] ?? ''),
  zsh: (home, script, line) => {
    // Completion needs a line editor: one runs in a pseudo-terminal, and writes down what it adds.
    const inner = `
      autoload -Uz compinit; compinit -u -D; source ${script}
      LISTMAX=0; unsetopt beep; setopt no_auto_menu
      compadd() {
        local -a hits
        builtin compadd -O hits "$@"
        (( \${#hits} )) && print -l -- "\${hits[@]}" >>${home.folder}/offered
        builtin compadd "$@"
      }
      finish() { print done >>${home.folder}/offered; exit }
      zle -N finish; bindkey '^F' finish; bindkey '^I' complete-word
      PS1='ready> '`;
    writeFileSync(join(home.folder, 'inner.zsh'), inner);
    writeFileSync(join(home.folder, 'offered'), '');
    const program = `
      zmodload zsh/zpty
      zpty shell zsh -f -i
      zpty -w shell 'source ${home.folder}/inner.zsh'
      zpty -r shell seen '*ready> *'
      zpty -w -n shell $'${line}\\t'
      zpty -w -n shell $'\\x06'
      repeat 100; do
        if [[ $(<${home.folder}/offered) == *done ]]; then break; fi
        zpty -r -t shell ignored; sleep 0.05
      done
      zpty -d shell`;
    linesOf(home, 'zsh', ['-f', '-c', program]);
    const all = linesOf(home, 'cat', [join(home.folder, 'offered')]);
    expect(all.at(-1)).toBe('done');
    return all.slice(0, -1);
  },
};

function linesOf(home: Home, program: string, args: string[]): string[] {
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: home.folder,
    env: { ...home.env, PATH: process.env['PATH'] ?? '', TERM: 'xterm' },
    encoding: 'utf8',
    timeout: 20_000,
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout.split('\n').filter((text) => text !== '');
}

function isMissing(shell: Shell): boolean {
  return spawnSync(shell, ['-c', 'true']).error !== undefined;
}

const CASES = SHELLS.map((shell) => {
  const missing = isMissing(shell);
  return { shell, missing, title: missing ? `${shell}, which is not installed here` : shell };
});

describe.each(CASES)('$title', ({ shell, missing }) => {
  const offered = (line: string): string[] => {
    const home = temporaryHome();
    mkdirSync(join(home.folder, 'notes'));
    const { status, stdout, stderr } = cli(home, ['completion', shell]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const script = join(home.folder, 'script');
    writeFileSync(script, stdout);
    return [...new Set(OFFERED[shell](home, script, line))];
  };

  test.skipIf(missing).each([
    ['tallyhook da', ['daily']],
    ['tallyhook pri', ['pricing']],
    ['tallyhook pricing sh', ['show']],
    ['tallyhook config get pricing.fa', ['pricing.fallback']],
    ['tallyhook completion f', ['fish']],
    ['tallyhook --project pricing wee', ['weekly']],
    ['tallyhook daily --order de', ['desc']],
    ['tallyhook daily --no-r', ['--no-refresh']],
    ['tallyhook verify --j', ['--json']],
    ['tallyhook summary --by mod', ['model']],
    ['tallyhook import --projects no', ['notes/']],
    ['tallyhook verify --by', []],
  ])('%s', (line, expected) => {
    const plain = offered(line).map((word) => word.replace(/\/$/, ''));
    expect(plain).toEqual(expected.map((word) => word.replace(/\/$/, '')));
  });

  test.skipIf(missing)('a list goes on behind its comma, without what it has', () => {
    const words = offered('tallyhook summary --by model,mo').map((word) => word.split(',').at(-1));
    expect(words).toEqual(['month']);
  });

  test.skipIf(missing)('--flag=value', () => {
    const words = offered('tallyhook daily --order=d').map((word) => word.split('=').at(-1));
    expect(words).toEqual(['desc']);
  });

  test.skipIf(missing)('every command has its subcommands, at its own place alone', () => {
    expect(offered('tallyhook config ').sort()).toEqual(['get', 'path', 'set', 'show', 'unset']);
    expect(offered('tallyhook ').filter((word) => ['show', 'unset'].includes(word))).toEqual([]);
  });
});
