import type { CommandModule } from 'yargs';
import { bashCompletion } from '../../render/completion/bash.ts';
import { fishCompletion } from '../../render/completion/fish.ts';
import { zshCompletion } from '../../render/completion/zsh.ts';
import { commandTree } from './tree.ts';
import { print } from '../session/ledger.ts';
import type { LazyCommand } from '../define.ts';

const SCRIPTS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };
const SHELLS = ['bash', 'zsh', 'fish'] as const;

export const completionCommand = (
  commands: readonly LazyCommand[],
): CommandModule<object, { shell: keyof typeof SCRIPTS }> => ({
  builder: (yargs) =>
    yargs
      .positional('shell', { choices: SHELLS, demandOption: true, describe: 'Your shell' })
      .epilogue(
        [
          "bash: echo 'source <(tallyhook completion bash)' >> ~/.bashrc",
          "zsh:  echo 'source <(tallyhook completion zsh)' >> ~/.zshrc   (after compinit)",
          'fish: tallyhook completion fish > ~/.config/fish/completions/tallyhook.fish',
        ].join('\n'),
      ),
  handler: async ({ shell }) => {
    print(SCRIPTS[shell](await commandTree(commands)));
  },
});
