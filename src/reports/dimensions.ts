import { type TimeUnit, type ZoneOffset, timeLabel } from '../core/period.ts';
import { RECORD_DIMENSIONS, type RecordDimension } from '../store/record-dimensions.ts';

export type { RecordDimension } from '../store/record-dimensions.ts';

/** What a report can be grouped by: a fact of the records, or a local time. */
export const TIME_DIMENSIONS = ['hour', 'day', 'week', 'month'] as const;
export const DIMENSIONS: readonly Dimension[] = [...RECORD_DIMENSIONS, ...TIME_DIMENSIONS];

export type Dimension = RecordDimension | TimeUnit;

export function isDimension(name: string): name is Dimension {
  return (DIMENSIONS as readonly string[]).includes(name);
}

export function isTimeDimension(name: Dimension): name is TimeUnit {
  return (TIME_DIMENSIONS as readonly string[]).includes(name);
}

/** Keys of one row: those of the ledger, and the local times of its quarter of an hour. */
export function groupKey(
  by: readonly Dimension[],
  keys: Partial<Record<RecordDimension, string | null>>,
  quarterMs: number | null,
  offset: ZoneOffset,
): Record<string, string | null> {
  const key: Record<string, string | null> = {};
  for (const name of by) {
    if (!isTimeDimension(name)) key[name] = keys[name] ?? null;
    else key[name] = quarterMs === null ? null : timeLabel(name, quarterMs, offset);
  }
  return key;
}
