import { printable } from '../../core/lang/printable.ts';
import { UserError } from '../../core/lang/user-error.ts';
import { readRegistration } from '../../doctor/registration.ts';
import { unifiedDiff } from '../../render/text/unified-diff.ts';
import { localSettingsPath } from '../../sources/settings/client-scopes.ts';
import {
  type Removal,
  planRemoval,
  projectSettingsPath,
  applyRemoval,
  userSettingsPath,
} from '../../sources/settings/client-settings.ts';
import { installRecordPath } from '../../sources/settings/install-record.ts';
import { deleteLedgerFiles, ledgerFiles } from '../../sources/files/ledger-files.ts';
import { type FlagValues, defineCommand } from '../define.ts';
import { printLine, write } from '../session/io.ts';
import { currentLedgerPath } from '../session/settings.ts';
import { findBoundary, scopeFlags, parseSettingsScope } from '../flags/settings-scope.ts';

const flags = {
  ...scopeFlags,
  purge: {
    type: 'boolean',
    default: false,
    describe: 'Also delete the ledger with every recorded cost; asks first',
  },
  'dry-run': {
    type: 'boolean',
    default: false,
    describe: 'Show what would change, write nothing',
  },
  yes: {
    type: 'boolean',
    alias: 'y',
    default: false,
    describe: 'Delete without asking (with --purge)',
  },
} as const;

export const uninstallCommand = defineCommand({
  flags,
  examples: [
    ['tallyhook uninstall', 'Remove the hooks; recorded costs are kept'],
    ['tallyhook uninstall --purge', 'Remove the hooks and every recorded cost'],
  ],
  handler: uninstall,
});

async function uninstall(options: FlagValues<typeof flags>): Promise<void> {
  const env = process.env;
  const paths = {
    user: () => userSettingsPath(env),
    project: () => projectSettingsPath(process.cwd()),
    local: () => localSettingsPath(process.cwd()),
  };
  const scope = parseSettingsScope(options);
  const path = paths[scope]();
  const recordPath = installRecordPath(env);
  const removal = planRemoval(path, recordPath, findBoundary(scope));
  const doomed = options.purge ? ledgerFiles(currentLedgerPath()) : [];
  if (options.dryRun) {
    write(unifiedDiff(path, removal.file.text, removal.after));
    for (const file of doomed) console.error(printable(`${file} would be deleted.`));
    console.error(
      removal.kind === 'nothing' ? printable(nothingToDo(path)) : 'Nothing was written.',
    );
    return;
  }
  // Asked before anything is changed, so that a no or Ctrl-C changes nothing.
  const isPurging = doomed.length > 0 && (await isPurgeWanted(options, doomed));
  const backup = applyRemoval(removal, recordPath, new Date());
  for (const line of uninstallReport(removal, backup)) printLine(line);
  if (isPurging) {
    deleteLedgerFiles(currentLedgerPath());
    printLine('Recorded costs deleted.');
  } else if (removal.kind !== 'nothing') printLine('Recorded costs are kept.');
  for (const { where } of readRegistration(env, process.cwd()).hooks.slice(0, 1)) {
    printLine(`tallyhook hooks are still installed by ${where}.`);
  }
}

/** @throws UserError without --yes if there is no terminal to ask on */
async function isPurgeWanted({ yes }: { yes: boolean }, doomed: string[]): Promise<boolean> {
  if (yes) return true;
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    throw new UserError(
      '--purge deletes every recorded cost, and there is no terminal to confirm on',
      'Add --yes to confirm. Nothing was deleted.',
    );
  }
  const { askToPurge } = await import('./init-prompts.ts');
  return askToPurge(doomed);
}

function uninstallReport({ file, kind, after, events }: Removal, backup: string | null): string[] {
  if (kind === 'nothing') return [nothingToDo(file.path)];
  const what = events.filter((event) => event !== 'the status line');
  const done = what.length > 0 ? [`Removed hooks for ${what.join(', ')} from ${file.path}.`] : [];
  if (what.length < events.length) done.push('Status line restored.');
  if (after === null)
    done.push('The file was created by init and had nothing else in it: it is deleted.');
  else if (kind === 'restored') done.push('The file is byte for byte what it was before init.');
  else done.push('Other changes made to the file since init are kept.');
  if (backup !== null) done.push(`Backup of the previous file: ${backup}`);
  return done;
}

function nothingToDo(path: string): string {
  return `${path} has no tallyhook hooks; nothing was changed.`;
}
