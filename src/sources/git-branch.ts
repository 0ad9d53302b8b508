import { readFileSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { gitEntry } from './project.ts';

/**
 * The branch that is checked out in a folder, read from the file system; the start of the commit
 * where none is. Null outside any repository.
 */
export function currentBranch(cwd: string): string | null {
  try {
    const git = isAbsolute(cwd) ? gitEntry(cwd) : null;
    if (git === null) return null;
    const head = readFileSync(join(gitFolder(git), 'HEAD'), 'utf8').trim();
    return /^ref: refs\/heads\/(.+)$/.exec(head)?.[1] ?? (head.slice(0, 7) || null);
  } catch {
    return null;
  }
}

function gitFolder(git: string): string {
  if (statSync(git).isDirectory()) return git;
  const target = /^gitdir: (.+)$/m.exec(readFileSync(git, 'utf8'))?.[1] ?? '';
  return resolve(dirname(git), target);
}
