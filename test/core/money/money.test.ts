import { describe, expect, test } from 'vitest';
import {
  divideHalfEven,
  divideHalfEvenBig,
  parseDecimal,
  parsePrice,
  plus,
  times,
  toNanoUsd,
} from '../../../src/core/money/money.ts';
import { fc } from '../../helpers/fast-check.ts';

describe('parseDecimal', () => {
  test.each([
    ['0', 2, 0],
    ['0.00', 2, 0],
    ['3', 2, 300],
    ['3.1', 2, 310],
    ['.25', 2, 25],
    ['0.250', 2, 25],
    ['7.5e-8', 9, 75],
    ['1E3', 2, 100_000],
    [3e-6, 15, 3_000_000_000],
    ['90071992547409.91', 2, Number.MAX_SAFE_INTEGER],
  ])('%s with %i places is %i', (text, places, expected) => {
    expect(parseDecimal(text, places)).toBe(expected);
  });

  test.each([
    '',
    '.',
    '5.',
    '-1',
    '+1',
    '1,5',
    '0x10',
    ' 1',
    'NaN',
    'Infinity',
    '1e9999',
    '1e99',
    '1e-99',
    '0.001',
    '90071992547409.92',
    '9'.repeat(50),
    Number.NaN,
    Number.POSITIVE_INFINITY,
    -1,
  ])('%s is not a decimal with 2 places', (text) => {
    expect(parseDecimal(text, 2)).toBeNull();
  });

  test('reads back what it can hold', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (units) => {
        const digits = String(units).padStart(10, '0');
        expect(parseDecimal(`${digits.slice(0, -9)}.${digits.slice(-9)}`, 9)).toBe(units);
      }),
    );
  });

  test('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.double()), fc.nat(20), (text, places) => {
        const value = parseDecimal(text, places);
        expect(value === null || Number.isSafeInteger(value)).toBe(true);
      }),
    );
  });
});

test('a price of one USD per million tokens is 1e9 femto-USD per token', () => {
  expect(parsePrice('1')).toBe(1_000_000_000);
  expect(parsePrice('0.000000001')).toBe(1);
  expect(parsePrice('0.0000000001')).toBeNull();
});

describe('half-even division', () => {
  test.each([
    [0, 10, 0],
    [4, 10, 0],
    [5, 10, 0],
    [6, 10, 1],
    [15, 10, 2],
    [25, 10, 2],
    [35, 10, 4],
    [-5, 10, 0],
    [-15, 10, -2],
    [-25, 10, -2],
    [-26, 10, -3],
    [7, 3, 2],
    [Number.MAX_SAFE_INTEGER, 2, 4_503_599_627_370_496],
    [1, 0, 0],
    [1, -2, 0],
    [1.5, 1, 0],
    [Number.NaN, 1, 0],
  ])('%d / %d', (numerator, divisor, expected) => {
    expect(divideHalfEven(numerator, divisor)).toBe(expected);
  });

  test('doubles and BigInts agree', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.integer({ min: 1, max: 1_000_000_000 }), (n, d) => {
        expect(BigInt(divideHalfEven(n, d))).toBe(divideHalfEvenBig(BigInt(n), BigInt(d)));
      }),
    );
  });

  test('a divisor that is not positive gives nothing', () => {
    expect(divideHalfEvenBig(7n, 0n)).toBe(0n);
  });
});

describe('exact integers', () => {
  test('stay doubles while they are safe', () => {
    expect(times(3_000_000_000, 1_000_000)).toBe(3_000_000_000_000_000);
    expect(times(3_000_000_000, 4_000_000)).toBe(12_000_000_000_000_000n);
    expect(plus(Number.MAX_SAFE_INTEGER, 1)).toBe(9_007_199_254_740_992n);
  });

  test('what is no count is none', () => {
    expect(times(4, 0.5)).toBe(0);
    expect(times(3, -1)).toBe(0);
    expect(times(3, Number.NaN)).toBe(0);
    expect(times(3, Number.POSITIVE_INFINITY)).toBe(0);
  });

  test('equal what BigInts alone give', () => {
    const nat = fc.maxSafeNat();
    fc.assert(
      fc.property(nat, nat, nat, nat, (a, b, c, d) => {
        const sum = plus(times(a, b), times(c, d));
        expect(BigInt(sum)).toBe(BigInt(a) * BigInt(b) + BigInt(c) * BigInt(d));
      }),
    );
  });
});

describe('toNanoUsd', () => {
  test.each([
    [1_000_000, 1, 1, 1],
    [500_000, 1, 1, 0],
    [1_500_000, 1, 1, 2],
    [1_500_000n, 1, 1, 2],
    [125_000_000, 11, 10, 138],
    [375_000_000, 11, 10, 412],
    [3_000_000, 1, 2, 2],
    [10n ** 40n, 1, 1, Number.MAX_SAFE_INTEGER],
  ])('%d femto-USD x %i/%i', (femto, num, den, expected) => {
    expect(toNanoUsd(femto, { num, den })).toBe(expected);
  });
});
