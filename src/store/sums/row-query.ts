import { ADDED_SUMS, recordSums } from '../rollups/measures.ts';
import { EXPRESSIONS, type RecordDimension } from '../records/dimensions.ts';
import { buildRangeConditions } from '../rollups/conditions.ts';
import type { RollupPlan } from '../rollups/plan.ts';
import type { RollupRange } from '../rollups/range.ts';
import { QUARTER_HOUR_MS } from '../../core/time/units.ts';
import type { LocalUnits } from './time-grouping.ts';

/**
 * Sums over rows of `cost_records`; returns no row if nothing passes. The columns are those of `SqlRow`.
 */
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
  if (units === null && plan.isComposite) return compositeQuery(plan, buckets);
  return grouped({
    ...rollupParts(plan, buckets),
    units: units?.expressions('bucket_ms') ?? [],
  });
}

/** Takes the parts out of a composite key once per key, not once per bucket. */
function compositeQuery(plan: RollupPlan, buckets: RollupRange[]): string {
  const ranges = buildRangeConditions(buckets);
  const summed = `(SELECT dimension, key, ${ADDED_SUMS} FROM ${ranges.from} rollups
    WHERE ${[plan.conditions[0], ...ranges.conditions].join(' AND ')} GROUP BY key)`;
  const parts = { ...rollupParts(plan, []), from: plan.from.replace('rollups', summed) };
  return grouped({ ...parts, conditions: plan.conditions.slice(1) });
}

/** Whole UTC days over roll-ups, numbered like local days. */
export function utcDayQuery(plan: RollupPlan, buckets: RollupRange[], units: LocalUnits): string {
  return grouped({
    ...rollupParts(plan, buckets),
    units: [units.utcDayExpression('bucket_ms')],
  });
}

/**
 * Quarters whose local day is not their UTC day, by both days. The values are the ranges as JSON, then
 * the plan's values.
 */
export function foreignQuarterQuery(plan: RollupPlan, units: LocalUnits): string {
  const [utc, local] = [units.utcDayExpression('bucket_ms'), units.expressions('bucket_ms')];
  return grouped({
    ...rollupParts(plan, []),
    units: [...local, utc],
    from: `(SELECT value ->> 0 AS from_ms, value ->> 1 AS before_ms FROM json_each(?)) w
      CROSS JOIN ${plan.from}`,
    conditions: [
      ...plan.conditions,
      `grain = 'quarter' AND bucket_ms >= w.from_ms AND bucket_ms < w.before_ms`,
      `${local[0]} <> ${utc}`,
    ],
  });
}

function rollupParts(plan: RollupPlan, buckets: readonly RollupRange[]): Parts {
  const ranges = buildRangeConditions(buckets);
  return {
    keys: plan.keys,
    units: [],
    quarter: 'bucket_ms',
    sums: ADDED_SUMS,
    from: `${ranges.from} ${plan.from}`,
    conditions: [...plan.conditions, ...ranges.conditions],
    isAny: 'sum(requests) > 0',
  };
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
