import { toErrorMessage } from '../../core/lang/message-of.ts';
import { UserError } from '../../core/lang/user-error.ts';
import { FileRefused, readBounded } from '../../files/read-bounded.ts';

const MAX_BYTES = 64 * 1024 * 1024;

/**
 * Reads a file that the user named, of at most 64 MB. Refuses pipes, devices and folders.
 * @throws UserError with a one-line message
 */
export function readGivenFile(path: string): Buffer {
  try {
    const bytes = readBounded(path, { maxBytes: MAX_BYTES, within: null });
    if (bytes !== null) return bytes;
  } catch (error) {
    throw new UserError(`${path} can't be read: ${explainReadError(error)}`, null, {
      cause: error,
    });
  }
  throw new UserError(`${path} can't be read: there is no such file`);
}

const REFUSALS = {
  NOT_REGULAR: 'it is not a regular file',
  TOO_LARGE: 'it has more than 64 MB',
  LINK_OUTSIDE: 'it is a link that leads elsewhere',
} as const;

function explainReadError(error: unknown): string {
  if (error instanceof FileRefused) return REFUSALS[error.code];
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EACCES') return 'permission denied';
  return toErrorMessage(error);
}
