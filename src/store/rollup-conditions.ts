import type { RollupRange } from './rollup-range.ts';

/** Buckets as one condition over `rollups`; none is false. */
export function rangeConditions(buckets: readonly RollupRange[]): string {
  const each = buckets.map(
    ({ grain, fromMs, beforeMs }) =>
      `(grain = '${grain}' AND bucket_ms >= ${fromMs} AND bucket_ms < ${beforeMs})`,
  );
  return each.join(' OR ') || 'false';
}
