import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve, sep } from 'node:path';

/**
 * The project of a working directory: the root of its git repository, read from the file system
 * (starting git costs more than the whole hook). A worktree belongs to its repository. Outside
 * any repository, and for a folder that is gone, the directory itself.
 */
export function resolveProject(cwd: string): { root: string; name: string } {
  const root = isAbsolute(cwd) ? (repositoryRoot(cwd) ?? cwd) : cwd;
  return { root, name: basename(root) || root };
}

function repositoryRoot(cwd: string): string | null {
  const git = gitEntry(cwd);
  return git === null ? null : (mainWorktree(git) ?? dirname(git));
}

/** The `.git` of a working directory: a folder, or of a worktree the file that points to one. */
export function gitEntry(cwd: string): string | null {
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const git = join(folder, '.git');
    if (existsSync(git)) return git;
    if (dirname(folder) === folder) return null;
  }
}

/** A worktree's `.git` is a file that points into the repository's `.git/worktrees`. */
function mainWorktree(git: string): string | null {
  try {
    if (statSync(git).isDirectory()) return null;
    const target = /^gitdir: (.+)$/m.exec(readFileSync(git, 'utf8'))?.[1];
    if (target === undefined) return null;
    const folder = resolve(dirname(git), target);
    const end = folder.lastIndexOf(`${sep}.git${sep}worktrees${sep}`);
    return end > 0 ? folder.slice(0, end) : null;
  } catch {
    return null;
  }
}
