import { makeCodeCaches } from '../../sources/machine/code-cache.ts';
import { hookFilePath, statuslineFilePath } from '../../sources/machine/paths.ts';
import { defineCommand } from '../define.ts';
import { printLine } from '../session/io.ts';

export const hookPathCommand = defineCommand({
  flags: {
    prepare: {
      type: 'boolean',
      default: false,
      describe:
        'Also create the code caches for this Node.js, so that hook and status line start faster',
    },
    statusline: {
      type: 'boolean',
      default: false,
      describe: 'Print the path of the status line executable instead',
    },
  },
  examples: [['tallyhook hook-path --prepare', 'For installations that write hooks themselves']],
  handler: (args) => {
    if (args.prepare) makeCodeCaches();
    printLine(args.statusline ? statuslineFilePath() : hookFilePath());
  },
});
