import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { configFolders } from '../../agents/claude-code/folders.ts';
import type { AgentPlace } from '../../agents/source.ts';

/** The environment that paths are derived from: `process.env`, or one of a test. */
export type Environment = Record<string, string | undefined>;

function getHome(env: Environment): string {
  return env['HOME'] || homedir();
}

/** `~` is the home folder; a relative path is resolved against the working directory. */
export function expandPath(path: string, env: Environment): string {
  return resolve(path === '~' || path.startsWith('~/') ? join(getHome(env), path.slice(1)) : path);
}

/** The same, with relative paths resolved against the given folder. */
export function expandPathFrom(folder: string, path: string, env: Environment): string {
  return path === '~' || path.startsWith('~/') ? expandPath(path, env) : resolve(folder, path);
}

/** tallyhook's data folder. */
export function dataFolder(env: Environment): string {
  return join(baseFolder(env, 'XDG_DATA_HOME', '.local/share'), 'tallyhook');
}

export function settingsPath(env: Environment): string {
  return join(baseFolder(env, 'XDG_CONFIG_HOME', '.config'), 'tallyhook/settings.json');
}

/** A relative path in these variables is not valid, and would be another folder in every project. */
function baseFolder(env: Environment, name: string, usual: string): string {
  const configured = env[name] ?? '';
  return isAbsolute(configured) ? configured : join(getHome(env), usual);
}

/**
 * The ledger's path: `telemetry.path` if set, else in the data folder. A relative path is resolved against
 * the data folder: hooks run in the folder of each project, and all of them write to one ledger.
 */
export function ledgerPath(env: Environment, configured: string | null): string {
  return expandPathFrom(dataFolder(env), configured || 'telemetry.db', env);
}

/** Folder next to the ledger for work that could not be written to it yet. */
export function spoolFolder(ledger: string): string {
  return join(dirname(ledger), 'spool');
}

export function hookLogPath(ledger: string): string {
  return join(dirname(ledger), 'hook.log');
}

/** What an agent's own paths are derived from. */
export function agentPlace(env: Environment): AgentPlace {
  return { home: getHome(env), env };
}

/** Claude Code's configuration folders, whether or not they exist. */
export function clientConfigFolders(env: Environment): string[] {
  return configFolders(agentPlace(env), (path) => expandPath(path, env));
}

/** The hook's executable; the same path from a checkout's sources and from the bundle. */
export function hookFilePath(): string {
  return join(packageFolder(), 'dist/hooks/record.cjs');
}

/** The status line's executable. */
export function statuslineFilePath(): string {
  return join(packageFolder(), 'dist/hooks/statusline.cjs');
}

/** The command line's executable. */
export function cliFilePath(): string {
  return join(packageFolder(), 'dist/cli.cjs');
}

/** The folder of tallyhook's package.json. */
export function packageFolder(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) {
    folder = dirname(folder);
  }
  return folder;
}
