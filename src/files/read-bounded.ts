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

/** The largest project file that is read; a larger one in a repository is ignored. */
export const MAX_PROJECT_FILE_BYTES = 64 * 1024;
/** The largest settings file of the user, or of a client, that is read. */
export const MAX_SETTINGS_BYTES = 1024 * 1024;

const CHUNK_BYTES = 64 * 1024;

export type RefusalCode = 'NOT_REGULAR' | 'TOO_LARGE' | 'LINK_OUTSIDE';

/** The file exists but was not read, because of its type, size or location. */
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
  /** A folder that symbolic links must not leave; null: links may lead anywhere. */
  within: string | null;
}

/**
 * Reads a file that somebody else may have put there. It never waits (a named pipe is refused, not
 * opened), never opens a device, and never reads more than the limit plus one byte, whatever size the
 * file reports: files in /proc report zero.
 * @returns null if the file does not exist
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
 * Opens a regular file for reading, without waiting. The caller closes it.
 * @param within a folder that links must not leave; null: any
 * @returns null if the file does not exist
 * @throws FileRefused, or the system's error
 */
function openRegular(path: string, within: string | null): { fd: number; stat: Stats } | null {
  const before = statSync(path, { throwIfNoEntry: false });
  if (before === undefined) return null;
  // Checked before opening, because opening some devices has side effects.
  if (!before.isFile()) refuseKind(path, before.isDirectory());
  const target = within === null ? path : resolveWithin(path, within);
  const fd = openSync(target, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    // Another file may have replaced it in the meantime.
    const stat = fstatSync(fd);
    if (!stat.isFile()) refuseKind(path, stat.isDirectory());
    return { fd, stat };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** The same as UTF-8 text, for an optional file: null if it can't be read. */
export function readTextOrNull(path: string, limits: ReadLimits): string | null {
  try {
    return readBounded(path, limits)?.toString('utf8') ?? null;
  } catch {
    return null;
  }
}

/** The first bytes of an optional file as UTF-8 text, whatever its size; null if it can't be read. */
export function readHeadOrNull(path: string, maxBytes: number): string | null {
  const file = openRegularOrNull(path);
  if (file === null) return null;
  try {
    const buffer = Buffer.allocUnsafe(maxBytes);
    return buffer.toString('utf8', 0, readSync(file.fd, buffer, 0, maxBytes, 0));
  } catch {
    return null;
  } finally {
    closeSync(file.fd);
  }
}

/**
 * The same for an optional file: null if it can't be opened.
 * @param onError takes the reason, unless the file does not exist
 */
export function openRegularOrNull(
  path: string,
  onError?: (error: unknown) => void,
): { fd: number; stat: Stats } | null {
  try {
    return openRegular(path, null);
  } catch (error) {
    onError?.(error);
    return null;
  }
}

/** @throws FileRefused for a file that is larger than `maxBytes` */
export function readDescriptor(
  { fd, stat }: { fd: number; stat: Stats },
  path: string,
  maxBytes: number,
): Buffer {
  if (stat.size > maxBytes) refuseSize(path, maxBytes);
  const chunks: Buffer[] = [];
  let total = 0;
  // Usually one read, and a second one that finds the end.
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

/** The real location of the file. @throws FileRefused if a link leads out of the folder */
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
