import { randomBytes } from 'node:crypto';
import { constants, gunzipSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { DamagedGzip } from '../../src/files/bit-input.ts';
import { gunzip } from '../../src/files/gunzip.ts';
import { fc } from '../helpers/fast-check.ts';

/** Decompresses data that arrives in pieces of a size. */
function unzip(data: Buffer, pieceBytes = 1000): Buffer {
  return Buffer.concat([...gunzip(pieces(data, pieceBytes))]);
}

function unzipOrFault(data: Buffer): unknown {
  try {
    return unzip(data);
  } catch (error) {
    return error;
  }
}

function pieces(data: Buffer, bytes: number): () => Buffer | null {
  let at = 0;
  return () => {
    if (at >= data.length) return null;
    at += bytes;
    return data.subarray(at - bytes, at);
  };
}

const content = fc.oneof(
  fc.uint8Array({ maxLength: 3000 }).map((bytes) => Buffer.from(bytes)),
  fc.string({ unit: 'binary', maxLength: 3000 }).map((text) => Buffer.from(text)),
  // Long and repetitive, beyond the history.
  fc
    .tuple(fc.string({ minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 9000 }))
    .map(([text, times]) => Buffer.from(text.repeat(times))),
);
const options = fc.record({
  level: fc.integer({ min: 0, max: 9 }),
  strategy: fc.constantFrom(
    constants.Z_DEFAULT_STRATEGY,
    constants.Z_FIXED,
    constants.Z_HUFFMAN_ONLY,
    constants.Z_RLE,
    constants.Z_FILTERED,
  ),
});

test('whatever gzip compresses is decompressed, at every level and in pieces of any size', () => {
  fc.assert(
    fc.property(content, options, fc.integer({ min: 1, max: 5000 }), (data, how, size) => {
      expect(unzip(gzipSync(data, how), size).equals(data)).toBe(true);
    }),
  );
});

test('several members follow one another, with padding after the last', () => {
  fc.assert(
    fc.property(fc.array(content, { minLength: 1, maxLength: 4 }), (members) => {
      const zipped = [...members.map((data) => gzipSync(data)), Buffer.alloc(7)];
      expect(unzip(Buffer.concat(zipped)).equals(Buffer.concat(members))).toBe(true);
    }),
  );
});

test('data that is cut off anywhere is an error, after what could be decompressed', () => {
  fc.assert(
    fc.property(
      content,
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (data, part) => {
        const zipped = gzipSync(data);
        const got: Buffer[] = [];
        const read = (): void => {
          for (const piece of gunzip(pieces(zipped.subarray(0, zipped.length * part), 100)))
            got.push(piece);
        };
        expect(read).toThrow(DamagedGzip);
        const start = Buffer.concat(got);
        expect(data.subarray(0, start.length).equals(start)).toBe(true);
      },
    ),
  );
});

test('a changed byte never gives other content without an error', () => {
  fc.assert(
    fc.property(content, fc.nat(), fc.integer({ min: 1, max: 255 }), (data, at, change) => {
      const zipped = gzipSync(data);
      const place = at % zipped.length;
      zipped[place] = (zipped[place] as number) ^ change;
      // Bytes of the header, such as the time, have no checksum.
      expect(unzipOrFault(zipped)).toSatisfy(
        (result) => result instanceof DamagedGzip || data.equals(result as Buffer),
      );
    }),
  );
});

test('large content is decompressed in pieces of bounded size', () => {
  const data = Buffer.concat([Buffer.alloc(30_000_000, 'abc'), randomBytes(1_000_000)]);
  const zipped = gzipSync(data);
  let at = 0;
  for (const piece of gunzip(pieces(zipped, 65_536))) {
    expect(piece.length).toBeLessThan(100_000);
    expect(piece.equals(data.subarray(at, at + piece.length))).toBe(true);
    at += piece.length;
  }
  expect(at).toBe(gunzipSync(zipped).length);
});

test('an extra field, a name, a comment and a header checksum are skipped', () => {
  const zipped = gzipSync(Buffer.from('content'));
  const header = Buffer.from(zipped.subarray(0, 10));
  header[3] = 2 + 4 + 8 + 16;
  const fields = Buffer.from('\x03\x00abcname\0comment\0\x12\x34', 'latin1');
  expect(unzip(Buffer.concat([header, fields, zipped.subarray(10)])).toString()).toBe('content');
});
