import { existsSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve, sep } from 'node:path';
import { MAX_PROJECT_FILE_BYTES, readTextOrNull } from '../../files/read-bounded.ts';

/**
 * The project of a working directory: the root of its git repository, read from the file system
 * (starting git costs more than the whole hook). A worktree belongs to its repository. Outside any
 * repository, and for a deleted folder, it is the directory itself.
 */
export function resolveProject(cwd: string): { root: string; name: string } {
  const root = isAbsolute(cwd) ? (repositoryRoot(cwd) ?? cwd) : cwd;
  return { root, name: basename(root) || root };
}

function repositoryRoot(cwd: string): string | null {
  const git = gitEntry(cwd);
  return git === null ? null : (mainWorktree(git) ?? dirname(git));
}

/** The `.git` of a working directory: a folder, or in a worktree the file that points to one. */
export function gitEntry(cwd: string): string | null {
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const git = join(folder, '.git');
    if (existsSync(git)) return git;
    if (dirname(folder) === folder) return null;
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** A worktree's `.git` is a file that points into the repository's `.git/worktrees`. */
function mainWorktree(git: string): string | null {
  const folder = linkedGitFolder(git);
  if (folder === null) return null;
  const end = folder.lastIndexOf(`${sep}.git${sep}worktrees${sep}`);
  return end > 0 ? folder.slice(0, end) : null;
}

/**
 * The folder that the `.git` file of a worktree or a submodule points to; null if it is not such a file.
 */
export function linkedGitFolder(git: string): string | null {
  // Usually it is a folder, and catching an exception would cost more than this check.
  if (isFolder(git)) return null;
  const limits = { maxBytes: MAX_PROJECT_FILE_BYTES, within: dirname(git) };
  const target = /^gitdir: (.+)$/m.exec(readTextOrNull(git, limits) ?? '')?.[1];
  return target === undefined ? null : resolve(dirname(git), target);
}
