import { fstatSync, readSync } from 'node:fs';

/** More than any event; what comes behind it is not read. */
const MAX_BYTES = 256 * 1024 * 1024;
const CHUNK_BYTES = 1024 * 1024;

/**
 * Reads an event from standard input: to its end, or to the end of a whole JSON object, or for as
 * long as `timeoutMs` when nothing more comes. An agent that forgets to close the pipe, or to write
 * to it, must not be kept waiting.
 */
export function readStdin(timeoutMs: number): string {
  const stat = fstatSync(0);
  // A terminal types no events. Asking node:tty would load its streams: five milliseconds.
  if (stat.isCharacterDevice()) return '';
  // Files of /proc have no size, and some of them never answer.
  if (stat.isFile() && stat.size === 0) return '';
  // Where that fails, reading waits for the end, as a plain read does.
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
      if (now > waitUntil || isWholeObject(chunks)) break;
      sleep(2);
      continue;
    }
    chunks.push(buffer.subarray(0, length));
    total += length;
    waitUntil = Date.now() + timeoutMs;
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** @returns null where nothing is there yet; zero at the end */
function readSome(buffer: Buffer): number | null {
  try {
    return readSync(0, buffer, 0, buffer.length, null);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'EAGAIN' ? null : 0;
  }
}

function isWholeObject(chunks: Buffer[]): boolean {
  // A glance first: a slow writer's pieces are not put together anew at each of its pauses.
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
 * A blocking read that nobody answers can't be taken back: not even the end of the process ends it. So the
 * pipe or socket is made non-blocking, which libuv does on opening it. The public way to that is
 * node:net, five milliseconds; the binding below it is what it stands on.
 */
function makeNonBlocking(): void {
  try {
    const inner = process as unknown as InnerProcess;
    inner.noDeprecation = true;
    const { Pipe, constants } = inner.binding('pipe_wrap');
    new Pipe(constants.SOCKET).open(0);
  } catch {
    // Another Node: the plain read it is.
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
