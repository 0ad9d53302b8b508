import { chmodSync, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { AgentInstaller } from '../../agents/installer.ts';
import { type FoundFile, backUp, openTextFile, readTextFile, replaceFile } from '../files/text.ts';
import { type Environment, agentPlace } from '../machine/paths.ts';
import type { Removal } from './client-settings.ts';
import { readInstalledFile, sha256, writeInstalledFile } from './install-record.ts';

/** A change of one file of an agent; nothing is written yet. */
export interface AgentEdit {
  file: FoundFile;
  after: string;
  /** The mode of a new file; null: the usual one. */
  mode: number | null;
}

/**
 * What registering the hook would change.
 * @param command a full command line, with `--agent NAME`
 * @throws UserError if a file can't be read or edited
 */
export function planAgentHooks(
  installer: AgentInstaller,
  env: Environment,
  command: string,
  options: { isEnforcing: boolean },
): AgentEdit[] {
  return installer.files(agentPlace(env)).flatMap((path) => {
    const file = openTextFile(path, null);
    const after = installer.add(path, file.text, command, options);
    if (after === null || after === file.text) return [];
    return { file, after, mode: installer.mode ?? null };
  });
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
  const before =
    isOurText && installed !== null
      ? installed
      : {
          madeFile: file.text === null,
          madeFolder: !existsSync(dirname(file.target)),
          backup: backup === null ? null : { path: backup, sha256: sha256(file.text ?? '') },
          isExact: true,
          undo: { blank: null, empty: {} },
        };
  writeInstalledFile(recordPath, file.path, { ...before, sha256After: sha256(after) });
  replaceFile(file, after);
  if (mode !== null && file.text === null) chmodSync(file.target, mode);
  return backup;
}

/** What unregistering would change: the exact text from before init if nobody has edited it since. */
export function planAgentRemoval(
  installer: AgentInstaller,
  env: Environment,
  recordPath: string,
): Removal[] {
  return installer.files(agentPlace(env)).map((path) => {
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
  });
}
