#!/usr/bin/env node
// The command line's executable; what it runs is src/cli.ts.
import { startMain } from './start-main.ts';

try {
  process.cwd();
} catch {
  // The folder is gone. yargs asks for it as it is loaded, before anything could answer.
  process.chdir('/');
}
startMain();
