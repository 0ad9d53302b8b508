import {
  type Stats,
  closeSync,
  constants,
  fstatSync,
  openSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { sep } from 'node:path';

/** What a project's file may hold; a repository that brings a larger one gets it ignored. */
export const MAX_PROJECT_FILE_BYTES = 64 * 1024;
/** What a settings file of the user, or of a client, may hold. */
export const MAX_SETTINGS_BYTES = 1024 * 1024;

const CHUNK_BYTES = 64 * 1024;

export type RefusalCode = 'NOT_REGULAR' | 'TOO_LARGE' | 'LINK_OUTSIDE';

/** The file is there, and was not read because of what it is. */
export class FileRefused extends Error {
  readonly code: RefusalCode;

  constructor(path: string, code: RefusalCode, detail: string) {
    super(`${path} ${detail}`);
    this.name = 'FileRefused';
    this.code = code;
  }
}

export interface ReadLimits {
  maxBytes: number;
  /** A folder that the file may not leave by symbolic links; null: links are followed anywhere. */
  within: string | null;
}

/**
 * Reads a file that somebody else may have put there. It never waits (a named pipe is refused, not
 * opened), never opens a device, and never reads more than the limit and one byte, whatever size
 * the file claims to have: those of /proc claim none.
 * @returns null where there is no such file
 * @throws FileRefused, or the system's error (EACCES, EIO, EMFILE, ...)
 */
export function readBounded(path: string, { maxBytes, within }: ReadLimits): Buffer | null {
  const file = openRegular(path, within);
  if (file === null) return null;
  try {
    return readDescriptor(file, path, maxBytes);
  } finally {
    closeSync(file.fd);
  }
}

/**
 * Opens a regular file for reading, without waiting; to be closed by the caller.
 * @param within a folder that links may not leave; null: any
 * @returns null where there is no such file
 * @throws FileRefused, or the system's error
 */
function openRegular(path: string, within: string | null): { fd: number; stat: Stats } | null {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return null;
  // Asked before it is opened: opening some devices does something.
  if (!found.isFile()) refuseKind(path, found.isDirectory());
  const target = within === null ? path : resolveWithin(path, within);
  const fd = openSync(target, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    // Another file may have taken its place in between.
    const stat = fstatSync(fd);
    if (!stat.isFile()) refuseKind(path, stat.isDirectory());
    return { fd, stat };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** The same as UTF-8 text, for a file that can be done without: null where it can't be read. */
export function readTextOrNull(path: string, limits: ReadLimits): string | null {
  try {
    return readBounded(path, limits)?.toString('utf8') ?? null;
  } catch {
    return null;
  }
}

/** The same for a file that can be done without: null where it can't be opened. */
export function openRegularOrNull(path: string): { fd: number; stat: Stats } | null {
  try {
    return openRegular(path, null);
  } catch {
    return null;
  }
}

/** @throws FileRefused for a file that is larger than `maxBytes` */
function readDescriptor(
  { fd, stat }: { fd: number; stat: Stats },
  path: string,
  maxBytes: number,
): Buffer {
  if (stat.size > maxBytes) refuseSize(path, maxBytes);
  const chunks: Buffer[] = [];
  let total = 0;
  // As a rule one read and one that finds the end.
  let length = (stat.size === 0 ? Math.min(maxBytes, CHUNK_BYTES) : stat.size) + 1;
  for (;;) {
    const chunk = Buffer.allocUnsafe(length);
    const read = readSync(fd, chunk, 0, length, null);
    if (read === 0) break;
    chunks.push(chunk.subarray(0, read));
    total += read;
    if (total > maxBytes) refuseSize(path, maxBytes);
    length = Math.min(CHUNK_BYTES, maxBytes + 1 - total);
  }
  return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, total);
}

/** Where the file really is. @throws FileRefused where a link leads out of the folder */
function resolveWithin(path: string, within: string): string {
  const target = realpathSync(path);
  const folder = realpathSync(within);
  if (target.startsWith(folder.endsWith(sep) ? folder : folder + sep)) return target;
  throw new FileRefused(path, 'LINK_OUTSIDE', `is a link that leaves ${within}`);
}

function refuseKind(path: string, isFolder: boolean): never {
  throw new FileRefused(path, 'NOT_REGULAR', `is ${isFolder ? 'a folder' : 'not a regular file'}`);
}

function refuseSize(path: string, maxBytes: number): never {
  throw new FileRefused(path, 'TOO_LARGE', `is larger than ${sizeText(maxBytes)}`);
}

function sizeText(bytes: number): string {
  return bytes >= 1024 * 1024 ? `${bytes / (1024 * 1024)} MB` : `${bytes / 1024} kB`;
}
