import { readStdin } from '../sources/files/stdin.ts';
import { STDIN_TIMEOUT_MS, showStatusline } from '../statusline/run.ts';
import { defineCommand } from './define.ts';
import { print } from './session/io.ts';

/** What the executable `tallyhook-statusline` does, which starts faster. */
export const statuslineCommand = defineCommand({
  handler: () => {
    const text = readStdin(STDIN_TIMEOUT_MS);
    showStatusline({ env: process.env, text, nowMs: Date.now() }, print);
  },
});
