import { DAY_MS, QUARTER_HOUR_MS } from '../../core/time/units.ts';

/** The bucket of each grain that a row of `cost_records r` belongs to, milliseconds. */
export const GRAIN_BUCKETS = {
  quarter: `r.occurred_at_ms - r.occurred_at_ms % ${QUARTER_HOUR_MS}`,
  day: `r.occurred_at_ms - r.occurred_at_ms % ${DAY_MS}`,
  month: `unixepoch(r.occurred_at_ms / 1000, 'unixepoch', 'start of month') * 1000`,
};
