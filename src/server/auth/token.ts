import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import {
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { toErrorMessage } from '../../core/lang/message-of.ts';
import { UserError } from '../../core/lang/user-error.ts';

/** 256 bits of randomness. */
const TOKEN_BYTES = 32;
const MIN_TOKEN_LENGTH = 32;
const MAX_FILE_BYTES = 4096;

/** All are derived from one stored token, so that registered hooks keep working after a restart. */
export interface Tokens {
  /** May read and send. */
  token: string;
  /** May only send events and telemetry. It is stored in Claude Code's settings. */
  ingestToken: string;
  /** Proves that one of our own pages requested a change: no other page can read it. */
  csrfToken: string;
}

export function tokenPath(ledger: string): string {
  return join(dirname(ledger), 'serve.token');
}

/** Reads the token file next to the ledger, or creates it; only its owner can read it. @throws UserError */
export function ownTokens(path: string): Tokens {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    // If two servers start at once, the second one uses the token of the first.
    writeFileSync(path, `${randomBytes(TOKEN_BYTES).toString('base64url')}\n`, {
      flag: 'wx',
      mode: 0o600,
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      const message = `the token can't be stored in ${path}: ${toErrorMessage(error)}`;
      throw new UserError(message, 'Use a token file of your own: --token-file FILE.');
    }
  }
  return tokensIn(path, readOwn(path, closeToOthers));
}

function closeToOthers(fd: number, mode: number): void {
  if ((mode & 0o077) !== 0) fchmodSync(fd, 0o600);
}

/** Reads the user's own token file. @throws UserError if it has no valid token, or if others can read it */
export function tokensFrom(path: string): Tokens {
  if (!existsSync(path)) throw new UserError(`--token-file: ${path} does not exist`, hint(path));
  const text = readOwn(path, (_, mode) => {
    if (process.platform === 'win32' || (mode & 0o077) === 0) return;
    throw new UserError(`--token-file: others can read ${path}`, `chmod 600 ${path}`);
  });
  return tokensIn(path, text);
}

/**
 * The text of a file that belongs to the user or to root: another owner may know the token. A symbolic link
 * that another user has created is not followed.
 * @throws UserError
 */
function readOwn(path: string, check: (fd: number, mode: number) => void): string {
  if (!isOwn(lstatSync(path).uid)) throw foreign(path);
  const fd = open(path);
  try {
    const stat = fstatSync(fd);
    const { uid, mode, size } = stat;
    if (!stat.isFile()) throw new UserError(`${path} is not a regular file`, hint(path));
    if (!isOwn(uid)) throw foreign(path);
    check(fd, mode);
    // Endless files, such as devices, report the size 0.
    const bytes = Buffer.alloc(Math.min(size, MAX_FILE_BYTES));
    return bytes.toString('utf8', 0, readSync(fd, bytes));
  } finally {
    closeSync(fd);
  }
}

function open(path: string): number {
  try {
    // O_NONBLOCK: do not wait for a writer if the path is a named pipe.
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    throw new UserError(`the token can't be read: ${toErrorMessage(error)}`, hint(path));
  }
}

function isOwn(uid: number): boolean {
  const own = process.getuid?.();
  return own === undefined || uid === own || uid === 0;
}

function foreign(path: string): UserError {
  return new UserError(
    `${path} belongs to another user, who may know the token in it`,
    'Delete it, or use a file of your own: --token-file FILE.',
  );
}

function tokensIn(path: string, text: string): Tokens {
  const token = text.trim();
  // The token is used in headers and in addresses.
  if (token.length < MIN_TOKEN_LENGTH || !/^[\w.~+/=-]+$/.test(token)) {
    throw new UserError(
      `${path} has no valid token (at least ${MIN_TOKEN_LENGTH} letters, digits or ._~+/=-)`,
      hint(path),
    );
  }
  const derived = (name: string): string =>
    createHmac('sha256', token).update(`tallyhook ${name}`).digest('base64url');
  return { token, ingestToken: derived('ingest'), csrfToken: derived('csrf') };
}

function hint(path: string): string {
  return `Create one: (umask 077; openssl rand -hex 32 >${path})`;
}

/** Compares in constant time. */
export function isToken(given: string, token: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}
