// What the hook executable runs. HOT PATH: every tool call pays for everything that is imported here;
// test/hook/bundle.test.ts pins the list.
import { writeSync } from 'node:fs';
import { isDisabled } from '../sources/settings/recording-switch.ts';
import { readStdin } from '../sources/files/stdin.ts';
import { loadAgent } from './load-agent.ts';
import { runHook } from './run.ts';

/** Longer than any agent takes to write an event. */
const STDIN_TIMEOUT_MS = 1000;

process.on('uncaughtException', () => process.exit(0));
if (isDisabled(process.env)) process.exit(0);
const text = readStdin(STDIN_TIMEOUT_MS);
// Not `performance`: reading that global loads node:perf_hooks, three milliseconds.
const arrivedAtMs = Math.floor(Date.now() - process.uptime() * 1000);
const args = process.argv.slice(2);
const answer = runHook({
  env: process.env,
  args,
  findAgent: loadAgent,
  text,
  arrivedAtMs,
  isLongLived: false,
});
// Not `process.stdout`: its pipe may not be flushed when the process exits.
if (answer !== null) writeSync(1, `${answer}\n`);
process.exit(0);
