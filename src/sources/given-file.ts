import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { messageOf } from '../core/message-of.ts';
import { UserError } from '../core/user-error.ts';

const MEGABYTE = 1024 * 1024;
const MAX_BYTES = 64 * MEGABYTE;
const PIECE_BYTES = MEGABYTE;

/**
 * A file that the user names, of at most 64 MB. A pipe, a device or a folder is none.
 * @throws UserError of one line
 */
export function readGivenFile(path: string): Buffer {
  try {
    return readWithin(path, MAX_BYTES);
  } catch (error) {
    throw new UserError(`${path} can't be read: ${reasonOf(error)}`, null, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EACCES') return 'permission denied';
  return messageOf(error);
}

/** What is read counts: files of /proc say that they are empty, and some have no end. */
function readWithin(path: string, maxBytes: number): Buffer {
  // Not to wait for the other end where the path is a named pipe.
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!fstatSync(fd).isFile()) throw new Error('it is not a regular file');
    const pieces: Buffer[] = [];
    for (let left = maxBytes; ;) {
      const piece = Buffer.allocUnsafe(PIECE_BYTES);
      const length = readSync(fd, piece, 0, piece.length, null);
      if (length === 0) return Buffer.concat(pieces);
      left -= length;
      if (left < 0) throw new Error(`it has more than ${maxBytes / MEGABYTE} MB`);
      pieces.push(piece.subarray(0, length));
    }
  } finally {
    closeSync(fd);
  }
}
