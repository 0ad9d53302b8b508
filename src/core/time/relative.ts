import { type ZoneOffset, parseDuration, startOfDay, toLocalDay } from './period.ts';
import { DAY_MS } from './units.ts';

/** As `Date.getUTCDay` counts. */
const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/**
 * The start (`--since`) or the end (`--until`, including the day or month) of what a text says relative to
 * now: `today`, `yesterday`, a weekday (`monday` or `mon`, the most recent one, today included), a month
 * (`2026-11`), or a time ago (`24h`, `7d`).
 * @returns milliseconds UTC; null for any other text
 */
export function parseRelativeMoment(
  text: string,
  edge: 'start' | 'end',
  offset: ZoneOffset,
  nowMs: number,
): number | null {
  const duration = parseDuration(text);
  if (duration !== null) return nowMs - duration;
  const days = monthDays(text) ?? namedDay(text.toLowerCase(), toLocalDay(nowMs, offset));
  if (days === null) return null;
  return startOfDay(edge === 'start' ? days.first : days.last + 1, offset);
}

interface Days {
  /** Days since 1970-01-01, both included. */
  first: number;
  last: number;
}

function monthDays(text: string): Days | null {
  const match = /^(\d{4})-(\d{2})$/.exec(text);
  if (match === null) return null;
  const [year, month] = [Number(match[1]), Number(match[2])];
  if (month < 1 || month > 12) return null;
  const first = Date.UTC(year, month - 1) / DAY_MS;
  return { first, last: Date.UTC(year, month) / DAY_MS - 1 };
}

function namedDay(name: string, today: number): Days | null {
  if (name === 'today') return { first: today, last: today };
  if (name === 'yesterday') return { first: today - 1, last: today - 1 };
  const weekday = WEEKDAYS.findIndex((one) => one === name || one.slice(0, 3) === name);
  if (weekday < 0) return null;
  // 1970-01-01 was a Thursday.
  const daysAgo = (((today + 4) % 7) - weekday + 7) % 7;
  return { first: today - daysAgo, last: today - daysAgo };
}
