import type { CommandModule } from 'yargs';
import { makeCodeCache } from '../sources/code-cache.ts';
import { hookFilePath } from '../sources/paths.ts';
import { print } from './context.ts';

export const hookPathCommand: CommandModule<object, { prepare: boolean }> = {
  builder: (yargs) =>
    yargs.options({
      prepare: {
        type: 'boolean',
        default: false,
        describe: 'Also make its code cache for this Node, so that it starts faster',
      },
    }),
  handler: (args) => {
    if (args.prepare) makeCodeCache();
    print(hookFilePath());
  },
};
