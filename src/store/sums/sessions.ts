import { ADDED_SUMS, MEASURES, recordSums } from '../rollups/measures.ts';
import type { Ledger } from '../connection/open.ts';
import type { RecordFilter } from '../records/filter.ts';
import { type SummedRow, readRows, summedRow } from './summed-row.ts';

/**
 * Sums by session over a time range. Sessions completely in the range have their sums stored; for
 * sessions that extend beyond it the rows are read.
 * @returns null if the query involves anything but sessions and times
 */
export function sessionSums(
  db: Ledger,
  filter: RecordFilter,
  by: readonly string[],
): SummedRow[] | null {
  const { sinceMs, untilMs, sessionId, ...others } = filter;
  if (Object.values(others).some((value) => value !== null)) return null;
  const isOne = by.length === 0 && sessionId !== null;
  if (!isOne && !(by.length === 1 && by[0] === 'session')) return null;
  const values = { sinceMs, untilMs, sessionId };
  const start = sinceMs === null ? 'true' : 's.first_at_ms >= @sinceMs';
  const end = untilMs === null ? 'true' : 's.last_at_ms < @untilMs';
  const touches = [
    's.requests > 0',
    ...(sessionId === null ? [] : ['s.session_id = @sessionId']),
    ...(sinceMs === null ? [] : ['s.last_at_ms >= @sinceMs']),
    ...(untilMs === null ? [] : ['s.first_at_ms < @untilMs']),
  ].join(' AND ');
  const inRange = [
    ...(sinceMs === null ? [] : ['r.occurred_at_ms >= @sinceMs']),
    ...(untilMs === null ? [] : ['r.occurred_at_ms < @untilMs']),
  ];
  // CROSS and the + force the plan: SQLite would otherwise read all rows of the range, or all sessions
  // in order.
  const parts = `SELECT s.session_id AS k0, ${MEASURES.map((name) => `s.${name}`).join(', ')}
    FROM sessions s WHERE ${touches} AND ${start} AND ${end}
    UNION ALL
    SELECT s.session_id AS k0, ${recordSums('r')}
    FROM sessions s CROSS JOIN cost_records r ON ${['r.session_id = s.session_id', ...inRange].join(' AND ')}
    WHERE ${touches} AND NOT (${start} AND ${end}) GROUP BY +s.session_id`;
  const sql = isOne ? `SELECT ${ADDED_SUMS} FROM (${parts}) HAVING count(*) > 0` : parts;
  const bound = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
  const rows = readRows(db, sql, [bound]);
  const shape = { keys: isOne ? 0 : 1, units: 0 };
  return rows.map((row) => summedRow(row, isOne ? [] : ['session'], shape));
}
