import { existsSync, lstatSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { UnreadPath } from '../../core/transcript/unread.ts';
import { type Environment, clientConfigFolders, expandPath } from '../machine/paths.ts';
import { unreadPath } from './unread.ts';

export interface TranscriptFolders {
  /** Folders with one folder per project in them. */
  folders: string[];
  /** Configured folders that have no transcripts, and folders that can't be read. */
  unread: UnreadPath[];
}

/** Finds Claude Code's transcript folders: `projects` in each of its configuration folders. */
export function findTranscriptFolders(env: Environment): TranscriptFolders {
  const isConfigured = /[^,\s]/.test(env['CLAUDE_CONFIG_DIR'] ?? '');
  const folders: string[] = [];
  const unread: UnreadPath[] = [];
  for (const config of clientConfigFolders(env)) {
    const projects = join(config, 'projects');
    const found = [projects, config].find(
      (folder) =>
        isFolder(folder, unread) &&
        (folder === projects || (isConfigured && hasTranscripts(folder))),
    );
    if (found !== undefined) folders.push(found);
    else if (isConfigured && !unread.some(({ path }) => path === config || path === projects)) {
      unread.push(wrongFolder(config, env));
    }
  }
  return { folders: onlyOnce(folders), unread };
}

function isFolder(path: string, unread: UnreadPath[]): boolean {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    const isLink = stat === undefined && lstatSync(path, { throwIfNoEntry: false }) !== undefined;
    if (isLink) unread.push(unreadPath(path, { code: 'MISSING_TARGET' }));
    return stat?.isDirectory() === true;
  } catch (error) {
    if (!isThroughFile(error)) unread.push(unreadPath(path, error));
    return false;
  }
}

/** A part of the path is a file. */
function isThroughFile(error: unknown): boolean {
  return (error as { code?: unknown }).code === 'ENOTDIR';
}

/** Whether people named the `projects` folder itself: it has that name, or transcripts in its folders. */
function hasTranscripts(folder: string): boolean {
  if (basename(folder) === 'projects') return true;
  const isTranscript = (name: string): boolean => /\.jsonl(?:\.gz)?$/.test(name);
  try {
    return readdirSync(folder, { withFileTypes: true }).some(
      (entry) => entry.name.startsWith('-') && namesIn(join(folder, entry.name)).some(isTranscript),
    );
  } catch {
    return false;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function wrongFolder(config: string, env: Environment): UnreadPath {
  const isThere = existsSync(config);
  const pieces = config.split(':').map((piece) => expandPath(piece, env));
  const isList = pieces.length > 1 && pieces.every((piece) => isFolder(piece, []));
  return {
    path: config,
    kind: 'unreadable',
    reason: isThere
      ? 'CLAUDE_CONFIG_DIR names this folder, but it has no projects folder'
      : 'CLAUDE_CONFIG_DIR names this folder, but it does not exist',
    fix: isList
      ? `Separate folders with a comma: CLAUDE_CONFIG_DIR=${pieces.join(',')}`
      : "Set CLAUDE_CONFIG_DIR to Claude Code's folder, such as ~/.claude, or unset it",
  };
}

/** Links may lead from one to another. */
function onlyOnce(folders: string[]): string[] {
  const known = new Set<string>();
  return folders.filter((folder) => {
    const real = realpathSync(folder);
    return !known.has(real) && known.add(real);
  });
}
