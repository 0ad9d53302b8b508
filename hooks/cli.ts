#!/usr/bin/env node
// The command line's executable; what it runs is src/cli.ts.
import { startMain } from './start-main.ts';

startMain();
