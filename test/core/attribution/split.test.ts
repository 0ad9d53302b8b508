import { describe, expect, test } from 'vitest';
import { splitInProportion } from '../../../src/core/attribution/split.ts';
import { fc, cheapRuns } from '../../helpers/fast-check.ts';

describe('splitting in proportion', () => {
  test.each<[string, number, number[], number[] | null]>([
    ['evenly', 9, [1, 1, 1], [3, 3, 3]],
    ['the largest remainder first', 10, [1, 2, 4], [1, 3, 6]],
    ['of equal remainders the first', 10, [1, 1, 1], [4, 3, 3]],
    ['two that are left over', 11, [1, 1, 1], [4, 4, 3]],
    ['nothing', 0, [1, 2], [0, 0]],
    ['among one', 7, [3], [7]],
    ['a weight of zero has nothing', 7, [0, 3, 0], [0, 7, 0]],
    ['less than there are weights', 2, [5, 5, 5, 5], [1, 1, 0, 0]],
    ['no weight: nobody’s', 7, [0, 0], null],
    ['none at all', 7, [], null],
    ['not even nothing', 0, [0], null],
    ['beyond doubles', 2 ** 53 - 1, [1, 2], [3002399751580330, 6004799503160661]],
    ['by weights beyond doubles', 10, [2 ** 60, 2 ** 60, 2 ** 61], [3, 2, 5]],
  ])('%s', (_, amount, weights, shares) => {
    expect(splitInProportion(amount, weights)).toEqual(shares);
  });

  const weight = fc.oneof(fc.nat(20), fc.nat(1e9), fc.maxSafeNat());
  const amount = fc.oneof(fc.nat(100), fc.nat(1e9), fc.maxSafeNat());

  test('sums to the amount, each within one of its proportion, zero for no weight', () => {
    fc.assert(
      fc.property(amount, fc.array(weight, { minLength: 1, maxLength: 8 }), (whole, weights) => {
        const shares = splitInProportion(whole, weights);
        if (weights.every((one) => one === 0)) return shares === null;
        const sum = (shares ?? []).reduce((all, share) => all + BigInt(share), 0n);
        return (
          sum === BigInt(whole) &&
          shares?.length === weights.length &&
          shares.every((share) => Number.isSafeInteger(share) && share >= 0) &&
          shares.every((share, index) => weights[index] !== 0 || share === 0)
        );
      }),
      cheapRuns(3000),
    );
  });

  test('by integers is never more than one away from the exact proportion', () => {
    const integers = fc.array(fc.nat(1e6), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.nat(1e9), integers, (whole, weights) => {
        const all = weights.reduce((sum, one) => sum + one, 0);
        const shares = splitInProportion(whole, weights) ?? [];
        return shares.every((share, at) => {
          const product = BigInt(whole) * BigInt(weights[at] ?? 0);
          const distance = BigInt(share) * BigInt(all) - product;
          return distance < BigInt(all) && -distance < BigInt(all);
        });
      }),
      cheapRuns(3000),
    );
  });
});
