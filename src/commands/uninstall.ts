import type { ArgumentsCamelCase, Argv, CommandModule } from 'yargs';
import { unifiedDiff } from '../render/unified-diff.ts';
import {
  type Removal,
  planRemoval,
  projectSettingsPath,
  unregister,
  userSettingsPath,
} from '../sources/client-settings.ts';
import { installRecordPath } from '../sources/install-record.ts';

interface UninstallOptions {
  project: boolean;
  'dry-run': boolean;
}

export const uninstallCommand: CommandModule<object, UninstallOptions> = {
  builder: (args: Argv<object>) =>
    args
      .option('project', {
        type: 'boolean',
        default: false,
        describe: 'The settings of the project in this folder (.claude/settings.json)',
      })
      .option('dry-run', {
        type: 'boolean',
        default: false,
        describe: 'Print what would change, write nothing',
      }),
  handler: uninstall,
};

function uninstall(options: ArgumentsCamelCase<UninstallOptions>): void {
  const env = process.env;
  const path = options.project ? projectSettingsPath(process.cwd()) : userSettingsPath(env);
  const recordPath = installRecordPath(env);
  const removal = planRemoval(path, recordPath);
  if (options.dryRun) {
    process.stdout.write(unifiedDiff(path, removal.file.text, removal.after));
    console.error(removal.kind === 'nothing' ? nothingToDo(path) : 'Nothing was written.');
    return;
  }
  const backup = unregister(removal, recordPath, new Date());
  for (const line of uninstallReport(removal, backup)) console.log(line);
}

function uninstallReport({ file, kind, after, events }: Removal, backup: string | null) {
  if (kind === 'nothing') return [nothingToDo(file.path)];
  const done = [`Hooks for ${events.join(', ')} are out of ${file.path}.`];
  if (after === null) done.push('Nothing else was in that file, which init had made: it is gone.');
  else if (kind === 'restored') done.push('It is byte for byte what it was before init.');
  else done.push('What else was written there since init has stayed.');
  if (backup !== null) done.push(`The file as it was: ${backup}`);
  return [...done, 'The recorded costs are kept.'];
}

function nothingToDo(path: string): string {
  return `${path} has no hooks of tallyhook; nothing was changed.`;
}
