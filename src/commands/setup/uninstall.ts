import { existsSync } from 'node:fs';
import { printable } from '../../core/lang/printable.ts';
import { CheckFailed, UserError } from '../../core/lang/user-error.ts';
import { readRegistration } from '../../doctor/registration.ts';
import { unifiedDiff } from '../../render/text/unified-diff.ts';
import {
  type Removal,
  planRemoval,
  applyRemoval,
  backupsOf,
} from '../../sources/settings/client-settings.ts';
import { deleteSettings, findSecrets } from '../../sources/settings/private.ts';
import { installRecordPath } from '../../sources/settings/install-record.ts';
import { deleteLedgerFiles, ledgerFiles } from '../../sources/files/ledger-files.ts';
import { type FlagValues, defineCommand } from '../define.ts';
import { printLine, warn, write } from '../session/io.ts';
import { currentLedgerPath } from '../session/settings.ts';
import { agentFlag, parseAgentNames } from '../flags/agent-names.ts';
import {
  findBoundary,
  parseSettingsScope,
  requireOwnScope,
  scopeFlags,
} from '../flags/settings-scope.ts';
import { SETTINGS_PATHS } from './claude-code-hooks.ts';
import { type AgentRemoval, agentRemovals, agentRemovalLines } from './other-agent-removals.ts';

const flags = {
  ...scopeFlags,
  agent: {
    ...agentFlag,
    describe: 'Only from these agents, e.g. codex,gemini (default: from all)',
  },
  purge: {
    type: 'boolean',
    default: false,
    describe:
      'Also delete the ledger with every recorded cost, and settings with secrets; asks first',
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
    ['tallyhook uninstall --agent codex', 'Remove the hooks of Codex CLI only'],
    ['tallyhook uninstall --purge', 'Remove the hooks and every recorded cost'],
  ],
  handler: uninstall,
});

async function uninstall(options: FlagValues<typeof flags>): Promise<void> {
  const env = process.env;
  const named = parseAgentNames(options.agent);
  requireOwnScope(options, named);
  if (options.purge && named !== null) {
    throw new UserError(
      '--purge deletes the costs of all agents and does not work with --agent',
      'Run tallyhook uninstall --purge, or leave --purge out.',
    );
  }
  const scope = parseSettingsScope(options);
  const recordPath = installRecordPath(env);
  const paths = named === null || named.claudeCode ? SETTINGS_PATHS[scope]() : [];
  const own = paths.map((path) => planRemoval(path, recordPath, findBoundary(scope)));
  const { agents, failed } =
    scope === 'user' ? agentRemovals(named, recordPath) : { agents: [], failed: [] };
  const removals = [...own, ...agents.flatMap((agent) => agent.removals)];
  const secrets = options.purge ? findSecrets(env) : null;
  const recorded = options.purge ? ledgerFiles(currentLedgerPath()) : [];
  const hasSecrets = secrets !== null && secrets.keys.length > 0;
  const doomed = hasSecrets ? [...recorded, secrets.path] : recorded;
  if (options.dryRun) {
    for (const { file, after } of removals) write(unifiedDiff(file.path, file.text, after));
    for (const file of doomed) console.error(printable(`${file} would be deleted.`));
    for (const { file, kind } of removals) {
      if (kind === 'nothing') console.error(printable(nothingToDo(file.path)));
    }
    for (const line of failed) console.error(printable(line));
    if (removals.some(({ kind }) => kind !== 'nothing')) console.error('Nothing was written.');
    return;
  }
  // Asked before anything is changed, so that a no or Ctrl-C changes nothing.
  const isPurging = doomed.length > 0 && (await isPurgeWanted(options, doomed));
  for (const removal of own) {
    applyRemoval(removal, recordPath, new Date());
    for (const line of uninstallReport(removal)) printLine(line);
  }
  for (const agent of agents) removeFromAgent(agent, recordPath);
  for (const line of failed) warn(line);
  for (const line of backupReport(removals)) printLine(line);
  if (isPurging) {
    deleteLedgerFiles(currentLedgerPath());
    if (recorded.length > 0) printLine('Recorded costs deleted.');
  } else if (removals.some(({ kind }) => kind !== 'nothing')) printLine('Recorded costs are kept.');
  if (secrets !== null) {
    if (isPurging && hasSecrets) deleteSettings(secrets.path);
    for (const line of settingsReport(secrets)) printLine(line);
  }
  if (paths.length > 0) {
    for (const { where } of readRegistration(env, process.cwd()).hooks.slice(0, 1)) {
      printLine(`tallyhook hooks are still installed by ${where}.`);
    }
  }
  if (failed.length > 0) throw new CheckFailed('the hooks of an agent were not removed');
}

function removeFromAgent(agent: AgentRemoval, recordPath: string): void {
  for (const removal of agent.removals) applyRemoval(removal, recordPath, new Date());
  for (const line of agentRemovalLines(agent)) printLine(line);
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

/** Backups are the user's own content, so they are left; they may contain keys. */
function backupReport(removals: Removal[]): string[] {
  const backups = removals.flatMap(({ file }) => backupsOf(file.path));
  if (backups.length === 0) return [];
  return ['Backups that are left; delete them if you no longer need them:', ...backups];
}

function settingsReport({ path, keys }: { path: string; keys: string[] }): string[] {
  if (existsSync(path)) return [`Your settings are kept: ${path}`];
  return keys.length === 0 ? [] : [`Settings deleted, with ${keys.join(', ')}: ${path}`];
}

function uninstallReport({ file, kind, after, events }: Removal): string[] {
  if (kind === 'nothing') return [nothingToDo(file.path)];
  const what = events.filter((event) => event !== 'the status line');
  const done = what.length > 0 ? [`Removed hooks for ${what.join(', ')} from ${file.path}.`] : [];
  if (what.length < events.length) done.push('Status line restored.');
  if (after === null)
    done.push('The file was created by init and had nothing else in it: it is deleted.');
  else if (kind === 'restored') done.push('The file is byte for byte what it was before init.');
  else done.push('Other changes made to the file since init are kept.');
  return done;
}

function nothingToDo(path: string): string {
  return `${path} has no tallyhook hooks; nothing was changed.`;
}
