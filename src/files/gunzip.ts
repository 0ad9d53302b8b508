import { crc32 } from 'node:zlib';
import { BitInput, DamagedGzip } from './bit-input.ts';
import { type Codes, FIXED_CODES, codesFrom } from './huffman-codes.ts';

/** How far back DEFLATE repeats what was written. */
const HISTORY_BYTES = 32 * 1024;
const PIECE_BYTES = 64 * 1024;
const MAX_REPEAT_BYTES = 258;
const END_OF_BLOCK = 256;

const LENGTH_BASES = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
  163, 195, 227, 258,
];
const LENGTH_BITS = [
  0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
];
const DISTANCE_BASES = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049,
  3073, 4097, 6145, 8193, 12289, 16385, 24577,
];
const DISTANCE_BITS = [
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
];

/** Flags of a member's header (RFC 1952). */
const HAS_CHECKSUM = 2;
const HAS_EXTRA = 4;
const HAS_NAME = 8;
const HAS_COMMENT = 16;

/**
 * Decompresses gzip data (RFC 1951 and 1952) piece by piece, in constant memory however large the content
 * is. Node's own functions either return everything at once or are asynchronous, which an import is not.
 * @throws DamagedGzip after everything that could be decompressed
 */
export function* gunzip(next: () => Buffer | null): Generator<Buffer, void, void> {
  const input = new BitInput(next);
  do {
    readHeader(input);
    const output = new Output();
    try {
      yield* inflateMember(input, output);
    } catch (error) {
      yield output.take();
      throw error;
    }
  } while (hasNextMember(input));
}

function readHeader(input: BitInput): void {
  if (input.bits(16) !== 0x8b1f) throw new DamagedGzip('is not gzip data');
  if (input.bits(8) !== 8) throw new DamagedGzip('is compressed by an unknown method');
  const flags = input.bits(8);
  input.skip(6);
  if ((flags & HAS_EXTRA) !== 0) input.skip(input.bits(16));
  for (const flag of [HAS_NAME, HAS_COMMENT]) {
    if ((flags & flag) !== 0) while (input.bits(8) !== 0);
  }
  if ((flags & HAS_CHECKSUM) !== 0) input.skip(2);
}

/** Zeros after the last member are padding. */
function hasNextMember(input: BitInput): boolean {
  for (;;) {
    const byte = input.peekByte();
    if (byte !== 0) return byte !== null;
    input.skip(1);
  }
}

function* inflateMember(input: BitInput, output: Output): Generator<Buffer, void, void> {
  for (let isLast = false; !isLast;) {
    isLast = input.bits(1) === 1;
    const kind = input.bits(2);
    if (kind === 0) yield* copyStored(input, output);
    else if (kind === 1) yield* inflateBlock(input, output, FIXED_CODES);
    else if (kind === 2) yield* inflateBlock(input, output, codesFrom(input));
    else throw new DamagedGzip('is damaged');
  }
  input.alignToByte();
  yield output.take();
  const checksum = (input.bits(16) | (input.bits(16) << 16)) >>> 0;
  const length = (input.bits(16) | (input.bits(16) << 16)) >>> 0;
  if (checksum !== output.checksum || length !== output.total % 2 ** 32) {
    throw new DamagedGzip('is damaged');
  }
}

function* copyStored(input: BitInput, output: Output): Generator<Buffer, void, void> {
  input.alignToByte();
  const length = input.bits(16);
  if (input.bits(16) !== (length ^ 0xffff)) throw new DamagedGzip('is damaged');
  for (let at = 0; at < length; at++) {
    if (output.isFull()) yield output.take();
    output.put(input.bits(8));
  }
}

function* inflateBlock(
  input: BitInput,
  output: Output,
  { lengths, distances }: Codes,
): Generator<Buffer, void, void> {
  for (;;) {
    if (output.isFull()) yield output.take();
    const symbol = input.symbol(lengths);
    if (symbol < END_OF_BLOCK) output.put(symbol);
    else if (symbol === END_OF_BLOCK) return;
    else {
      const at = symbol - END_OF_BLOCK - 1;
      const length = LENGTH_BASES[at];
      if (length === undefined) throw new DamagedGzip('is damaged');
      const total = length + input.bits(LENGTH_BITS[at] ?? 0);
      const code = input.symbol(distances);
      const distance = DISTANCE_BASES[code];
      if (distance === undefined) throw new DamagedGzip('is damaged');
      output.repeat(distance + input.bits(DISTANCE_BITS[code] ?? 0), total);
    }
  }
}

/** What was decompressed and not taken yet, after the history that it may repeat. */
class Output {
  readonly #bytes = Buffer.alloc(HISTORY_BYTES + PIECE_BYTES + MAX_REPEAT_BYTES);
  #at = 0;
  #taken = 0;
  /** Of what was taken. */
  total = 0;
  checksum = 0;

  isFull(): boolean {
    return this.#at >= HISTORY_BYTES + PIECE_BYTES;
  }

  put(byte: number): void {
    this.#bytes[this.#at++] = byte;
  }

  repeat(distance: number, length: number): void {
    if (distance > this.#at) throw new DamagedGzip('is damaged');
    const bytes = this.#bytes;
    // Byte by byte: the source may overlap what is written.
    for (const end = this.#at + length; this.#at < end; this.#at++) {
      bytes[this.#at] = bytes[this.#at - distance] as number;
    }
  }

  take(): Buffer {
    const piece = Buffer.from(this.#bytes.subarray(this.#taken, this.#at));
    this.total += piece.length;
    this.checksum = crc32(piece, this.checksum);
    if (this.isFull()) {
      this.#bytes.copyWithin(0, this.#at - HISTORY_BYTES, this.#at);
      this.#at = HISTORY_BYTES;
    }
    this.#taken = this.#at;
    return piece;
  }
}
