import type { CauseName } from '../../core/client/coverage-causes.ts';

/** What the client may price differently: the cost of tokens in batches, and in the more expensive region. */
export interface Repriced {
  batchNanoUsd: bigint;
  regionalNanoUsd: bigint;
}

/**
 * Why the client has another cost for the same tokens.
 * @param differenceNanoUsd the client's cost minus the recorded cost
 * @param roundingNanoUsd largest possible rounding error: one per request
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
  // A batch costs half, the US region 10 % more; earlier versions of the client ignore both.
  if (batchNanoUsd > 0n && isAbout(batchNanoUsd)) return 'batch';
  if (regionalNanoUsd > 0n && isAbout(-regionalNanoUsd / 11n)) return 'region';
  return 'price-difference' satisfies CauseName;
}
