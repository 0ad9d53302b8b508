import { describe, expect, test } from 'vitest';
import { type ZoneOffset, zoneOffset } from '../../../src/core/time/period.ts';
import { parseRelativeMoment } from '../../../src/core/time/relative.ts';

const BERLIN = zoneOffset('Europe/Berlin') as ZoneOffset;
/** A Monday, 00:30 in Berlin, where it is still Sunday in UTC. */
const NOW = Date.parse('2026-11-29T23:30:00Z');
const DAY_MS = 86_400_000;

function range(text: string, nowMs = NOW): [string, string] | null {
  const since = parseRelativeMoment(text, 'start', BERLIN, nowMs);
  const until = parseRelativeMoment(text, 'end', BERLIN, nowMs);
  if (since === null || until === null) return null;
  return [new Date(since).toISOString(), new Date(until).toISOString()];
}

describe('a day relative to now', () => {
  test.each([
    ['today', '2026-11-29T23:00', '2026-11-30T23:00'],
    ['yesterday', '2026-11-28T23:00', '2026-11-29T23:00'],
    ['monday', '2026-11-29T23:00', '2026-11-30T23:00'],
    ['Mon', '2026-11-29T23:00', '2026-11-30T23:00'],
    ['sunday', '2026-11-28T23:00', '2026-11-29T23:00'],
    ['tuesday', '2026-11-23T23:00', '2026-11-24T23:00'],
    ['2026-11', '2026-10-31T23:00', '2026-11-30T23:00'],
    ['2026-10', '2026-09-30T22:00', '2026-10-31T23:00'],
    ['2026-12', '2026-11-30T23:00', '2026-12-31T23:00'],
  ])('%s is a range of local days', (text, since, until) => {
    expect(range(text)).toEqual([`${since}:00.000Z`, `${until}:00.000Z`]);
  });

  test('a duration is that long ago, at either end', () => {
    expect(range('7d')).toEqual(['2026-11-22T23:30:00.000Z', '2026-11-22T23:30:00.000Z']);
    expect(range('24h')).toEqual(['2026-11-28T23:30:00.000Z', '2026-11-28T23:30:00.000Z']);
  });

  test('every weekday is one of the last seven days, today included', () => {
    const names = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
    for (let day = 0; day < 14; day++) {
      const nowMs = NOW + day * DAY_MS;
      const today = Date.parse(range('today', nowMs)?.[0] ?? '');
      const ago = names.map((name) => (today - Date.parse(range(name, nowMs)?.[0] ?? '')) / DAY_MS);
      expect(ago.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    }
  });

  test.each(['', 'tomorrow', '2026-13', '2026-00', 'm', 'mo', '2026', '7', 'd7', 'constructor'])(
    '%j is none',
    (text) => {
      expect(range(text)).toBeNull();
    },
  );
});
