import { gunzipSync } from 'node:zlib';

const BLOCK = 512;
/** Far more than any package with prices; stops decompression bombs. */
const MAX_BYTES = 256 * 1024 * 1024;

/**
 * The text of the wanted files in an npm tarball, by their paths below its top folder. Works in memory:
 * nothing is written or run.
 * @throws if the archive is truncated, too large, or gives an invalid file size
 */
export function readTarball(
  bytes: Uint8Array,
  isWanted: (path: string) => boolean,
): Map<string, string> {
  const tar = unpack(bytes);
  const files = new Map<string, string>();
  for (let at = 0; at + BLOCK <= tar.length;) {
    const header = tar.subarray(at, at + BLOCK);
    if (header.every((byte) => byte === 0)) break;
    const size = sizeIn(header);
    const end = at + BLOCK + size;
    if (end > tar.length) throw new Error('the archive ends inside a file');
    const prefix = textAt(header, 345, 155);
    const path = `${prefix === '' ? '' : `${prefix}/`}${textAt(header, 0, 100)}`;
    const name = path.slice(path.indexOf('/') + 1);
    const isFile = /^[0\0]?$/.test(textAt(header, 156, 1));
    if (isFile && isWanted(name)) files.set(name, tar.toString('utf8', at + BLOCK, end));
    at = end + ((BLOCK - (size % BLOCK)) % BLOCK);
  }
  return files;
}

function unpack(bytes: Uint8Array): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_BYTES });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') throw error;
    throw new Error('the archive unpacks to more than 256 MB', { cause: error });
  }
}

/** Octal digits. A sign, or the binary form for files of gigabytes, does not occur in packages. */
function sizeIn(header: Buffer): number {
  const text = textAt(header, 124, 12);
  if (!/^[0-7]*$/.test(text)) throw new Error('the archive gives an invalid file size');
  return text === '' ? 0 : Number.parseInt(text, 8);
}

function textAt(header: Buffer, from: number, length: number): string {
  const text = header.toString('utf8', from, from + length);
  const end = text.indexOf('\0');
  return (end < 0 ? text : text.slice(0, end)).trim();
}
