#!/usr/bin/env node
// The hook executable: an agent runs it on its events, with the event as JSON on stdin. It always
// exits 0 and prints nothing. HOT PATH: what is imported here is paid for at every tool call;
// test/hook/bundle.test.ts pins what that is.
import { isDisabled, runHook } from '../src/hook/run.ts';
import { readStdin } from '../src/sources/stdin.ts';

/** Longer than any agent takes to write an event. */
const STDIN_TIMEOUT_MS = 1000;

process.on('uncaughtException', () => process.exit(0));
if (isDisabled(process.env)) process.exit(0);
readStdin(STDIN_TIMEOUT_MS, (text) => {
  // Not `performance`: reading that global loads node:perf_hooks, three milliseconds.
  const arrivedAtMs = Math.floor(Date.now() - process.uptime() * 1000);
  runHook({ env: process.env, args: process.argv.slice(2), text, arrivedAtMs, isLongLived: false });
  process.exit(0);
});
