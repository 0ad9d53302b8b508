import { makeCodeCaches } from '../../sources/machine/code-cache.ts';
import { hookFilePath, statuslineFilePath } from '../../sources/machine/paths.ts';
import { defineCommand } from '../define.ts';
import { printLine } from '../session/io.ts';

export const hookPathCommand = defineCommand({
  flags: {
    prepare: {
      type: 'boolean',
      default: false,
      describe: 'Also make the code caches for this Node, so that both start faster',
    },
    statusline: {
      type: 'boolean',
      default: false,
      describe: "The statusline executable's path instead",
    },
  },
  handler: (args) => {
    if (args.prepare) makeCodeCaches();
    printLine(args.statusline ? statuslineFilePath() : hookFilePath());
  },
});
