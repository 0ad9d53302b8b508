import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { messageOf } from '../core/message-of.ts';
import { UserError } from '../core/user-error.ts';

/** 256 bits. */
const TOKEN_BYTES = 32;
const SHORTEST = 32;

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
      const message = `the token can't be kept in ${path}: ${messageOf(error)}`;
      throw new UserError(message, 'Name one of yours: --token-file FILE.');
    }
    chmodSync(path, 0o600);
  }
  return read(path);
}

/** The user's own token. @throws UserError for a file that holds none, or that others may read */
export function tokensFrom(path: string): Tokens {
  const mode = statSync(path, { throwIfNoEntry: false })?.mode;
  if (mode === undefined) throw new UserError(`--token-file: there is no file ${path}`, hint(path));
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw new UserError(`--token-file: others may read ${path}`, `chmod 600 ${path}`);
  }
  return read(path);
}

function read(path: string): Tokens {
  const token = readFileSync(path, 'utf8').trim();
  // It goes into headers and addresses.
  if (token.length < SHORTEST || !/^[\w.~+/=-]+$/.test(token)) {
    throw new UserError(`${path} holds no token of at least ${SHORTEST} characters`, hint(path));
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
