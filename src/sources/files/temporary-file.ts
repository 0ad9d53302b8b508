import { randomBytes } from 'node:crypto';
import { openSync } from 'node:fs';

export interface TemporaryFile {
  path: string;
  fd: number;
}

/**
 * A new file beside the one that it is to replace, for its owner alone. Nobody can have put a file or a link
 * there before: the name can't be guessed, and what is there is never opened.
 * @throws the file system's own error
 */
export function openTemporary(target: string): TemporaryFile {
  const path = `${target}.${randomBytes(12).toString('hex')}.tmp`;
  return { path, fd: openSync(path, 'wx', 0o600) };
}
