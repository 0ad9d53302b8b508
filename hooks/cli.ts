#!/usr/bin/env node
// The command line's executable. It runs src/cli.ts.
import { startMain } from './start-main.ts';

try {
  process.cwd();
} catch {
  // The folder was deleted. yargs asks for it while it loads, before anything could handle the error.
  process.chdir('/');
}
startMain();
