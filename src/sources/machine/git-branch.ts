import { isAbsolute, join } from 'node:path';
import { MAX_PROJECT_FILE_BYTES, readTextOrNull } from '../../files/read-bounded.ts';
import { gitEntry, linkedGitFolder } from './project.ts';

/**
 * The branch that is checked out in a folder, read from the file system, or the start of the commit's
 * hash if no branch is. Null outside any repository.
 */
export function currentBranch(cwd: string): string | null {
  const git = isAbsolute(cwd) ? gitEntry(cwd) : null;
  if (git === null) return null;
  const folder = linkedGitFolder(git) ?? git;
  const limits = { maxBytes: MAX_PROJECT_FILE_BYTES, within: folder };
  const head = readTextOrNull(join(folder, 'HEAD'), limits)?.trim() ?? '';
  // A link out of the folder, or text that git would not have written, is not a branch name.
  return /^ref: refs\/heads\/(\S+)$/.exec(head)?.[1] ?? /^[0-9a-f]{7}/.exec(head)?.[0] ?? null;
}
