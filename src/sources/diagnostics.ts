import { printable } from '../core/printable.ts';

import { appendFileSync, mkdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** The log is started anew at this size; the one before it is kept as `hook.log.1`. */
const MAX_LOG_BYTES = 256 * 1024;

/** Writes one line about what went wrong. Silent: where even that fails, there is nobody to tell. */
export function logProblem(path: string, what: string, error: unknown, atMs: number): void {
  try {
    const detail = error instanceof Error ? `${codeOf(error)}${error.message}` : String(error);
    const line = `${new Date(atMs).toISOString()} ${oneLine(`${what}: ${detail}`)}`;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (size > MAX_LOG_BYTES) renameSync(path, `${path}.1`);
    appendFileSync(path, `${line.slice(0, 500)}\n`, { mode: 0o600 });
  } catch {
    // Promise one: the agent never suffers.
  }
}

/** The same for what would be said at every event: a text that the log holds is not said again. */
export function logOnce(path: string, what: string, text: string, atMs: number): void {
  try {
    const isThere = statSync(path, { throwIfNoEntry: false }) !== undefined;
    const line = oneLine(`${what}: ${text}`).slice(0, 400);
    if (isThere && readFileSync(path, 'utf8').includes(line)) return;
    logProblem(path, what, text, atMs);
  } catch {
    // As above.
  }
}

/** People read the log with `cat`: no message in it may move their cursor. */
function oneLine(text: string): string {
  return printable(text.replace(/\s+/g, ' '));
}

function codeOf(error: Error): string {
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' ? `${code} ` : '';
}
