#!/usr/bin/env node
// The hook executable: an agent runs it for its events, with the event as JSON on stdin. It always exits
// 0. It runs src/hook/main.ts.
import { startMain } from './start-main.ts';

try {
  startMain();
} catch {
  process.exit(0);
}
