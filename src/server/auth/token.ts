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

/** 256 bits. */
const TOKEN_BYTES = 32;
const MIN_TOKEN_LENGTH = 32;
const LONGEST = 4096;

/** Who holds what. Both are kept by `serve`, so that a registered hook goes on working after a restart. */
export interface Tokens {
  /** May read and send. */
  token: string;
  /** May only send: events and telemetry. It stands in the client's settings. */
  ingestToken: string;
  /** Shows that a change was asked for by a page of ours, which alone can read it. */
  csrfToken: string;
}

export function tokenPath(ledger: string): string {
  return join(dirname(ledger), 'serve.token');
}

/** The token beside the ledger, made where there is none; readable by its owner alone. */
export function ownTokens(path: string): Tokens {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    // Two servers may be started at once: the second takes the first one's.
    writeFileSync(path, `${randomBytes(TOKEN_BYTES).toString('base64url')}\n`, {
      flag: 'wx',
      mode: 0o600,
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      const message = `the token can't be kept in ${path}: ${toErrorMessage(error)}`;
      throw new UserError(message, 'Name one of yours: --token-file FILE.');
    }
  }
  return tokensIn(path, readOwn(path, closeToOthers));
}

function closeToOthers(fd: number, mode: number): void {
  if ((mode & 0o077) !== 0) fchmodSync(fd, 0o600);
}

/** The user's own token. @throws UserError for a file that holds none, or that others may read */
export function tokensFrom(path: string): Tokens {
  if (!existsSync(path)) throw new UserError(`--token-file: there is no file ${path}`, hint(path));
  const text = readOwn(path, (_, mode) => {
    if (process.platform === 'win32' || (mode & 0o077) === 0) return;
    throw new UserError(`--token-file: others may read ${path}`, `chmod 600 ${path}`);
  });
  return tokensIn(path, text);
}

/**
 * What a file of the user's or root's holds: whoever else has written it knows the token. A link that
 * another user has put there is not followed.
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
    // A file without an end says that it is empty.
    const bytes = Buffer.alloc(Math.min(size, LONGEST));
    return bytes.toString('utf8', 0, readSync(fd, bytes));
  } finally {
    closeSync(fd);
  }
}

function open(path: string): number {
  try {
    // Not to wait for the other end where the path is a named pipe.
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
    'Delete it, or name a file of yours: --token-file FILE.',
  );
}

function tokensIn(path: string, text: string): Tokens {
  const token = text.trim();
  // It goes into headers and addresses.
  if (token.length < MIN_TOKEN_LENGTH || !/^[\w.~+/=-]+$/.test(token)) {
    throw new UserError(
      `${path} holds no token of at least ${MIN_TOKEN_LENGTH} characters`,
      hint(path),
    );
  }
  const derived = (name: string): string =>
    createHmac('sha256', token).update(`tallyhook ${name}`).digest('base64url');
  return { token, ingestToken: derived('ingest'), csrfToken: derived('csrf') };
}

function hint(path: string): string {
  return `(umask 077; openssl rand -hex 32 >${path}) makes one.`;
}

/** In the same time, however much of it is right. */
export function isToken(given: string, token: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}
