import type { CommandModule } from 'yargs';
import { readStdin } from '../sources/stdin.ts';
import { STDIN_TIMEOUT_MS, showStatusline } from '../statusline/run.ts';
import { print } from './context.ts';

/** What the executable `tallyhook-statusline` does, which starts faster. */
export const statuslineCommand: CommandModule = {
  handler: () => {
    const text = readStdin(STDIN_TIMEOUT_MS);
    showStatusline({ env: process.env, text, nowMs: Date.now() }, print);
  },
};
