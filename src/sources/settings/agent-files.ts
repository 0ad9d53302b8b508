import { chmodSync, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { AgentInstaller } from '../../agents/installer.ts';
import { type FoundFile, backUp, openTextFile, readTextFile, replaceFile } from '../files/text.ts';
import { type Environment, agentPlace } from '../machine/paths.ts';
import type { Removal } from './client-settings.ts';
import {
  type InstalledFile,
  readInstalledFile,
  sha256,
  writeInstalledFile,
} from './install-record.ts';

/** A change of one file of an agent; nothing is written yet. */
export interface AgentEdit {
  file: FoundFile;
  after: string;
  /** The file has hooks of ours already. */
  hadOurs: boolean;
  /** The mode of a new file; null: the usual one. */
  mode: number | null;
}

/** What registering the hook would change. */
export interface AgentPlan {
  edits: AgentEdit[];
  /** Files that have all hooks. */
  registered: string[];
  /** Files of somebody else in the place of ours, or of a form that can't be edited. */
  refused: string[];
}

/**
 * @param command a full command line, with `--agent NAME`
 * @throws UserError if a file can't be read or edited
 */
export function planAgentHooks(
  installer: AgentInstaller,
  env: Environment,
  command: string,
  options: { isEnforcing: boolean },
): AgentPlan {
  const plan: AgentPlan = { edits: [], registered: [], refused: [] };
  for (const path of installer.files(agentPlace(env))) {
    const file = openTextFile(path, null);
    const { text } = file;
    const after = installer.add(path, text, command, options);
    const hadOurs = text !== null && hasOurs(installer, path, text);
    if (after !== null && after !== text) {
      plan.edits.push({ file, after, hadOurs, mode: installer.mode ?? null });
    } else if (hadOurs) plan.registered.push(path);
    else if (text !== null) plan.refused.push(path);
  }
  return plan;
}

/** @throws UserError if the text can't be edited */
export function hasOurs(installer: AgentInstaller, path: string, text: string): boolean {
  return installer.remove(path, text) !== text;
}

/**
 * Writes the backup first, then the record of the new content, then the file itself: a crash in between
 * leaves a record that does not match, and uninstall then searches for the hooks instead.
 * @returns the backup's path; null if there was no file
 */
export function applyAgentEdit(edit: AgentEdit, recordPath: string, now: Date): string | null {
  const { file, after, mode } = edit;
  const installed = readInstalledFile(recordPath, file.path);
  const isOurText = installed?.sha256After === sha256(file.text ?? '');
  const backup = file.text === null || isOurText ? null : backUp(file, now);
  const before = isOurText && installed !== null ? installed : stateBefore(edit, installed, backup);
  writeInstalledFile(recordPath, file.path, { ...before, sha256After: sha256(after) });
  replaceFile(file, after);
  if (mode !== null && file.text === null) chmodSync(file.target, mode);
  return backup;
}

function stateBefore(
  { file, hadOurs }: AgentEdit,
  installed: InstalledFile | null,
  backup: string | null,
): Omit<InstalledFile, 'sha256After'> {
  const undo = { blank: null, empty: {} };
  // A copy with hooks of ours is not what uninstall has to restore.
  if (hadOurs) {
    const madeFolder = installed?.madeFolder ?? false;
    const outermostFolder = installed?.outermostFolder;
    const made = outermostFolder === undefined ? {} : { outermostFolder };
    return { madeFile: false, madeFolder, ...made, backup: null, isExact: false, undo };
  }
  const missing = missingFolders(dirname(file.target));
  const outermostFolder = missing.at(-1);
  return {
    madeFile: file.text === null,
    madeFolder: missing.length > 0,
    ...(outermostFolder === undefined ? {} : { outermostFolder }),
    backup: backup === null ? null : { path: backup, sha256: sha256(file.text ?? '') },
    isExact: true,
    undo,
  };
}

/** The folder and those around it that do not exist. */
function missingFolders(folder: string): string[] {
  return existsSync(folder) || dirname(folder) === folder
    ? []
    : [folder, ...missingFolders(dirname(folder))];
}

/**
 * What unregistering would change: the exact text from before init if nobody has edited it since. The last
 * file first, because the folder was created for the first one.
 * @throws UserError if a file can't be read or edited
 */
export function planAgentRemoval(
  installer: AgentInstaller,
  env: Environment,
  recordPath: string,
): Removal[] {
  const paths = installer.files(agentPlace(env)).toReversed();
  return paths.map((path) => planFileRemoval(installer, path, recordPath));
}

function planFileRemoval(installer: AgentInstaller, path: string, recordPath: string): Removal {
  const file = openTextFile(path, null);
  const installed = readInstalledFile(recordPath, path);
  const plan = { file, installed, events: [] };
  if (file.text === null) return { ...plan, kind: 'nothing', after: null };
  if (installed?.isExact === true && installed.sha256After === sha256(file.text)) {
    const original = installed.backup === null ? null : readTextFile(installed.backup.path);
    const isIntact = original !== null && sha256(original) === installed.backup?.sha256;
    if (installed.madeFile || isIntact) return { ...plan, kind: 'restored', after: original };
  }
  const after = installer.remove(path, file.text);
  if (after === file.text) return { ...plan, kind: 'nothing', after };
  return { ...plan, kind: 'removed', after };
}
