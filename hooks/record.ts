#!/usr/bin/env node
// The hook executable: an agent runs it on its events, with the event as JSON on stdin. It always
// exits 0 and prints nothing; what it runs is src/hook/main.ts.
import { startMain } from './start-main.ts';

try {
  startMain();
} catch {
  process.exit(0);
}
