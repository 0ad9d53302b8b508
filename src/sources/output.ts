import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';

/** Where a long text goes, a piece at a time. */
export interface Output {
  /** Resolves when the next piece may come. */
  write(text: string): Promise<void>;
  /** The text is complete. */
  end(): void;
  /** It never will be: a file is what it was before. */
  abort(): void;
}

/** A pipe takes what its reader takes: the rest waits here, not in memory. */
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
 * A file that is there as a whole or not at all, readable by its owner alone: written beside its
 * place and renamed. A device or a pipe is written to as it is.
 * @throws the file system's own error
 */
export function fileOutput(path: string): Output {
  const isSpecial = statSync(path, { throwIfNoEntry: false })?.isFile() === false;
  const temporary = isSpecial ? path : `${path}.${process.pid}.tmp`;
  const file = openSync(temporary, 'w', 0o600);
  const abort = (): void => {
    closeSync(file);
    stopListening();
    if (!isSpecial) rmSync(temporary, { force: true });
  };
  const stopListening = onInterruption(abort);
  return {
    write: async (text) => {
      const bytes = Buffer.from(text);
      for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written);
      // A signal is heard only between two turns of the event loop.
      await setImmediate();
    },
    end: () => {
      if (!isSpecial) fsyncSync(file);
      closeSync(file);
      stopListening();
      if (!isSpecial) renameSync(temporary, path);
    },
    abort,
  };
}

/** Cleans up on Ctrl-C, then lets the signal do what it does. */
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
