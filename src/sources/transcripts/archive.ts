import { closeSync } from 'node:fs';
import type { AgentSource } from '../../agents/source.ts';
import { openRegularOrNull, readDescriptor } from '../../files/read-bounded.ts';
import { ArchiveFault } from './archive-fault.ts';
import { MAX_LINE_BYTES, type TranscriptChunk, completeObject, withoutNuls } from './file.ts';

/** An archive is decompressed in memory, so this bounds the memory that an import needs. */
const MAX_BYTES = 512 * 1024 * 1024;
const GZIP_MAGIC = 0x1f8b;
const NEWLINE = 10;

/** The file is compressed, but not by gzip. */
export const UNKNOWN_ARCHIVE = { code: 'UNKNOWN_ARCHIVE' };

const ENDING = /\.(?:gz|zst|bz2|xz|br|lz4|zip)$/;

/** Whether somebody has compressed one of a source's files; no agent does. Only gzip can be read. */
export function isArchive(source: AgentSource, path: string): boolean {
  return source.kind === 'lines' && ENDING.test(path) && source.includes(path.replace(ENDING, ''));
}

/**
 * Reads a compressed transcript from its start. The positions of its chunks are those in the compressed
 * file, in proportion. Nothing of damaged data is read, because its counts may be wrong; of a file that was
 * cut off, what is there is read.
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
  try {
    const { stat } = file;
    const base = {
      identity: `${stat.dev}:${stat.ino}`,
      sizeBytes: stat.size,
      modifiedAtMs: stat.mtimeMs,
      tailHash: '',
    };
    const content = decompress(stat.size, () => readDescriptor(file, path, MAX_BYTES), onError);
    let fromBytes = 0;
    for (const { toBytes: at, lines, tail } of piecesOf(content, maxBytes)) {
      const hasMore = at < content.length;
      const toBytes = hasMore ? Math.floor((stat.size * at) / content.length) : stat.size;
      const isFirst = fromBytes === 0;
      yield { ...base, lines, tail, fromBytes, toBytes, isRestart: isFirst && isRestart, hasMore };
      fromBytes = toBytes;
    }
  } catch (error) {
    onError(error);
  } finally {
    closeSync(file.fd);
  }
}

/** The readable content, which is empty if there is none. */
function decompress(
  sizeBytes: number,
  read: () => Buffer,
  onError: (error: unknown) => void,
): Buffer {
  const nothing = Buffer.alloc(0);
  if (sizeBytes > MAX_BYTES) {
    onError(new ArchiveFault('too large'));
    return nothing;
  }
  const bytes = read();
  if (bytes.length >= 2 && bytes.readUInt16BE() !== GZIP_MAGIC) {
    onError(new ArchiveFault('not gzip'));
    return nothing;
  }
  // Loaded only here: it takes a millisecond, and few imports meet an archive.
  const { constants, gunzipSync } = process.getBuiltinModule('node:zlib');
  const limits = { maxOutputLength: MAX_BYTES };
  try {
    return gunzipSync(bytes, limits);
  } catch (error) {
    const fault = faultOf(error);
    onError(fault);
    if (fault.kind !== 'cut off') return nothing;
    return gunzipSync(bytes, { ...limits, finishFlush: constants.Z_SYNC_FLUSH });
  }
}

function faultOf(error: unknown): ArchiveFault {
  const { code } = error as { code?: unknown };
  if (code === 'ERR_BUFFER_TOO_LARGE') return new ArchiveFault('too large');
  return new ArchiveFault(code === 'Z_BUF_ERROR' ? 'cut off' : 'damaged');
}

interface Piece {
  /** Where the piece ends in the content. */
  toBytes: number;
  lines: string[];
  /** A complete object after the last newline of the content. */
  tail: string | null;
}

/** Cuts content after lines. A line beyond the limit is considered damaged and dropped. */
function* piecesOf(content: Buffer, maxBytes: number): Generator<Piece, void, void> {
  let at = 0;
  do {
    const last = content.lastIndexOf(NEWLINE, at + maxBytes - 1);
    const end = last >= at ? last : content.indexOf(NEWLINE, at);
    const toBytes = end < 0 ? at : end + 1;
    const rest = content.indexOf(NEWLINE, toBytes) < 0 ? content.subarray(toBytes) : null;
    const text = end < 0 ? '' : textOf(content.subarray(at, end));
    yield {
      toBytes: rest === null ? toBytes : content.length,
      lines: text === '' ? [] : text.split('\n'),
      tail: rest === null ? null : completeObject(textOf(rest)),
    };
    at = rest === null ? toBytes : content.length;
  } while (at < content.length);
}

function textOf(bytes: Buffer): string {
  return bytes.length > MAX_LINE_BYTES ? '' : withoutNuls(bytes.toString('utf8'));
}
