import { readStdin } from '../sources/files/stdin.ts';
import { STDIN_TIMEOUT_MS, showStatusline } from '../statusline/run.ts';
import { defineCommand } from './define.ts';
import { print } from './session/io.ts';

/** The same as the executable `tallyhook-statusline`, which starts faster. */
export const statuslineCommand = defineCommand({
  examples: [
    ['tallyhook init --statusline', "Install the status line in Claude Code's settings"],
    ['tallyhook statusline < status.json', 'Print the line for a saved status'],
  ],
  handler: () => {
    const text = readStdin(STDIN_TIMEOUT_MS);
    showStatusline({ env: process.env, text, nowMs: Date.now() }, print);
  },
});
