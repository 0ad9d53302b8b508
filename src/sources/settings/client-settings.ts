import { existsSync, readdirSync, realpathSync, rmdirSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { OWN_FOLDER } from '../../agents/claude-code/folders.ts';
import {
  type Added,
  type EditFailure,
  type Edited,
  addHooks,
  removeHooks,
} from '../../agents/claude-code/settings/install.ts';
import {
  type StatuslineEdit,
  addStatusline,
  removeStatusline,
} from '../../agents/claude-code/settings/install-statusline.ts';
import type { RecordingHook } from '../../agents/claude-code/settings/recording-hooks.ts';
import { UserError } from '../../core/lang/user-error.ts';
import {
  type InstalledFile,
  readInstalledFile,
  sha256,
  writeInstalledFile,
} from './install-record.ts';
import { type Environment, clientConfigFolders, expandPath } from '../machine/paths.ts';
import {
  type FoundFile,
  backUp,
  deleteFile,
  openTextFile,
  replaceFile,
  readTextFile,
} from '../files/text.ts';

/**
 * Claude Code's settings for every project: in each folder of CLAUDE_CONFIG_DIR, if set. A folder that is
 * also reached through a link is listed once.
 */
export function userSettingsPaths(env: Environment): string[] {
  const isSet = /[^,\s]/.test(env['CLAUDE_CONFIG_DIR'] ?? '');
  const folders = isSet ? clientConfigFolders(env) : [expandPath(`~/${OWN_FOLDER}`, env)];
  const known = new Set<string>();
  return folders
    .filter((folder) => {
      const real = existsSync(folder) ? realpathSync(folder) : folder;
      return !known.has(real) && known.add(real);
    })
    .map((folder) => join(folder, 'settings.json'));
}

export function projectSettingsPath(cwd: string): string {
  return resolve(cwd, OWN_FOLDER, 'settings.json');
}

const NO_FILE: FoundFile = { path: '', target: '', within: null, text: null, owner: null };

/** What init would do; nothing is written yet. */
export interface RegistrationPlan {
  file: FoundFile;
  edit: Added;
  /** What happens to the status line. */
  statusline: StatuslineEdit['kind'];
}

/** The status line's program, and whether to install or remove it; null: leave it unchanged. */
export interface WantedStatusline {
  program: string[];
  isWanted: boolean;
}

/**
 * @param settingsPath null for an empty file, to show what init would write
 * @param within the project's folder for a project's settings, which may be hostile and must not be a
 * link that leaves it; null for the user's own
 * @throws UserError if the file can't be read or does not contain settings
 */
export function planRegistration(
  settingsPath: string | null,
  command: string,
  hooks?: readonly RecordingHook[],
  wanted: WantedStatusline | null = null,
  within: string | null = null,
): RegistrationPlan {
  const file = settingsPath === null ? NO_FILE : openTextFile(settingsPath, within);
  const added = orUserError(file, addHooks(file.text ?? '', command, hooks));
  if (wanted === null) return { file, edit: added, statusline: 'none' };
  const lined = orUserError(file, addStatusline(added.text, wanted.program, wanted.isWanted));
  const { text, kind, raw } = lined;
  const changed = added.changed || kind !== 'none';
  const edit = { ...added, text, changed, undo: { ...added.undo, statusline: raw } };
  return { file, edit, statusline: kind };
}

/**
 * Writes the backup first, then the record of the new content, then the settings: a crash in between
 * leaves a record that does not match, and uninstall then searches for the hooks instead.
 * @returns the backup's path; null if there was no file, or nothing to do
 */
export function applyRegistration(
  { file, edit }: RegistrationPlan,
  recordPath: string,
  now: Date,
): string | null {
  if (!edit.changed) return null;
  const installed = readInstalledFile(recordPath, file.path);
  const hadOurs = removeOurs(file, null).events.length > 0;
  const madeFolder = !existsSync(dirname(file.target));
  const backup = file.text === null ? null : backUp(file, now);
  const before: Omit<InstalledFile, 'sha256After'> = hadOurs
    ? continued(installed, file, edit)
    : {
        madeFile: file.text === null,
        madeFolder,
        backup: backup === null ? null : { path: backup, sha256: sha256(file.text ?? '') },
        isExact: true,
        undo: edit.undo,
      };
  writeInstalledFile(recordPath, file.path, { ...before, sha256After: sha256(edit.text) });
  replaceFile(file, edit.text);
  return backup;
}

/** What is recorded about the file before the first of several runs of init. */
function continued(
  installed: InstalledFile | null,
  file: FoundFile,
  edit: Added,
): Omit<InstalledFile, 'sha256After'> {
  if (installed?.sha256After === sha256(file.text ?? '')) return installed;
  return {
    madeFile: installed?.madeFile ?? false,
    madeFolder: installed?.madeFolder ?? false,
    backup: null,
    isExact: false,
    undo: {
      blank: installed?.undo.blank ?? null,
      empty: { ...installed?.undo.empty, ...edit.undo.empty },
      statusline: edit.undo.statusline ?? installed?.undo.statusline ?? null,
    },
  };
}

/** What uninstall would do; nothing is written yet. */
export interface Removal {
  file: FoundFile;
  installed: InstalledFile | null;
  /** `restored`: exactly the content from before init; `removed`: the same file without our hooks. */
  kind: 'nothing' | 'restored' | 'removed';
  /** Null: the file is deleted, because init created it. */
  after: string | null;
  events: string[];
}

/** @throws UserError if the file can't be read or does not contain settings */
export function planRemoval(
  settingsPath: string,
  recordPath: string,
  within: string | null = null,
): Removal {
  const file = openTextFile(settingsPath, within);
  const installed = readInstalledFile(recordPath, settingsPath);
  if (file.text === null) return { file, installed, kind: 'nothing', after: null, events: [] };
  const edit = removeOurs(file, installed);
  const plan = { file, installed, events: edit.events };
  if (installed !== null && installed.isExact && installed.sha256After === sha256(file.text)) {
    const original = installed.backup === null ? null : readBackup(installed.backup);
    if (installed.madeFile || original !== null)
      return { ...plan, kind: 'restored', after: original };
  }
  if (!edit.changed) return { ...plan, kind: 'nothing', after: file.text };
  const isOurs = installed?.madeFile === true && edit.text.trim() === '';
  return { ...plan, kind: 'removed', after: isOurs ? null : edit.text };
}

/**
 * A backup made by init does not contain later edits by others, so a removal makes its own.
 * @returns the backup's path; null if none was needed
 */
export function applyRemoval(removal: Removal, recordPath: string, now: Date): string | null {
  const { file, installed, kind, after } = removal;
  let backup: string | null = null;
  if (kind !== 'nothing') {
    if (after === null) {
      deleteFile(file);
      if (installed?.madeFolder === true) {
        removeEmptyFolders(dirname(file.target), installed.outermostFolder);
      }
    } else {
      if (kind === 'removed') backup = backUp(file, now);
      replaceFile(file, after);
    }
  }
  writeInstalledFile(recordPath, file.path, null);
  return backup;
}

/** Removes everything of ours from the text: first the status line, which was added last. */
function removeOurs(file: FoundFile, installed: InstalledFile | null): Edited {
  const line = orUserError(
    file,
    removeStatusline(file.text ?? '', installed?.undo.statusline ?? null),
  );
  const edit = orUserError<Edited>(file, removeHooks(line.text, installed?.undo));
  const events = line.kind === 'none' ? edit.events : [...edit.events, 'the status line'];
  return { ...edit, events, changed: edit.changed || line.kind !== 'none' };
}

/** Null if the backup is missing or has changed: the hooks are then removed one by one instead. */
function readBackup(backup: { path: string; sha256: string }): string | null {
  const text = readTextFile(backup.path);
  return text !== null && sha256(text) === backup.sha256 ? text : null;
}

/** The copies of a settings file that init and uninstall made, oldest first. */
export function backupsOf(settingsPath: string): string[] {
  const start = `${basename(settingsPath)}.tallyhook-backup-`;
  const folder = dirname(settingsPath);
  try {
    const names = readdirSync(folder).filter((name) => name.startsWith(start));
    return names.sort().map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/** @param outermost the last one to remove, if it contains the folder */
function removeEmptyFolders(folder: string, outermost: string = folder): void {
  try {
    rmdirSync(folder);
  } catch {
    // The folder is not empty, so it stays.
    return;
  }
  if (folder.startsWith(`${outermost}${sep}`)) removeEmptyFolders(dirname(folder), outermost);
}

function orUserError<T extends { ok: true }>(file: FoundFile, result: T | EditFailure): T {
  if (result.ok) return result;
  throw new UserError(
    `${file.path} ${result.message}; nothing was written`,
    'Fix it and run this again; `tallyhook init --print` shows just the hooks.',
  );
}
