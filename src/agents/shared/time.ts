import { asCount, asTimeMs } from '../../core/lang/json.ts';

/** SQLite's `datetime('now')`, which is UTC although it names no zone. */
const SQLITE_TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?$/;
/** The first millisecond of the year 10000. */
const END_OF_TIME_MS = 253_402_300_800_000;

/** Milliseconds since 1970 from SQLite's own text or an ISO 8601 text; null for anything else. */
export function asSqliteTimeMs(value: unknown): number | null {
  const isSqlite = typeof value === 'string' && SQLITE_TIME.test(value);
  return asTimeMs(isSqlite ? `${value.replace(' ', 'T')}Z` : value);
}

/** Milliseconds since 1970, written as a number. */
export function asEpochMs(value: unknown): number | null {
  const ms = asCount(value);
  return ms !== null && ms > 0 && ms < END_OF_TIME_MS ? ms : null;
}
