import { afterEach, expect, test } from 'vitest';
import { zoneOffset } from '../../../src/core/time/period.ts';
import { userZone } from '../../../src/sources/machine/user-zone.ts';

const zone = process.env['TZ'];

afterEach(() => {
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
});

test.each([
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'America/Havana',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Pacific/Apia',
])('the clock of the machine agrees with Intl, hour by hour through a year: %s', (timezone) => {
  process.env['TZ'] = timezone;
  const known = zoneOffset(timezone);
  const machine = userZone(null);
  const wrong: string[] = [];
  for (let at = Date.UTC(2026, 0); at < Date.UTC(2027, 0); at += 3_600_000) {
    if (machine(at) !== known?.(at)) wrong.push(new Date(at).toISOString());
  }
  expect(wrong).toEqual([]);
});
