/** Formats numbers for people. Money is in nano-USD, counts are whole numbers; sums may be text. */

/** `$1,234.56`. @param digits after the point; an amount too small for them is `<$0.01` */
export function formatUsd(nanoUsd: number | string, digits = 2): string {
  const nano = BigInt(nanoUsd);
  const magnitude = nano < 0n ? -nano : nano;
  const sign = nano < 0n ? '-' : '';
  const text = decimal(magnitude, 9, digits);
  if (magnitude > 0n && /^[0.]+$/.test(text)) return `<${sign}$0.${'0'.repeat(digits - 1)}1`;
  return `${sign}$${text}`;
}

/** With all digits: `$0.313809`, `$12.50`. */
export function formatExactUsd(nanoUsd: number | string): string {
  const text = formatUsd(nanoUsd, 9);
  return text.replace(/0{1,7}$/, '');
}

/** Digits for a column of amounts: cents, or hundredths of a cent if the total is small. */
export function usdDigits(totalNanoUsd: number | string): number {
  return BigInt(totalNanoUsd) < 10_000_000_000n ? 4 : 2;
}

/** Rounds half up, as people expect. */
function decimal(value: bigint, scale: number, digits: number): string {
  const unit = 10n ** BigInt(scale - digits);
  const rounded = (value + unit / 2n) / unit;
  const text = rounded.toString().padStart(digits + 1, '0');
  return `${formatCount(text.slice(0, -digits))}.${text.slice(-digits)}`;
}

/** `1,234,567`. */
export function formatCount(value: number | string): string {
  const digits = String(value);
  const sign = digits.startsWith('-') ? 1 : 0;
  let text = '';
  for (let end = digits.length; end > sign; end -= 3) {
    const start = Math.max(sign, end - 3);
    text = start > sign ? `,${digits.slice(start, end)}${text}` : digits.slice(start, end) + text;
  }
  return digits.slice(0, sign) + text;
}

/** `245K`, `1.2M`: at most three digits. */
export function formatShort(value: number | string): string {
  const number = Number(value);
  for (const [unit, letter] of [
    [1e9, 'B'],
    [1e6, 'M'],
    [1e3, 'K'],
  ] as const) {
    if (number < unit * 0.9995) continue;
    const scaled = number / unit;
    return `${scaled >= 99.95 ? scaled.toFixed(0) : scaled.toFixed(1).replace(/\.0$/, '')}${letter}`;
  }
  return String(number);
}

/** `1 request`, `1,200 requests`. */
export function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}
