import { existsSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { worktreeParent } from '../../agents/claude-code/folders.ts';
import { nameProject } from '../../core/project-name.ts';
import { MAX_PROJECT_FILE_BYTES, readTextOrNull } from '../../files/read-bounded.ts';
import { expandPath } from './paths.ts';

/**
 * The project of a working directory: the root of its git repository, read from the file system
 * (starting git costs more than the whole hook). A worktree belongs to its repository, one of Claude
 * Code's to the folder that contains it if the repository is not on this disk. Outside any repository,
 * and for a deleted folder, it is the directory itself, which is then loose: a request made there belongs to
 * the project that its session began in.
 */
export function resolveProject(cwd: string): { root: string; name: string; isLoose?: true } {
  const { root, isLoose } = findRoot(cwd);
  return { root, name: nameProject(root), ...(isLoose ? { isLoose: true as const } : {}) };
}

function findRoot(cwd: string): { root: string; isLoose: boolean } {
  if (!isAbsolute(cwd))
    return { root: worktreeParent(cwd) ?? cwd, isLoose: worktreeParent(cwd) === undefined };
  // Links are followed first: git, too, looks for the repository from where the folder really is.
  const folder = realPath(cwd);
  const root = repositoryRoot(folder) ?? worktreeParent(folder);
  return { root: realPath(root ?? folder), isLoose: root === undefined };
}

function repositoryRoot(cwd: string): string | null {
  const git = gitEntry(cwd);
  if (git === null) return null;
  const folder = dirname(git);
  const linked = linkedGitFolder(git);
  if (linked !== null) return mainWorktree(linked) ?? lostRepository(folder, linked);
  // A home folder under version control does not contain the projects in it.
  return folder !== cwd && isHome(folder) ? null : folder;
}

/** Of a worktree that points to nothing: its repository was moved, deleted, or is on another machine. */
function lostRepository(folder: string, linked: string): string | null {
  const parent = dirname(folder);
  return (
    (parent === folder ? null : repositoryRoot(parent)) ??
    worktreeParent(folder) ??
    /^(.+)[/\\]\.git[/\\]worktrees[/\\]/.exec(linked)?.[1] ??
    null
  );
}

function isHome(folder: string): boolean {
  return folder === realPath(expandPath('~', process.env));
}

/** The path without symbolic links; as it is if nothing is there. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
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

/**
 * The root of the repository that a `.git` file points into. All worktrees of a repository have the same,
 * the main one among them, so it is the git folder itself where nothing else tells.
 */
function mainWorktree(linked: string): string | null {
  if (!existsSync(linked)) return null;
  // Only in the folder of a linked worktree.
  const common = resolve(linked, readGitFile(linked, 'commondir')?.trim() ?? '');
  const parent = dirname(common);
  const name = basename(common);
  if (name === '.git') return parent;
  // A submodule.
  const main = /^[ \t]*worktree = (.+)$/m.exec(readGitFile(common, 'config') ?? '')?.[1];
  if (main !== undefined) return resolve(common, main);
  // By convention `shop/.bare`, with the worktrees beside it.
  return name.startsWith('.') && !isHome(parent) ? parent : common;
}

function readGitFile(folder: string, name: string): string | null {
  const limits = { maxBytes: MAX_PROJECT_FILE_BYTES, within: folder };
  return readTextOrNull(join(folder, name), limits);
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
