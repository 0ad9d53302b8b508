import { asCount } from '../lang/json.ts';

/** Fifteen digits are always a safe integer. */
const DIGITS = /^\d{1,15}(?:\.0+)?$/;

/**
 * A number of tokens as providers and gateways write it: a whole number, or one as text (`"1000"`,
 * `"1000.0"`). Null for anything else.
 */
export function asTokenCount(value: unknown): number | null {
  if (typeof value !== 'string') return asCount(value);
  return DIGITS.test(value) ? Number(value) : null;
}

/** Whether a count is given that can't be read: negative, fractional, too large, or not a number at all. */
export function isMalformedCount(value: unknown): boolean {
  return value !== undefined && value !== null && asTokenCount(value) === null;
}
