import { fstatSync, read } from 'node:fs';

/** More than any event; what comes behind it is not read. */
const MAX_BYTES = 256 * 1024 * 1024;

/**
 * Reads standard input to its end, or for as long as `timeoutMs` when nothing comes: an agent
 * that forgets to close the pipe must not be kept waiting.
 */
export function readStdin(timeoutMs: number, done: (text: string) => void): void {
  // A terminal types no events. Asking node:tty would load its streams: five milliseconds.
  if (fstatSync(0).isCharacterDevice()) {
    done('');
    return;
  }
  const chunks: Buffer[] = [];
  let total = 0;
  let isDone = false;
  const finish = (): void => {
    if (isDone) return;
    isDone = true;
    clearTimeout(timer);
    done(Buffer.concat(chunks).toString('utf8'));
  };
  let timer = setTimeout(finish, timeoutMs);
  const next = (): void => {
    const buffer = Buffer.allocUnsafe(1024 * 1024);
    read(0, buffer, 0, buffer.length, null, (error, length) => {
      if (isDone) return;
      if (error?.code === 'EAGAIN') {
        setTimeout(next, 5);
        return;
      }
      if (error !== null || length === 0 || total > MAX_BYTES) {
        finish();
        return;
      }
      chunks.push(buffer.subarray(0, length));
      total += length;
      clearTimeout(timer);
      timer = setTimeout(finish, timeoutMs);
      next();
    });
  };
  next();
}
