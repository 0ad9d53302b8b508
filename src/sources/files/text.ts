import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { UserError } from '../../core/lang/user-error.ts';
import { FileRefused, MAX_SETTINGS_BYTES, readBounded } from '../../files/read-bounded.ts';
import { openTemporary } from './temporary-file.ts';

/** A text file that belongs to somebody else, as it was when it was opened. */
export interface FoundFile {
  path: string;
  /**
   * Where the bytes are: symbolic links are followed, so that a link into a dotfiles folder survives an
   * edit.
   */
  target: string;
  /** A folder that links must not leave; null: any. */
  within: string | null;
  /** Null if the file does not exist; includes a byte order mark. */
  text: string | null;
  /** Null if the file does not exist: a new one is accessible only to its owner, whatever the umask is. */
  owner: { mode: number; uid: number; gid: number } | null;
}

/** Linux follows as many links in a row. */
const MAX_LINKS = 40;
const REASONS = new Map([
  ['EACCES', 'permission denied'],
  ['EPERM', 'not permitted'],
  ['EROFS', 'the file system is read-only'],
  ['ENOSPC', 'the disk is full'],
  ['ENOTDIR', 'a part of its path is not a folder'],
  ['EBUSY', 'it is in use, or is a mount point'],
]);

/**
 * Opens a text file of at most 1 MB.
 * @param within a folder that links must not leave: the repository, for its own files
 * @throws UserError for a folder, a device, more than 1 MB, bytes that are not UTF-8, or a file that
 * can't be read
 */
export function openTextFile(path: string, within: string | null = null): FoundFile {
  return forUser(`read ${path}`, () => {
    const target = followLinks(path);
    const stat = statSync(target, { throwIfNoEntry: false });
    if (stat === undefined) return { path, target, within, text: null, owner: null };
    const bytes = readBounded(path, { maxBytes: MAX_SETTINGS_BYTES, within });
    if (bytes === null) return { path, target, within, text: null, owner: null };
    const text = decode(path, bytes);
    const owner = { mode: stat.mode & 0o7777, uid: stat.uid, gid: stat.gid };
    return { path, target, within, text, owner };
  });
}

/** Reads an optional file: null if it is missing or can't be read. */
export function readTextFile(path: string): string | null {
  try {
    return openTextFile(path).text;
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

function followLinks(path: string): string {
  let target = path;
  for (let links = 0; links < MAX_LINKS; links++) {
    const stat = lstatSync(target, { throwIfNoEntry: false });
    if (stat?.isSymbolicLink() !== true) return target;
    target = resolve(dirname(target), readlinkSync(target));
  }
  throw new UserError(`${path} is a symbolic link that leads back to itself`);
}

function decode(path: string, bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new UserError(`${path} is not UTF-8 text`, 'Save it as UTF-8 and run this again.');
  }
}

/**
 * Writes a file completely or not at all: a temporary file in the same folder is renamed over it, with
 * its mode and, if allowed, its owner.
 * @throws UserError, also if the file has changed since it was opened
 */
export function replaceFile(file: FoundFile, text: string): void {
  forUser(`write ${file.path}`, () => {
    mkdirSync(dirname(file.target), { recursive: true });
    if (file.text !== null) accessSync(file.target, constants.W_OK);
    const temporary = openTemporary(`${file.target}.tallyhook`);
    try {
      writeNew(temporary.fd, text, file.owner);
      ensureUnchanged(file);
      renameSync(temporary.path, file.target);
    } catch (error) {
      rmSync(temporary.path, { force: true });
      throw error;
    }
    syncFolder(dirname(file.target));
  });
}

/** @throws UserError, also if the file has changed since it was opened */
export function deleteFile(file: FoundFile): void {
  forUser(`delete ${file.path}`, () => {
    ensureUnchanged(file);
    rmSync(file.target, { force: true });
    syncFolder(dirname(file.target));
  });
}

/**
 * Copies the text to `settings.json.tallyhook-backup-20261121T231500Z` in the same folder.
 * @returns the copy's path
 */
export function backUp(file: FoundFile, now: Date): string {
  const time = now.toISOString().replaceAll(/[-:]|\.\d+/g, '');
  return forUser(`make a copy of ${file.path}`, () => {
    for (let number = 1; ; number++) {
      const suffix = number === 1 ? '' : `-${number}`;
      const copy = `${file.path}.tallyhook-backup-${time}${suffix}`;
      try {
        writeNew(openSync(copy, 'wx', 0o600), file.text ?? '', file.owner);
        return copy;
      } catch (error) {
        if (getErrorCode(error) !== 'EEXIST') throw error;
      }
    }
  });
}

/** Fills a file that was just created, and closes it. */
function writeNew(fd: number, text: string, owner: FoundFile['owner']): void {
  try {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
    if (owner !== null) {
      if (owner.uid !== process.getuid?.()) tryChown(fd, owner.uid, owner.gid);
      fchmodSync(fd, owner.mode);
    }
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function tryChown(fd: number, uid: number, gid: number): void {
  try {
    fchownSync(fd, uid, gid);
  } catch {
    // Only root may do this. The file then belongs to whoever edits it, as with any editor.
  }
}

function ensureUnchanged(file: FoundFile): void {
  if (openTextFile(file.path, file.within).text === file.text) return;
  throw new UserError(
    `${file.path} was changed by another program at the same time; nothing was written`,
    'Run this again.',
  );
}

/** A rename survives a power cut only once its folder is on disk; some systems can't sync folders. */
function syncFolder(folder: string): void {
  try {
    const fd = openSync(folder, 'r');
    fsyncSync(fd);
    closeSync(fd);
  } catch {
    // The write itself succeeded.
  }
}

/** Writes a file that only tallyhook reads: mode 0600, in a folder that is created with 0700. */
export function writePrivateFile(path: string, text: string): void {
  const file = openTextFile(path);
  replacePrivateFile({ ...file, owner: file.owner && { ...file.owner, mode: 0o600 } }, text);
}

/** The same for a file that was opened before; an existing file keeps its mode. */
export function replacePrivateFile(file: FoundFile, text: string): void {
  const folder = dirname(file.target);
  forUser(`write ${file.path}`, () => mkdirSync(folder, { recursive: true, mode: 0o700 }));
  const { uid, gid } = statSync(folder);
  replaceFile({ ...file, owner: file.owner ?? { mode: 0o600, uid, gid } }, text);
}

/** The user has to fix what the system refuses, so its errors become messages that say how. */
function forUser<T>(task: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const code = getErrorCode(error);
    if (error instanceof FileRefused) {
      throw new UserError(error.message, 'Move it away and run this again.');
    }
    if (code === null) throw error;
    const reason = REASONS.get(code) ?? code;
    const hint =
      'Check the owner and mode of the file and of its folder (ls -l), then run this again.';
    throw new UserError(`cannot ${task}: ${reason}`, hint, { cause: error });
  }
}

function getErrorCode(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'string' ? code : null;
}
