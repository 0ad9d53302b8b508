#!/usr/bin/env node
// The statusline executable: Claude Code runs it with its state as JSON on stdin and shows the one
// line that comes out. What it runs is src/statusline/main.ts.
import { writeSync } from 'node:fs';
import { startMain } from './start-main.ts';

try {
  startMain();
} catch {
  // Half an installation; the client would show an empty line for ever.
  writeSync(1, 'tallyhook: npm install builds the statusline\n');
  process.exit(0);
}
