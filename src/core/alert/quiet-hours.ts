import { MINUTE_MS } from '../time/units.ts';
import type { ZoneOffset } from '../time/period.ts';

/** Minutes of the day; if `from` is after `until`, the range spans midnight. */
export interface QuietHours {
  from: number;
  until: number;
}

const DAY_MINUTES = 24 * 60;

export const QUIET_HOURS = /^\s*([01]?\d|2[0-3]):([0-5]\d)\s*-\s*([01]?\d|2[0-3]):([0-5]\d)\s*$/;

/** `22:00-07:30`; null for anything else. */
export function parseQuietHours(text: string): QuietHours | null {
  const match = QUIET_HOURS.exec(text);
  if (match === null) return null;
  const [from = 0, fromMinute = 0, until = 0, untilMinute = 0] = match.slice(1).map(Number);
  const hours = { from: from * 60 + fromMinute, until: until * 60 + untilMinute };
  return hours.from === hours.until ? null : hours;
}

/**
 * When the current quiet hours end, in the user's local time; null outside of quiet hours.
 * @returns milliseconds UTC; one hour off during the night of a clock change
 */
export function quietUntil(hours: QuietHours, nowMs: number, offset: ZoneOffset): number | null {
  const local = nowMs + offset(nowMs);
  const minute = Math.floor(local / MINUTE_MS) % DAY_MINUTES;
  const isOverMidnight = hours.from > hours.until;
  const isQuiet = isOverMidnight
    ? minute >= hours.from || minute < hours.until
    : minute >= hours.from && minute < hours.until;
  if (!isQuiet) return null;
  const left = (hours.until - minute + DAY_MINUTES) % DAY_MINUTES;
  return nowMs - (local % MINUTE_MS) + left * MINUTE_MS;
}
