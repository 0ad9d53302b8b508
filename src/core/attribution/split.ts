/**
 * Splits an integer in proportion to weights, by largest remainder. The shares are integers that sum
 * exactly to the amount; of equal remainders the first wins.
 * @param amount a safe integer, not negative
 * @param weights integers, not negative
 * @returns null if no weight is above zero, so that there is nothing to divide by
 */
export function splitInProportion(amount: number, weights: readonly number[]): number[] | null {
  let total = 0;
  let largest = 0;
  for (const weight of weights) {
    total += weight;
    if (weight > largest) largest = weight;
  }
  if (!(total > 0)) return null;
  if (amount === 0) return weights.map(() => 0);
  // Doubles are exact as long as the products are safe integers; beyond that, BigInt.
  if (!Number.isSafeInteger(total) || !Number.isSafeInteger(amount * largest)) {
    return splitExactly(amount, weights);
  }
  const shares: number[] = [];
  const remainders: number[] = [];
  let left = amount;
  for (const weight of weights) {
    const product = amount * weight;
    // Not `%`, which is ten times as slow for doubles. The quotient is off by at most one.
    let share = Math.floor(product / total);
    let remainder = product - share * total;
    if (remainder < 0) {
      share--;
      remainder += total;
    } else if (remainder >= total) {
      share++;
      remainder -= total;
    }
    shares.push(share);
    remainders.push(remainder);
    left -= share;
  }
  giveRest(shares, remainders, left);
  return shares;
}

function splitExactly(amount: number, weights: readonly number[]): number[] | null {
  const exact = weights.map((weight) => BigInt(Math.round(weight)));
  const total = exact.reduce((sum, weight) => sum + weight, 0n);
  if (total === 0n) return null;
  const products = exact.map((weight) => BigInt(amount) * weight);
  const shares = products.map((product) => Number(product / total));
  // Only the order matters here, and 52 bits distinguish the remainders.
  const remainders = products.map((product) => Number(((product % total) << 52n) / total));
  giveRest(
    shares,
    remainders,
    shares.reduce((left, share) => left - share, amount),
  );
  return shares;
}

function giveRest(shares: number[], remainders: readonly number[], left: number): void {
  if (left <= 0) return;
  const order = remainders.map((_, index) => index);
  order.sort((a, b) => (remainders[b] ?? 0) - (remainders[a] ?? 0) || a - b);
  for (let given = 0; given < left; given++) {
    const index = order[given] ?? 0;
    shares[index] = (shares[index] ?? 0) + 1;
  }
}
