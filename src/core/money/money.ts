/**
 * Exact money. A price is an integer of femto-USD per token (1e-15 USD), so that one USD per
 * million tokens is 1e9 of them, and nine decimals of a published price are kept. Price times count
 * is then an integer, and a cost is rounded once, at the end, to integer nano-USD.
 *
 * The arithmetic stays in doubles while every intermediate is a safe integer: a product or sum
 * whose rounded double is below 2^53 is exact, because rounding is monotone and 2^53 itself is
 * representable. Larger values continue as a BigInt.
 */

/** An exact non-negative integer: a double while it is safe, a BigInt beyond. */
export type Exact = number | bigint;

/** A fraction of positive integers. */
export interface Rational {
  num: number;
  den: number;
}

/** Decimal places of a price in USD per million tokens; the last one is a femto-USD per token. */
const PRICE_PLACES = 9;
const FEMTO_PER_NANO = 1_000_000;

/**
 * A decimal as a safe integer of 10^-`places`; null if it is malformed, negative, too large, or finer than
 * that unit. Accepts exponents, because price lists in JSON contain numbers like 7.5e-8.
 */
export function parseDecimal(value: string | number, places: number): number | null {
  const text = String(value);
  if (text.length > 40) return null;
  const match = /^(\d*)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/.exec(text);
  if (match === null) return null;
  const [, whole = '', fraction = '', exponent = '0'] = match;
  if (whole === '' && fraction === '') return null;
  const digits = Number(whole + fraction);
  if (digits === 0) return 0;
  const shift = places - fraction.length + Number(exponent);
  // Powers of ten up to 10^22 are exact, so multiplying or dividing by one is exact if the result is a safe
  // integer.
  if (!Number.isSafeInteger(digits) || Math.abs(shift) > 22) return null;
  const scaled = shift >= 0 ? digits * Number(`1e${shift}`) : digits / Number(`1e${-shift}`);
  return Number.isSafeInteger(scaled) ? scaled : null;
}

/** USD per million tokens ("0.125") as femto-USD per token; null in the cases of `parseDecimal`. */
export function parsePrice(value: string | number): number | null {
  return parseDecimal(value, PRICE_PLACES);
}

/** price x count, exact. Anything that is not a count (negative, a fraction, NaN) counts as zero. */
export function times(price: number, count: number): Exact {
  if (!isCount(price) || !isCount(count)) return 0;
  const product = price * count;
  return Number.isSafeInteger(product) ? product : BigInt(price) * BigInt(count);
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0;
}

export function plus(a: Exact, b: Exact): Exact {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return BigInt(a) + BigInt(b);
}

/**
 * numerator / divisor, rounded to the nearest integer, ties to the even one. Both are safe
 * integers and the divisor is positive; anything else gives 0.
 */
export function divideHalfEven(numerator: number, divisor: number): number {
  if (!Number.isSafeInteger(numerator) || !Number.isSafeInteger(divisor) || divisor <= 0) return 0;
  const rest = numerator % divisor;
  const quotient = (numerator - rest) / divisor;
  const twice = 2 * Math.abs(rest);
  const away = twice > divisor || (twice === divisor && quotient % 2 !== 0);
  return away ? quotient + Math.sign(numerator) : quotient;
}

/** Like `divideHalfEven`, for BigInts; a divisor that is not positive gives 0n. */
export function divideHalfEvenBig(numerator: bigint, divisor: bigint): bigint {
  if (divisor <= 0n) return 0n;
  const rest = numerator % divisor;
  const quotient = numerator / divisor;
  const twice = rest < 0n ? -2n * rest : 2n * rest;
  const away = twice > divisor || (twice === divisor && quotient % 2n !== 0n);
  if (!away) return quotient;
  return numerator < 0n ? quotient - 1n : quotient + 1n;
}

/**
 * A non-negative amount of femto-USD times a factor, as integer nano-USD: the one rounding of a
 * record. Never beyond the largest safe integer (nine million dollars).
 */
export function toNanoUsd(femtoUsd: Exact, factor: Rational): number {
  const scaled = typeof femtoUsd === 'number' ? femtoUsd * factor.num : Number.NaN;
  const divisor = FEMTO_PER_NANO * factor.den;
  if (Number.isSafeInteger(scaled)) return divideHalfEven(scaled, divisor);
  const exact = divideHalfEvenBig(BigInt(femtoUsd) * BigInt(factor.num), BigInt(divisor));
  return Math.min(Number(exact), Number.MAX_SAFE_INTEGER);
}
