/**
 * Splits an integer in proportion to weights, by largest remainder: the shares are integers and sum to
 * it exactly; of equal remainders the first comes first.
 * @param amount a safe integer, not negative
 * @param weights finite, not negative
 * @returns null where no weight is above zero: nothing tells whose the amount is
 */
export function splitInProportion(amount: number, weights: readonly number[]): number[] | null {
  let whole = 0;
  for (const weight of weights) whole += weight;
  if (!(whole > 0)) return null;
  if (amount === 0) return weights.map(() => 0);
  const shares: number[] = [];
  const remainders: number[] = [];
  let left = amount;
  // Doubles are exact while the products are; beyond, and for weights that are no integers, BigInt.
  if (Number.isSafeInteger(whole) && Number.isSafeInteger(amount * Math.max(...weights))) {
    for (const weight of weights) {
      const product = amount * weight;
      const remainder = product % whole;
      const share = (product - remainder) / whole;
      shares.push(share);
      remainders.push(remainder);
      left -= share;
    }
  } else {
    const sum = weights.reduce((total, weight) => total + BigInt(Math.round(weight)), 0n);
    if (sum === 0n)
      return splitInProportion(
        amount,
        weights.map((weight) => weight * 2 ** 40),
      );
    for (const weight of weights) {
      const product = BigInt(amount) * BigInt(Math.round(weight));
      const share = Number(product / sum);
      shares.push(share);
      // Of one size up to rounding: only their order is asked for.
      remainders.push(Number(((product % sum) * 2n ** 52n) / sum));
      left -= share;
    }
  }
  if (left > 0) giveRest(shares, remainders, left);
  return shares;
}

function giveRest(shares: number[], remainders: number[], left: number): void {
  if (left === 1) {
    const largest = remainders.indexOf(Math.max(...remainders));
    shares[largest] = (shares[largest] ?? 0) + 1;
    return;
  }
  const order = remainders.map((_, index) => index);
  order.sort((a, b) => (remainders[b] ?? 0) - (remainders[a] ?? 0) || a - b);
  for (let given = 0; given < left; given++) {
    const index = order[given] ?? 0;
    shares[index] = (shares[index] ?? 0) + 1;
  }
}
