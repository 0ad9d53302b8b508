/**
 * A 64-bit fingerprint of bytes as hexadecimal text: tells a changed file from an unchanged one,
 * protects from nothing. In the hook's start-up path loading `node:crypto` costs more than this.
 */
export function fingerprint(bytes: Uint8Array): string {
  let a = 0x811c9dc5;
  let b = 0x9e3779b9;
  for (const byte of bytes) {
    a = Math.imul(a ^ byte, 0x01000193);
    b = Math.imul(b ^ byte, 0x85ebca6b) ^ (b >>> 13);
  }
  return hex(a) + hex(b ^ bytes.length);
}

function hex(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}
