import { randomBytes } from 'node:crypto';
import { openSync } from 'node:fs';

export interface TemporaryFile {
  path: string;
  fd: number;
}

/**
 * Creates a file next to the one it is to replace, accessible only to its owner. Nobody can have placed
 * a file or a link there before: the name can't be guessed, and an existing file is never opened.
 * @throws the file system's own error
 */
export function openTemporary(target: string): TemporaryFile {
  const path = `${target}.${randomBytes(12).toString('hex')}.tmp`;
  return { path, fd: openSync(path, 'wx', 0o600) };
}
