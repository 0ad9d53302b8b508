import type { Migration } from './index.ts';

/**
 * Reports of a week ask which sessions it touches, and every overview which one was the last: on a
 * hundred thousand sessions, 20 ms without an index.
 */
export const sessionTimes: Migration = {
  number: 4,
  sql: `CREATE INDEX sessions_by_last_time ON sessions (last_at_ms);`,
};
