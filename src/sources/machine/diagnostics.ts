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

/** The log is started anew at this size; the one before it is kept as `hook.log.1`. */
const MAX_LOG_BYTES = 256 * 1024;
const MAX_LINE_LENGTH = 500;

/** Writes one line about what went wrong. Silent: where even that fails, there is nobody to tell. */
export function logProblem(path: string, what: string, error: unknown, atMs: number): void {
  try {
    const detail = error instanceof Error ? `${getCode(error)}${error.message}` : String(error);
    const line = `${new Date(atMs).toISOString()} ${oneLine(`${what}: ${detail}`)}`;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const size = lstatSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (size > MAX_LOG_BYTES) renameSync(path, `${path}.1`);
    append(path, `${line.slice(0, MAX_LINE_LENGTH)}\n`);
  } catch {
    // Promise one: the agent never suffers.
  }
}

/**
 * In a folder that others may write, somebody may have put a link to a file of ours, or a pipe that
 * nobody reads, in the log's place.
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

/** The same for what would be said at every event: a text that the log holds is not said again. */
export function logOnce(path: string, what: string, text: string, atMs: number): void {
  const line = oneLine(`${what}: ${text}`).slice(0, 400);
  if (readLog(path)?.includes(line) !== true) logProblem(path, what, text, atMs);
}

/** All that the log holds; null where there is none that can be read. */
export function readLog(path: string): string | null {
  const maxBytes = MAX_LOG_BYTES + 4 * MAX_LINE_LENGTH * 256;
  return readTextOrNull(path, { maxBytes, within: dirname(path) });
}

/** People read the log with `cat`: no message in it may move their cursor. */
function oneLine(text: string): string {
  return printable(text.replace(/\s+/g, ' '));
}

function getCode(error: Error): string {
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' ? `${code} ` : '';
}
