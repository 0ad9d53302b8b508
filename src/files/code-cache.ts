import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';

/** At the end of the file, followed by the length and the checksum of the data before it. */
const MARK = 'tallyhook';
const TRAILER_BYTES = MARK.length + 8;
const MAX_CACHE_BYTES = 64 * 1024 * 1024;

/** `damaged`: the file exists but was not used; a new one will replace it. */
export type CodeCache = { kind: 'none' } | { kind: 'damaged' } | { kind: 'valid'; data: Buffer };

/**
 * Reads a V8 code cache. V8 runs a damaged cache and crashes, so data with a wrong checksum is never
 * returned; nor is a file that another user owns or can write, who could put their own code there. Never
 * throws. HOT PATH.
 */
export function readCodeCache(path: string): CodeCache {
  let fd: number;
  try {
    fd = openSync(
      path,
      constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0),
    );
  } catch (error) {
    return { kind: (error as { code?: unknown }).code === 'ENOENT' ? 'none' : 'damaged' };
  }
  try {
    const stat = fstatSync(fd);
    const isOwn = process.getuid === undefined || stat.uid === process.getuid() || stat.uid === 0;
    const isPrivate = process.platform === 'win32' || (stat.mode & 0o022) === 0;
    if (!stat.isFile() || !isOwn || !isPrivate || stat.size > MAX_CACHE_BYTES) {
      return { kind: 'damaged' };
    }
    const bytes = Buffer.allocUnsafeSlow(stat.size);
    const read = readSync(fd, bytes, 0, stat.size, 0);
    const data = verifiedData(bytes.subarray(0, read));
    return data === null ? { kind: 'damaged' } : { kind: 'valid', data };
  } catch {
    return { kind: 'damaged' };
  } finally {
    closeSync(fd);
  }
}

/**
 * CRC-32 detects every single changed bit and every burst of up to 32. Node's internal binding takes 0.1
 * ms; loading `node:zlib` for it costs 1.3 ms, `node:crypto` 1.2 ms, and a loop in JavaScript 1.8 ms at
 * each start.
 */
function checksum(bytes: Buffer): number {
  const { noDeprecation } = process as InnerProcess;
  try {
    (process as InnerProcess).noDeprecation = true;
    const { crc32 } = (process as InnerProcess).binding('zlib');
    if (typeof crc32 === 'function') return crc32(bytes, 0);
  } catch {
    // Another version of Node: the public API, about a millisecond slower.
  } finally {
    (process as InnerProcess).noDeprecation = noDeprecation;
  }
  return process.getBuiltinModule('node:zlib').crc32(bytes);
}

type InnerProcess = typeof process & {
  noDeprecation: boolean | undefined;
  binding(name: string): { crc32?: (bytes: Buffer, start: number) => number };
};

function verifiedData(bytes: Buffer): Buffer | null {
  const end = bytes.length - TRAILER_BYTES;
  if (end < 0 || bytes.toString('latin1', end, end + MARK.length) !== MARK) return null;
  if (bytes.readUInt32LE(bytes.length - 8) !== end) return null;
  const data = bytes.subarray(0, end);
  return checksum(data) === bytes.readUInt32LE(bytes.length - 4) ? data : null;
}

/**
 * Writes a cache completely or not at all: a temporary file is renamed over it. Silent if the folder
 * can't be written; there is no cache then.
 * @param makeData called only if the folder can be written
 */
export function writeCodeCache(path: string, makeData: () => Buffer): void {
  const temporary = `${path}.${process.pid}-${Math.random().toString(36).slice(2)}.tmp`;
  let fd: number;
  try {
    fd = openSync(temporary, 'wx', 0o600);
  } catch {
    return;
  }
  try {
    try {
      const data = makeData();
      const trailer = Buffer.alloc(TRAILER_BYTES);
      trailer.write(MARK, 'latin1');
      trailer.writeUInt32LE(data.length, MARK.length);
      trailer.writeUInt32LE(checksum(data), MARK.length + 4);
      const bytes = Buffer.concat([data, trailer]);
      for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
      // Independent of the umask: others may read it, never write it.
      fchmodSync(fd, 0o644);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(temporary, path);
  } catch {
    rmSync(temporary, { force: true });
  }
}
