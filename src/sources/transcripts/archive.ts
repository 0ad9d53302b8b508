import { closeSync, readSync } from 'node:fs';
import type { AgentSource } from '../../agents/source.ts';
import { DamagedGzip, TruncatedGzip } from '../../files/bit-input.ts';
import { gunzip } from '../../files/gunzip.ts';
import { openRegularOrNull } from '../../files/read-bounded.ts';
import { MAX_LINE_BYTES, type TranscriptChunk, completeObject, withoutNuls } from './file.ts';

const INPUT_BYTES = 64 * 1024;
const NEWLINE = 10;

/** The file is compressed, but not by gzip. */
export const UNKNOWN_ARCHIVE = { code: 'UNKNOWN_ARCHIVE' };

const ENDING = /\.(?:gz|zst|bz2|xz|br|lz4|zip)$/;

/** Whether somebody has compressed one of a source's files; no agent does. Only gzip can be read. */
export function isArchive(source: AgentSource, path: string): boolean {
  return source.kind === 'lines' && ENDING.test(path) && source.includes(path.replace(ENDING, ''));
}

/**
 * Reads a compressed transcript from its start, in constant memory. The positions of its chunks are those
 * in the compressed file. Nothing of damaged data is read, because its counts may be wrong; of a file that
 * was cut off, what is there is read.
 * @param onError takes the reason if not everything can be read
 */
export function* archiveChunks(
  path: string,
  maxBytes: number,
  isRestart: boolean,
  onError: (error: unknown) => void,
): Generator<TranscriptChunk, void, void> {
  if (!path.endsWith('.gz')) {
    onError(UNKNOWN_ARCHIVE);
    return;
  }
  const file = openRegularOrNull(path, onError);
  if (file === null) return;
  const { fd, stat } = file;
  try {
    const fault = findFault(fd, stat.size);
    if (fault !== null) onError(fault);
    const isReadable = fault === null || fault instanceof TruncatedGzip;
    const input = new ArchiveInput(fd, stat.size);
    const base = {
      identity: `${stat.dev}:${stat.ino}`,
      sizeBytes: stat.size,
      modifiedAtMs: stat.mtimeMs,
      tailHash: '',
    };
    let fromBytes = 0;
    const rest = new LineBuffer();
    for (const piece of isReadable ? ignoringCut(gunzip(input.next)) : []) {
      rest.add(piece);
      if (rest.completeBytes < maxBytes || input.at >= stat.size) continue;
      const toBytes = input.at;
      const lines = rest.takeLines();
      const isFirst = fromBytes === 0;
      yield {
        ...base,
        lines,
        tail: null,
        fromBytes,
        toBytes,
        isRestart: isFirst && isRestart,
        hasMore: true,
      };
      fromBytes = toBytes;
    }
    yield {
      ...base,
      lines: rest.takeLines(),
      tail: completeObject(rest.text()),
      fromBytes,
      toBytes: stat.size,
      isRestart: fromBytes === 0 && isRestart,
      hasMore: false,
    };
  } catch (error) {
    onError(error);
  } finally {
    closeSync(fd);
  }
}

/** Decompresses everything once: only the end of the data has its checksum. */
function findFault(fd: number, size: number): DamagedGzip | null {
  const pieces = gunzip(new ArchiveInput(fd, size).next);
  try {
    while (pieces.next().done !== true);
    return null;
  } catch (error) {
    if (error instanceof DamagedGzip) return error;
    throw error;
  }
}

function* ignoringCut(pieces: Generator<Buffer, void, void>): Generator<Buffer, void, void> {
  try {
    yield* pieces;
  } catch (error) {
    if (!(error instanceof TruncatedGzip)) throw error;
  }
}

class ArchiveInput {
  readonly #fd: number;
  readonly #size: number;
  at = 0;

  constructor(fd: number, size: number) {
    this.#fd = fd;
    this.#size = size;
  }

  readonly next = (): Buffer | null => {
    const buffer = Buffer.allocUnsafe(Math.min(INPUT_BYTES, this.#size - this.at));
    const read = readSync(this.#fd, buffer, 0, buffer.length, this.at);
    this.at += read;
    return read === 0 ? null : buffer.subarray(0, read);
  };
}

/** Cuts bytes into lines. A line beyond the limit is considered damaged and dropped. */
class LineBuffer {
  #complete: Buffer[] = [];
  #rest: Buffer[] = [];
  #restBytes = 0;
  #isDropping = false;
  /** Of lines that were not taken yet. */
  completeBytes = 0;

  add(piece: Buffer): void {
    const end = piece.lastIndexOf(NEWLINE) + 1;
    if (end > 0) {
      const start = this.#isDropping ? piece.indexOf(NEWLINE) + 1 : 0;
      this.#isDropping = false;
      this.#complete.push(...this.#rest, piece.subarray(start, end));
      this.completeBytes += this.#restBytes + end - start;
      this.#rest = [];
      this.#restBytes = 0;
    }
    if (this.#isDropping) return;
    this.#rest.push(piece.subarray(end));
    this.#restBytes += piece.length - end;
    if (this.#restBytes <= MAX_LINE_BYTES) return;
    this.#isDropping = true;
    this.#rest = [];
    this.#restBytes = 0;
  }

  takeLines(): string[] {
    const text = withoutNuls(Buffer.concat(this.#complete).toString('utf8'));
    this.#complete = [];
    this.completeBytes = 0;
    return text === '' ? [] : text.slice(0, -1).split('\n');
  }

  /** What follows the last newline. */
  text(): string {
    return withoutNuls(Buffer.concat(this.#rest).toString('utf8'));
  }
}
