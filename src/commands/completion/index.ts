import { bashCompletion } from '../../render/completion/bash.ts';
import { fishCompletion } from '../../render/completion/fish.ts';
import { zshCompletion } from '../../render/completion/zsh.ts';
import { commandTree } from './tree.ts';
import { print } from '../session/io.ts';
import { type Command, type LazyCommand, defineCommand } from '../define.ts';

const SCRIPTS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };
const SHELLS = ['bash', 'zsh', 'fish'] as const;

const HOW_TO_INSTALL = [
  "bash: echo 'source <(tallyhook completion bash)' >> ~/.bashrc",
  "zsh:  echo 'source <(tallyhook completion zsh)' >> ~/.zshrc   (after compinit)",
  'fish: tallyhook completion fish > ~/.config/fish/completions/tallyhook.fish',
].join('\n');

/** @param commands the commands that the script completes */
export function completionCommand(commands: readonly LazyCommand[]): Command {
  return defineCommand({
    positionals: {
      shell: { choices: SHELLS, demandOption: true, describe: 'Your shell' },
    },
    examples: [['tallyhook completion bash', 'Print the script; see below how to install it']],
    configure: (parser) => parser.epilogue(HOW_TO_INSTALL),
    handler: async ({ shell }) => print(SCRIPTS[shell](await commandTree(commands))),
  });
}
