import { type BitInput, type CodeTable, DamagedGzip } from './bit-input.ts';

/** The two codes of a block of DEFLATE. */
export interface Codes {
  /** Bytes, the end of the block, and lengths of repeats. */
  lengths: CodeTable;
  /** How far back a repeat begins. */
  distances: CodeTable;
}

const MAX_BITS = 15;
/** The order in which a block lists the lengths of the code that its own codes are written in. */
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

export const FIXED_CODES: Codes = {
  lengths: tableFor(
    Array.from({ length: 288 }, (_, symbol) => {
      if (symbol < 144) return 8;
      if (symbol < 256) return 9;
      return symbol < 280 ? 7 : 8;
    }),
  ),
  distances: tableFor(Array.from({ length: 30 }, () => 5)),
};

/** Reads the codes that stand at the start of a block. */
export function codesFrom(input: BitInput): Codes {
  const lengthCount = input.bits(5) + 257;
  const distanceCount = input.bits(5) + 1;
  const orderCount = input.bits(4) + 4;
  const own = Array.from({ length: ORDER.length }, () => 0);
  for (const symbol of ORDER.slice(0, orderCount)) own[symbol] = input.bits(3);
  const table = tableFor(own);
  const bits: number[] = [];
  while (bits.length < lengthCount + distanceCount) {
    const symbol = input.symbol(table);
    if (symbol < 16) bits.push(symbol);
    else {
      const last = bits.at(-1);
      if (symbol === 16 && last === undefined) throw new DamagedGzip('is damaged');
      const value = symbol === 16 ? (last ?? 0) : 0;
      const times = symbol === 18 ? 11 + input.bits(7) : 3 + input.bits(symbol === 16 ? 2 : 3);
      for (let at = 0; at < times; at++) bits.push(value);
    }
  }
  if (bits.length > lengthCount + distanceCount) throw new DamagedGzip('is damaged');
  return {
    lengths: tableFor(bits.slice(0, lengthCount)),
    distances: tableFor(bits.slice(lengthCount)),
  };
}

/** The canonical Huffman code with these lengths, by symbol; 0: the symbol has no code. */
function tableFor(bitsBySymbol: readonly number[]): CodeTable {
  const counts = Array.from({ length: MAX_BITS + 1 }, () => 0);
  for (const bits of bitsBySymbol) counts[bits] = (counts[bits] ?? 0) + 1;
  counts[0] = 0;
  const firsts = [0];
  for (let bits = 1; bits <= MAX_BITS; bits++) {
    firsts[bits] = ((firsts[bits - 1] ?? 0) + (counts[bits - 1] ?? 0)) << 1;
    if ((firsts[bits] ?? 0) + (counts[bits] ?? 0) > 2 ** bits) throw new DamagedGzip('is damaged');
  }
  const maxBits = bitsBySymbol.reduce((most, bits) => Math.max(most, bits), 0);
  const entries = new Uint16Array(2 ** maxBits);
  for (const [symbol, bits] of bitsBySymbol.entries()) {
    if (bits === 0) continue;
    const code = firsts[bits] ?? 0;
    firsts[bits] = code + 1;
    const entry = symbol * 16 + bits;
    for (let at = reversed(code, bits); at < entries.length; at += 2 ** bits) entries[at] = entry;
  }
  return { maxBits, entries };
}

function reversed(code: number, bits: number): number {
  let result = 0;
  for (let at = 0; at < bits; at++) result |= ((code >> at) & 1) << (bits - 1 - at);
  return result;
}
