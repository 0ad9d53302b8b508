import { ADDED_SUMS, recordSums } from './measures.ts';
import { EXPRESSIONS, type RecordDimension } from './record-dimensions.ts';
import { rangeConditions } from './rollup-conditions.ts';
import type { RollupPlan } from './rollup-plan.ts';
import type { RollupRange } from './rollup-range.ts';
import { QUARTER_HOUR_MS } from './rollup-grains.ts';
import type { LocalUnits } from './time-grouping.ts';

/** Sums over rows of `cost_records`; no row where nothing passes. The columns are those of `SqlRow`. */
export function rowQuery(
  by: readonly RecordDimension[],
  units: LocalUnits | null,
  conditions: string[],
): string {
  return grouped({
    keys: by.map((name) => EXPRESSIONS[name]),
    units: units?.expressions('r.occurred_at_ms') ?? [],
    quarter: `r.occurred_at_ms - r.occurred_at_ms % ${QUARTER_HOUR_MS}`,
    sums: recordSums('r'),
    from: 'cost_records r LEFT JOIN projects p ON p.id = r.project_id',
    conditions,
    isAny: 'count(*) > 0',
  });
}

/** The same over roll-ups. */
export function rollupQuery(
  plan: RollupPlan,
  buckets: RollupRange[],
  units: LocalUnits | null,
): string {
  return grouped({
    keys: plan.keys,
    units: units?.expressions('bucket_ms') ?? [],
    quarter: 'bucket_ms',
    sums: ADDED_SUMS,
    from: plan.from,
    conditions: [...plan.conditions, `(${rangeConditions(buckets)})`],
    isAny: 'sum(requests) > 0',
  });
}

interface Parts {
  keys: readonly string[];
  units: readonly string[];
  quarter: string;
  sums: string;
  from: string;
  conditions: string[];
  isAny: string;
}

function grouped({ keys, units, quarter, sums, from, conditions, isAny }: Parts): string {
  const groups = [
    ...keys.map((key, index) => [`k${index}`, key]),
    ...units.map((unit, index) => [`u${index}`, unit]),
  ];
  const columns = groups.map(([name, expression]) => `${expression} AS ${name}`);
  if (units.length > 0) columns.push(`min(${quarter}) AS quarter_ms`);
  const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
  const by = groups.length > 0 ? `GROUP BY ${groups.map(([name]) => name).join(', ')}` : '';
  return `SELECT ${[...columns, sums].join(', ')} FROM ${from} ${where} ${by} HAVING ${isAny}`;
}
