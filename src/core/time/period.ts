import { DAY_MS, HOUR_MS, QUARTER_HOUR_MS } from './units.ts';

/** Time zones, days and ranges. All times are milliseconds UTC; uses Intl, but never reads a clock. */

/** The offset of a time zone from UTC in milliseconds at a given time; fast for millions of times. */
export type ZoneOffset = (atMs: number) => number;

/** @returns null for an unknown time zone */
export function zoneOffset(timezone: string): ZoneOffset | null {
  // Most servers use UTC, and creating a format takes milliseconds.
  if (timezone === 'UTC') return () => 0;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone: timezone, timeZoneName: 'longOffset' });
  } catch {
    return null;
  }
  const ask = (atMs: number): number => {
    const name = format.formatToParts(atMs).find((part) => part.type === 'timeZoneName')?.value;
    const match = /^GMT(?:([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?$/.exec(name ?? '');
    const [, sign, hours, minutes, seconds] = match ?? [];
    const ms =
      (Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0)) * 1000;
    return sign === '-' ? -ms : ms;
  };
  const months = new Map<number, number | null>();
  const quarters = new Map<number, number>();
  return (atMs) => {
    const date = new Date(atMs);
    const month = Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
    let offset = months.get(month);
    if (offset === undefined) {
      // No zone changes its clock and back within a month: equal offsets at both ends hold for all times
      // between.
      const start = ask(month);
      const end = ask(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1) - 1);
      offset = start === end ? start : null;
      months.set(month, offset);
    }
    if (offset !== null) return offset;
    const quarter = Math.floor(atMs / QUARTER_HOUR_MS);
    const quarterOffset = quarters.get(quarter) ?? ask(quarter * QUARTER_HOUR_MS);
    quarters.set(quarter, quarterOffset);
    return quarterOffset;
  };
}

/** A period with one offset, up to the next change. */
export interface OffsetSegment {
  /** First millisecond after it; infinite for the last one. */
  beforeMs: number;
  offsetMs: number;
}

/** The offsets during some UTC days in chronological order; changes are located to the quarter of an hour. */
export function offsetSegments(offset: ZoneOffset, dayStarts: readonly number[]): OffsetSegment[] {
  const segments: OffsetSegment[] = [];
  let current: number | null = null;
  for (const start of dayStarts) {
    for (let at = start; at < start + DAY_MS;) {
      const offsetMs = offset(at);
      if (current !== null && offsetMs !== current) {
        segments.push({ beforeMs: at, offsetMs: current });
      }
      current = offsetMs;
      // Days without a change, nearly all, take one step.
      at += at === start && offset(start + DAY_MS - 1) === offsetMs ? DAY_MS : QUARTER_HOUR_MS;
    }
  }
  segments.push({ beforeMs: Infinity, offsetMs: current ?? 0 });
  return segments;
}

export type TimeUnit = 'hour' | 'day' | 'week' | 'month';

/**
 * The local hour, day, ISO week or month of a time: `2026-11-21T12:00+01:00`, `2026-11-21`, `2026-W47`,
 * `2026-11`.
 */
export function timeLabel(unit: TimeUnit, atMs: number, offset: ZoneOffset): string {
  const offsetMs = offset(atMs);
  const local = new Date(atMs + offsetMs);
  const iso = local.toISOString();
  switch (unit) {
    case 'hour':
      return `${iso.slice(0, 13)}:00${offsetText(offsetMs)}`;
    case 'day':
      return iso.slice(0, 10);
    case 'week':
      return isoWeek(local);
    case 'month':
      return iso.slice(0, 7);
  }
}

function offsetText(offsetMs: number): string {
  const minutes = Math.abs(Math.trunc(offsetMs / 60_000));
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${offsetMs < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** A week belongs to the year of its Thursday. */
function isoWeek(local: Date): string {
  const day = Math.floor(local.getTime() / DAY_MS);
  const thursday = new Date((day - ((local.getUTCDay() + 6) % 7) + 3) * DAY_MS);
  const year = thursday.getUTCFullYear();
  const week = 1 + Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / (7 * DAY_MS));
  return `${year}-W${String(week).padStart(2, '0')}`;
}

/** When a local day begins. @param day days since 1970-01-01 */
export function startOfDay(day: number, offset: ZoneOffset): number {
  const wall = day * DAY_MS;
  let start = wall - offset(wall - offset(wall));
  // If the clock changes at midnight, the day begins with its first quarter of an hour, not at 00:00.
  while (toLocalDay(start, offset) < day) start += QUARTER_HOUR_MS;
  while (toLocalDay(start - QUARTER_HOUR_MS, offset) >= day) start -= QUARTER_HOUR_MS;
  return start;
}

/** The local day of a time, in days since 1970-01-01. */
export function toLocalDay(atMs: number, offset: ZoneOffset): number {
  return Math.floor((atMs + offset(atMs)) / DAY_MS);
}

/** Days since 1970-01-01 of `YYYY-MM-DD` or `YYYYMMDD`; null for anything else. */
export function parseDay(text: string): number | null {
  const match = /^(\d{4})-?(\d{2})-?(\d{2})$/.exec(text);
  if (match === null) return null;
  const iso = `${match[1]}-${match[2]}-${match[3]}`;
  const ms = Date.parse(`${iso}T00:00:00Z`);
  return Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== iso ? null : ms / DAY_MS;
}

/**
 * The start (`--since`) or the end (`--until`, including the day) that a text states: a day, or a moment in
 * ISO 8601.
 */
export function parseMoment(
  text: string,
  edge: 'start' | 'end',
  offset: ZoneOffset,
): number | null {
  const day = parseDay(text);
  if (day !== null) return startOfDay(edge === 'start' ? day : day + 1, offset);
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(text)) return null;
  const hasZone = /(?:Z|[+-]\d{2}:?\d{2})$/.test(text);
  const ms = Date.parse(hasZone ? text : `${text}Z`);
  if (Number.isNaN(ms)) return null;
  return hasZone ? ms : ms - offset(ms - offset(ms));
}

/** Milliseconds of `10m`, `24h`, `7d`, `2w`; null for anything else. */
export function parseDuration(text: string): number | null {
  const match = /^(\d{1,6})(s|m|h|d|w)$/.exec(text);
  if (match === null) return null;
  const units = { s: 1000, m: 60_000, h: HOUR_MS, d: DAY_MS, w: 7 * DAY_MS };
  return Number(match[1]) * units[match[2] as keyof typeof units];
}
