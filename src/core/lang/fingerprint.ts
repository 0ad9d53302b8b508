/**
 * A 64-bit fingerprint of bytes as hexadecimal text: it detects changed files, but is not a protection
 * against tampering. Loading `node:crypto` at the hook's start-up would cost more than this.
 */
export function fingerprint(bytes: Uint8Array): string {
  const words = Math.floor(bytes.length / 4);
  // Copied, because a view of 32-bit words must start at a multiple of four.
  const aligned = new Uint8Array(words * 4);
  aligned.set(bytes.subarray(0, words * 4));
  const view = new Int32Array(aligned.buffer);
  let a = 0x811c9dc5;
  let b = 0x9e3779b9;
  for (const word of view) {
    a = Math.imul(a ^ word, 0x01000193) ^ (a >>> 15);
    b = Math.imul(b ^ word, 0x85ebca6b) ^ (b >>> 13);
  }
  for (const byte of bytes.subarray(words * 4)) a = Math.imul(a ^ byte, 0x01000193);
  return hex(a ^ (b >>> 16)) + hex(b ^ bytes.length);
}

function hex(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}
