import { fstatSync, readSync } from 'node:fs';

/** More than any event has; the rest is not read. */
const MAX_BYTES = 256 * 1024 * 1024;
const CHUNK_BYTES = 1024 * 1024;

/**
 * Reads an event from standard input: until its end, until a complete JSON object has arrived, or until
 * nothing has arrived for `timeoutMs`. An agent that forgets to close the pipe, or to write to it, must
 * not be kept waiting.
 */
export function readStdin(timeoutMs: number): string {
  const stat = fstatSync(0);
  // A terminal sends no events. Checking with node:tty would load its streams: five milliseconds.
  if (stat.isCharacterDevice()) return '';
  // Files of /proc report no size, and reading some of them blocks forever.
  if (stat.isFile() && stat.size === 0) return '';
  // If that fails, reading blocks until the end, like any plain read.
  if (!stat.isFile()) makeNonBlocking();
  const chunks: Buffer[] = [];
  let total = 0;
  let waitUntil = Date.now() + timeoutMs;
  while (total < MAX_BYTES) {
    const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    const length = readSome(buffer);
    if (length === 0) break;
    if (length === null) {
      const now = Date.now();
      if (now > waitUntil || isCompleteObject(chunks)) break;
      sleep(2);
      continue;
    }
    chunks.push(buffer.subarray(0, length));
    total += length;
    waitUntil = Date.now() + timeoutMs;
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** @returns null if nothing has arrived yet; zero at the end */
function readSome(buffer: Buffer): number | null {
  try {
    return readSync(0, buffer, 0, buffer.length, null);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'EAGAIN' ? null : 0;
  }
}

function isCompleteObject(chunks: Buffer[]): boolean {
  // A cheap check first, so that a slow writer's pieces are not concatenated again at each pause.
  if (chunks.at(-1)?.toString('latin1').trimEnd().endsWith('}') !== true) return false;
  const text = Buffer.concat(chunks).toString('utf8').trimEnd();
  if (!text.endsWith('}')) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * A blocking read that nobody answers can't be cancelled, not even by ending the process. So the pipe or
 * socket is made non-blocking, which libuv does when it opens it. The public API for that is node:net,
 * which takes five milliseconds to load; this uses the binding below it.
 */
function makeNonBlocking(): void {
  try {
    const inner = process as unknown as InnerProcess;
    inner.noDeprecation = true;
    const { Pipe, constants } = inner.binding('pipe_wrap');
    new Pipe(constants.SOCKET).open(0);
  } catch {
    // Another version of Node: fall back to a plain read.
  }
}

interface InnerProcess {
  noDeprecation: boolean;
  binding(name: string): PipeBinding;
}

interface PipeBinding {
  Pipe: new (type: number) => { open(fd: number): number };
  constants: { SOCKET: number };
}

function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
