import { DAY_MS, QUARTER_HOUR_MS } from '../../core/time/units.ts';
import type { Ledger } from '../connection/open.ts';
import { prepared } from '../connection/prepared.ts';
import type { RecordFilter } from '../records/filter.ts';
import type { RollupPlan } from './plan.ts';
import { type RollupRange, coverRange } from './range.ts';

/** A time range, and how many records of a filter are in it. */
export interface Slot {
  sinceMs: number;
  untilMs: number;
  requests: number;
}

type Grain = RollupRange['grain'];

const FINER: Record<Grain, Grain | null> = { month: 'day', day: 'quarter', quarter: null };

/**
 * The time ranges that contain records of a filter, newest first: whole months and days before `offset`,
 * quarters of an hour from there on.
 * @param count counts the records in the edges, which are parts of a quarter
 */
export function* listSlots(
  db: Ledger,
  plan: RollupPlan,
  filter: RecordFilter,
  count: (sinceMs: number, untilMs: number) => number,
  offset: number,
): Generator<Slot> {
  const { buckets, edges } = coverRange(filter.sinceMs, filter.untilMs, 'month', 'quarter');
  const parts = [
    ...buckets.map((range) => ({ fromMs: range.fromMs, range })),
    ...edges.map((edge) => ({ fromMs: edge.sinceMs, edge })),
  ].sort((a, b) => b.fromMs - a.fromMs);
  let left = offset;
  function* spread(range: RollupRange): Generator<Slot> {
    for (const slot of slotsIn(db, plan, range)) {
      const finer = FINER[range.grain];
      if (finer === null || slot.requests <= left) {
        left = Math.max(0, left - slot.requests);
        yield slot;
      } else yield* spread({ grain: finer, fromMs: slot.sinceMs, beforeMs: slot.untilMs });
    }
  }
  for (const part of parts) {
    if ('range' in part) {
      yield* spread(part.range);
      continue;
    }
    const { sinceMs, untilMs } = part.edge;
    const requests = count(sinceMs, untilMs);
    left = Math.max(0, left - requests);
    if (requests > 0) yield { sinceMs, untilMs, requests };
  }
}

function slotsIn(db: Ledger, plan: RollupPlan, { grain, fromMs, beforeMs }: RollupRange): Slot[] {
  const conditions = [...plan.conditions, 'grain = ?', 'bucket_ms >= ?', 'bucket_ms < ?'];
  const sql = `SELECT bucket_ms AS sinceMs, sum(requests) AS requests FROM ${plan.from}
    WHERE ${conditions.join(' AND ')} GROUP BY bucket_ms HAVING sum(requests) > 0 ORDER BY bucket_ms DESC`;
  const rows = prepared(db, sql).all(...plan.values, grain, fromMs, beforeMs) as Omit<
    Slot,
    'untilMs'
  >[];
  return rows.map((row) => ({ ...row, untilMs: getGrainEnd(grain, row.sinceMs) }));
}

function getGrainEnd(grain: Grain, startMs: number): number {
  if (grain === 'quarter') return startMs + QUARTER_HOUR_MS;
  if (grain === 'day') return startMs + DAY_MS;
  const date = new Date(startMs);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1);
}
