import type { CauseName } from '../../core/client/coverage-causes.ts';

/** What the client may price otherwise: the cost of the tokens in batches, and in the dearer region. */
export interface Repriced {
  batchNanoUsd: bigint;
  regionalNanoUsd: bigint;
}

/**
 * Why the same tokens have another cost with the client.
 * @param differenceNanoUsd what the client says beyond the ledger
 * @param roundingNanoUsd as far off as rounding can be: one for each request
 */
export function priceCause(
  differenceNanoUsd: bigint,
  roundingNanoUsd: bigint,
  { batchNanoUsd, regionalNanoUsd }: Repriced,
): 'rounding' | 'batch' | 'region' | 'price-difference' {
  const isAbout = (amount: bigint): boolean => {
    const distance = differenceNanoUsd - amount;
    return (distance < 0n ? -distance : distance) <= roundingNanoUsd;
  };
  if (isAbout(0n)) return 'rounding';
  // A batch is half the price, the region a tenth more: earlier clients know neither.
  if (batchNanoUsd > 0n && isAbout(batchNanoUsd)) return 'batch';
  if (regionalNanoUsd > 0n && isAbout(-regionalNanoUsd / 11n)) return 'region';
  return 'price-difference' satisfies CauseName;
}
