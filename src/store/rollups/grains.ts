export const QUARTER_HOUR_MS = 900_000;

/** The bucket of each grain that a row of `cost_records r` falls into, milliseconds. */
export const GRAIN_BUCKETS = {
  quarter: `r.occurred_at_ms - r.occurred_at_ms % ${QUARTER_HOUR_MS}`,
  day: 'r.occurred_at_ms - r.occurred_at_ms % 86400000',
  month: `unixepoch(r.occurred_at_ms / 1000, 'unixepoch', 'start of month') * 1000`,
};
