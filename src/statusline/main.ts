// What the statusline executable runs. HOT PATH: Claude Code starts it at every update of its screen,
// which pays for everything that is imported here; test/statusline/bundle.test.ts pins the list.
import { writeSync } from 'node:fs';
import { readStdin } from '../sources/files/stdin.ts';
import { runWrappedCommand } from './wrapped-command.ts';
import { STDIN_TIMEOUT_MS, UNKNOWN_LINE, showStatusline } from './run.ts';

let isShown = false;
// Not `process.stdout`: its pipe may not be flushed when the process exits.
const show = (line: string): void => {
  isShown = true;
  writeSync(1, `${line}\n`);
};

process.on('uncaughtException', () => {
  if (!isShown) show(UNKNOWN_LINE);
  process.exit(0);
});
const text = readStdin(STDIN_TIMEOUT_MS);
if (process.argv[2] === '--with')
  runWrappedCommand(process.argv[3] ?? '', text, (out) => writeSync(1, out));
showStatusline({ env: process.env, text, nowMs: Date.now() }, show);
process.exit(0);
