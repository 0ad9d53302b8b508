import { divideHalfEvenBig } from './money.ts';

/** Decimal places of USD that sums keep before they are rounded. */
const PLACES = 40;
const PER_NANO = 10n ** BigInt(PLACES - 9);

/**
 * The decimal that a JSON number shows, rather than the double next to it, in units of 10^-40 USD. Null if
 * it is negative or not an amount.
 */
export function exactUsd(value: unknown): bigint | null {
  if (typeof value !== 'number' && typeof value !== 'string') return null;
  const match = /^(\d{1,25})(?:\.(\d{1,25}))?(?:e([+-]?\d{1,2}))?$/i.exec(String(value));
  if (match === null) return null;
  const [, whole = '', fraction = '', exponent = '0'] = match;
  const shift = PLACES - fraction.length + Number(exponent);
  return shift < 0 ? 0n : BigInt(whole + fraction) * 10n ** BigInt(shift);
}

/** Rounded to integer nano-USD, ties to even; null beyond the largest safe integer. */
export function roundToNanoUsd(exact: bigint): number | null {
  const nanoUsd = Number(divideHalfEvenBig(exact, PER_NANO));
  return Number.isSafeInteger(nanoUsd) ? nanoUsd : null;
}
