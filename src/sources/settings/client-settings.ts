import { existsSync, rmdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import {
  type Added,
  type EditFailure,
  type Edited,
  addHooks,
  removeHooks,
} from '../../agents/claude-code/install.ts';
import {
  type StatuslineEdit,
  addStatusline,
  removeStatusline,
} from '../../agents/claude-code/install-statusline.ts';
import type { RecordingHook } from '../../agents/claude-code/recording-hooks.ts';
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

/** Claude Code's settings for every project: in the first folder of CLAUDE_CONFIG_DIR, if set. */
export function userSettingsPath(env: Environment): string {
  const isSet = /[^,\s]/.test(env['CLAUDE_CONFIG_DIR'] ?? '');
  const [first] = isSet ? clientConfigFolders(env) : [];
  return join(first ?? expandPath('~/.claude', env), 'settings.json');
}

export function projectSettingsPath(cwd: string): string {
  return resolve(cwd, '.claude', 'settings.json');
}

const NO_FILE: FoundFile = { path: '', target: '', within: null, text: null, owner: null };

/** What init would do; nothing is written yet. */
export interface RegistrationPlan {
  file: FoundFile;
  edit: Added;
  /** What becomes of the status line. */
  statusline: StatuslineEdit['kind'];
}

/** The status line's runner and executable, and whether it is to be there; null: it is let alone. */
export interface WantedStatusline {
  program: string[];
  isWanted: boolean;
}

/**
 * @param settingsPath null for a file of nothing, to see what would be in it
 * @param within the project's folder for a project's settings, which may be hostile: they may not
 * be a link that leaves it. Null for the user's own
 * @throws UserError where the settings can't be read or don't hold settings
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
 * First the backup, then the record of what will be there, then the settings themselves: a crash
 * in between leaves a record that doesn't fit, and uninstall then looks for the hooks instead.
 * @returns the backup's path; null where there was no file, or nothing to do
 */
export function applyRegistration(
  { file, edit }: RegistrationPlan,
  recordPath: string,
  now: Date,
): string | null {
  if (!edit.changed) return null;
  const known = readInstalledFile(recordPath, file.path);
  const hadOurs = removeOurs(file, null).events.length > 0;
  const madeFolder = !existsSync(dirname(file.target));
  const backup = file.text === null ? null : backUp(file, now);
  const before: Omit<InstalledFile, 'sha256After'> = hadOurs
    ? continued(known, file, edit)
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

/** What is known of the file before the first of several runs of init. */
function continued(
  known: InstalledFile | null,
  file: FoundFile,
  edit: Added,
): Omit<InstalledFile, 'sha256After'> {
  if (known !== null && known.sha256After === sha256(file.text ?? '')) return known;
  return {
    madeFile: known?.madeFile ?? false,
    madeFolder: known?.madeFolder ?? false,
    backup: null,
    isExact: false,
    undo: {
      blank: known?.undo.blank ?? null,
      empty: { ...known?.undo.empty, ...edit.undo.empty },
      statusline: edit.undo.statusline ?? known?.undo.statusline ?? null,
    },
  };
}

/** What uninstall would do; nothing is written yet. */
export interface Removal {
  file: FoundFile;
  known: InstalledFile | null;
  /** `restored`: exactly what was there before init; `removed`: our hooks taken out. */
  kind: 'nothing' | 'restored' | 'removed';
  /** Null: the file goes, init had made it. */
  after: string | null;
  events: string[];
}

/** @throws UserError where the settings can't be read or don't hold settings */
export function planRemoval(
  settingsPath: string,
  recordPath: string,
  within: string | null = null,
): Removal {
  const file = openTextFile(settingsPath, within);
  const known = readInstalledFile(recordPath, settingsPath);
  if (file.text === null) return { file, known, kind: 'nothing', after: null, events: [] };
  const edit = removeOurs(file, known);
  const plan = { file, known, events: edit.events };
  if (known !== null && known.isExact && known.sha256After === sha256(file.text)) {
    const original = known.backup === null ? null : readBackup(known.backup);
    if (known.madeFile || original !== null) return { ...plan, kind: 'restored', after: original };
  }
  if (!edit.changed) return { ...plan, kind: 'nothing', after: file.text };
  const isOurs = known?.madeFile === true && edit.text.trim() === '';
  return { ...plan, kind: 'removed', after: isOurs ? null : edit.text };
}

/**
 * Others' edits since init are in no backup of init, so that a removal makes one of its own.
 * @returns its path, null where none was needed
 */
export function applyRemoval(removal: Removal, recordPath: string, now: Date): string | null {
  const { file, known, kind, after } = removal;
  let backup: string | null = null;
  if (kind !== 'nothing') {
    if (after === null) {
      deleteFile(file);
      if (known?.madeFolder === true) removeEmptyFolder(dirname(file.target));
    } else {
      if (kind === 'removed') backup = backUp(file, now);
      replaceFile(file, after);
    }
  }
  writeInstalledFile(recordPath, file.path, null);
  return backup;
}

/** Everything of ours out of a text: the status line first, which was put there last. */
function removeOurs(file: FoundFile, known: InstalledFile | null): Edited {
  const line = orUserError(file, removeStatusline(file.text ?? '', known?.undo.statusline ?? null));
  const edit = orUserError<Edited>(file, removeHooks(line.text, known?.undo));
  const events = line.kind === 'none' ? edit.events : [...edit.events, 'the status line'];
  return { ...edit, events, changed: edit.changed || line.kind !== 'none' };
}

/** Null for a backup that is gone or not what it was: the hooks are then taken out instead. */
function readBackup(backup: { path: string; sha256: string }): string | null {
  const text = readTextFile(backup.path);
  return text !== null && sha256(text) === backup.sha256 ? text : null;
}

function removeEmptyFolder(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Somebody has put something there: it stays.
  }
}

function orUserError<T extends { ok: true }>(file: FoundFile, result: T | EditFailure): T {
  if (result.ok) return result;
  throw new UserError(
    `${file.path} ${result.message}; nothing was written`,
    'Mend it and run this again; `tallyhook init --print` shows the hooks by themselves.',
  );
}
