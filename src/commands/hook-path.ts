import type { CommandModule } from 'yargs';
import { hookFilePath } from '../sources/paths.ts';
import { print } from './context.ts';

export const hookPathCommand: CommandModule = {
  handler: () => {
    print(hookFilePath());
  },
};
