import {
  closeSync,
  constants,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { openTemporary } from './temporary-file.ts';

/** A destination for long text that is written in pieces. */
export interface Output {
  /** Resolves when the next piece may be written. */
  write(text: string): Promise<void>;
  /** The text is complete. */
  end(): void;
  /** The text is incomplete: an existing file is left unchanged. */
  abort(): void;
}

/** Waits for a slow reader of a pipe, so that pieces do not pile up in memory. */
export function streamOutput(stream: NodeJS.WriteStream): Output {
  return {
    write: async (text) => {
      if (!stream.write(text)) await new Promise((resolve) => stream.once('drain', resolve));
    },
    end: () => undefined,
    abort: () => undefined,
  };
}

/**
 * A file that appears complete or not at all, readable only by its owner: it is written next to its
 * destination and renamed. A device or a pipe is written to directly.
 * @throws the file system's own error
 */
export function fileOutput(path: string): Output {
  const isSpecial = statSync(path, { throwIfNoEntry: false })?.isFile() === false;
  const { path: temporary, fd } = isSpecial
    ? { path: null, fd: openSync(path, constants.O_WRONLY) }
    : openTemporary(path);
  const abort = (): void => {
    closeSync(fd);
    stopListening();
    if (temporary !== null) rmSync(temporary, { force: true });
  };
  const stopListening = onInterruption(abort);
  return {
    write: async (text) => {
      const bytes = Buffer.from(text);
      for (let written = 0; written < bytes.length;) written += writeSync(fd, bytes, written);
      // Signals are handled only between two turns of the event loop.
      await setImmediate();
    },
    end: () => {
      stopListening();
      try {
        finish(fd, temporary !== null);
        if (temporary !== null) renameSync(temporary, path);
      } catch (error) {
        if (temporary !== null) rmSync(temporary, { force: true });
        throw error;
      }
    },
    abort,
  };
}

function finish(fd: number, isFile: boolean): void {
  try {
    if (isFile) fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Cleans up on Ctrl-C, then lets the signal take effect. */
function onInterruption(clean: () => void): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const stop = (signal: NodeJS.Signals): void => {
    clean();
    process.kill(process.pid, signal);
  };
  for (const signal of signals) process.once(signal, stop);
  return () => {
    for (const signal of signals) process.off(signal, stop);
  };
}
