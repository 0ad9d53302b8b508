import type { CommandModule } from 'yargs';

/** A command as the list of commands shows it; its module is loaded when it runs. */
export interface LazyCommand {
  command: string | string[];
  /** False: not listed. */
  describe: string | false;
  /** It has commands of its own. */
  isGroup: boolean;
  load: () => Promise<CommandModule<object, never>>;
}
