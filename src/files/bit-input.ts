/** Compressed data that makes no sense. */
export class DamagedGzip extends Error {
  override readonly name: string = 'DamagedGzip';
}

/** Compressed data that ends too early: what was decompressed before is right. */
export class TruncatedGzip extends DamagedGzip {
  override readonly name = 'TruncatedGzip';

  constructor() {
    super('is cut off');
  }
}

/** A Huffman code as a table: for every `maxBits` bits of input, the symbol that they begin with. */
export interface CodeTable {
  maxBits: number;
  /** `symbol * 16 + bits`; 0 where no code begins like this. */
  entries: Uint16Array;
}

/** Reads bits, lowest first, from pieces of bytes. */
export class BitInput {
  readonly #next: () => Buffer | null;
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;
  #held = 0;
  #heldCount = 0;

  constructor(next: () => Buffer | null) {
    this.#next = next;
  }

  /** @param count at most 16 */
  bits(count: number): number {
    this.#hold(count);
    if (this.#heldCount < count) throw new TruncatedGzip();
    const value = this.#held & ((1 << count) - 1);
    this.#drop(count);
    return value;
  }

  symbol({ maxBits, entries }: CodeTable): number {
    this.#hold(maxBits);
    const entry = entries[this.#held & ((1 << maxBits) - 1)] ?? 0;
    const bits = entry & 15;
    if (bits > this.#heldCount) throw new TruncatedGzip();
    if (bits === 0) {
      throw this.#heldCount < maxBits ? new TruncatedGzip() : new DamagedGzip('is damaged');
    }
    this.#drop(bits);
    return entry >>> 4;
  }

  alignToByte(): void {
    this.#drop(this.#heldCount % 8);
  }

  skip(bytes: number): void {
    for (let left = bytes; left > 0; left--) this.bits(8);
  }

  /** The next byte, which stays; null at the end. Call only between bytes. */
  peekByte(): number | null {
    this.#hold(8);
    return this.#heldCount < 8 ? null : this.#held & 255;
  }

  /** Holds so many bits, or all that are left. */
  #hold(count: number): void {
    while (this.#heldCount < count) {
      if (this.#at === this.#bytes.length) {
        const piece = this.#next();
        if (piece === null) return;
        this.#bytes = piece;
        this.#at = 0;
        continue;
      }
      this.#held |= (this.#bytes[this.#at++] as number) << this.#heldCount;
      this.#heldCount += 8;
    }
  }

  #drop(count: number): void {
    this.#held >>>= count;
    this.#heldCount -= count;
  }
}
