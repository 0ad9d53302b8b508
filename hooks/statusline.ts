#!/usr/bin/env node
// The statusline executable: Claude Code runs it with its state as JSON on stdin and shows the line it
// prints. It runs src/statusline/main.ts.
import { writeSync } from 'node:fs';
import { startMain } from './start-main.ts';

try {
  startMain();
} catch {
  // The installation is incomplete; without this Claude Code would keep showing an empty line.
  writeSync(1, 'tallyhook: run npm install to build the status line\n');
  process.exit(0);
}
