import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { printable } from '../../core/lang/printable.ts';
import { readTextOrNull } from '../../files/read-bounded.ts';

/** At this size a new log is started; the previous one is kept as `hook.log.1`. */
const MAX_LOG_BYTES = 256 * 1024;
const MAX_LINE_LENGTH = 500;

/** Logs one line about a problem. Silent: if even that fails, there is nobody left to notify. */
export function logProblem(path: string, what: string, error: unknown, atMs: number): void {
  try {
    const detail = error instanceof Error ? `${getCode(error)}${error.message}` : String(error);
    const line = `${new Date(atMs).toISOString()} ${oneLine(`${what}: ${detail}`)}`;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const size = lstatSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (size > MAX_LOG_BYTES) renameSync(path, `${path}.1`);
    append(path, `${line.slice(0, MAX_LINE_LENGTH)}\n`);
  } catch {
    // A problem with the log must never affect the agent's session.
  }
}

/**
 * In a folder that others can write, somebody may have replaced the log by a link to one of the user's
 * files, or by a pipe that nobody reads.
 */
function append(path: string, line: string): void {
  const { O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;
  const flags = O_WRONLY | O_APPEND | O_CREAT | (O_NOFOLLOW ?? 0) | (O_NONBLOCK ?? 0);
  const fd = openSync(path, flags, 0o600);
  try {
    if (fstatSync(fd).isFile()) writeSync(fd, line);
  } finally {
    closeSync(fd);
  }
}

/**
 * The same for problems that would recur at every event: text that is already in the log is not
 * repeated.
 */
export function logOnce(path: string, what: string, text: string, atMs: number): void {
  const line = oneLine(`${what}: ${text}`).slice(0, 400);
  if (readLog(path)?.includes(line) !== true) logProblem(path, what, text, atMs);
}

/** The content of the log; null if it does not exist or can't be read. */
export function readLog(path: string): string | null {
  const maxBytes = MAX_LOG_BYTES + 4 * MAX_LINE_LENGTH * 256;
  return readTextOrNull(path, { maxBytes, within: dirname(path) });
}

/** People read the log with `cat`: its lines must not contain terminal control sequences. */
function oneLine(text: string): string {
  return printable(text.replace(/\s+/g, ' '));
}

function getCode(error: Error): string {
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' ? `${code} ` : '';
}
