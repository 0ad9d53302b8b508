import type { RollupRange } from './range.ts';

/**
 * Buckets of several grains, for a query over `rollups`: the join to put before it, and the conditions.
 * Each range is found through the primary key; for conditions joined by OR, SQLite would read a complete
 * dimension.
 */
export function buildRangeConditions(buckets: readonly RollupRange[]): {
  from: string;
  conditions: string[];
} {
  const each = buckets.map(({ grain, fromMs, beforeMs }) => `('${grain}', ${fromMs}, ${beforeMs})`);
  // Nothing equals NULL: without ranges no bucket matches.
  const rows = each.length === 0 ? '(NULL, NULL, NULL)' : each.join(', ');
  return {
    from: `(VALUES ${rows}) w CROSS JOIN`,
    conditions: ['grain = w.column1', 'bucket_ms >= w.column2', 'bucket_ms < w.column3'],
  };
}
