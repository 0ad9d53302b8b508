import { describe, expect, test } from 'vitest';
import {
  type Budget,
  WHOLE_SCOPE,
  forecastCrossing,
  isStricter,
  computeLevel,
  scopeKey,
  scopeOfKey,
  computeWindow,
} from '../../../src/core/budget/budget.ts';
import { type ZoneOffset, zoneOffset } from '../../../src/core/time/period.ts';

const zone = (name: string): ZoneOffset => zoneOffset(name) as ZoneOffset;
const at = (text: string): number => Date.parse(text);

describe('windows', () => {
  test.each([
    [
      'a day of 25 hours',
      'day',
      'Europe/Berlin',
      '2026-10-25T12:00Z',
      '2026-10-25',
      '2026-10-24T22:00Z',
      '2026-10-25T23:00Z',
    ],
    [
      'a day of 23 hours',
      'day',
      'America/New_York',
      '2026-03-08T12:00Z',
      '2026-03-08',
      '2026-03-08T05:00Z',
      '2026-03-09T04:00Z',
    ],
    [
      'a day that is UTC tomorrow',
      'day',
      'Asia/Kathmandu',
      '2026-05-01T18:15Z',
      '2026-05-02',
      '2026-05-01T18:15Z',
      '2026-05-02T18:15Z',
    ],
    [
      'the millisecond before midnight',
      'day',
      'UTC',
      '2026-05-01T23:59:59.999Z',
      '2026-05-01',
      '2026-05-01T00:00Z',
      '2026-05-02T00:00Z',
    ],
    [
      'a week over a change of clocks',
      'week',
      'Europe/Berlin',
      '2026-10-25T12:00Z',
      '2026-W43',
      '2026-10-18T22:00Z',
      '2026-10-25T23:00Z',
    ],
    [
      'a week that begins on Monday',
      'week',
      'UTC',
      '2026-11-23T00:00Z',
      '2026-W48',
      '2026-11-23T00:00Z',
      '2026-11-30T00:00Z',
    ],
    [
      'a month',
      'month',
      'America/Los_Angeles',
      '2026-12-01T03:00Z',
      '2026-11',
      '2026-11-01T07:00Z',
      '2026-12-01T08:00Z',
    ],
    [
      "a month at the year's end",
      'month',
      'UTC',
      '2026-12-31T23:00Z',
      '2026-12',
      '2026-12-01T00:00Z',
      '2027-01-01T00:00Z',
    ],
  ] as const)('%s', (_, per, timezone, now, key, since, until) => {
    expect(computeWindow(per, at(now), zone(timezone), 's', 'p')).toEqual({
      key,
      sinceMs: at(since),
      untilMs: at(until),
    });
  });

  test('a session, a prompt and all time have no ends; where there is none, there is no window', () => {
    const open = { sinceMs: null, untilMs: null };
    const offset = zone('UTC');
    expect(computeWindow('session', 0, offset, 'root', 'p')).toEqual({ key: 'root', ...open });
    expect(computeWindow('prompt', 0, offset, 'root', 'p')).toEqual({ key: 'p', ...open });
    expect(computeWindow('total', 0, offset, null, null)).toEqual({ key: 'total', ...open });
    expect(computeWindow('session', 0, offset, null, null)).toBeNull();
    expect(computeWindow('prompt', 0, offset, 'root', null)).toBeNull();
  });
});

test.each([
  [0, 'fine'],
  [799_999_999, 'fine'],
  [800_000_000, 'warning'],
  [949_999_999, 'warning'],
  [950_000_000, 'critical'],
  [999_999_999, 'critical'],
  [1_000_000_000, 'over'],
  [5_000_000_000, 'over'],
])('%i nano-USD of a dollar are %s', (spent, level) => {
  expect(computeLevel(spent, 1_000_000_000, { warnPercent: 80, criticalPercent: 95 })).toBe(level);
});

test('a forecast goes on as the window began', () => {
  const day = { sinceMs: 0, untilMs: 86_400_000 };
  expect(forecastCrossing(25, 100, day, 6 * 3_600_000)).toBeNull();
  expect(forecastCrossing(50, 100, day, 6 * 3_600_000)).toBe(12 * 3_600_000);
  expect(forecastCrossing(0, 100, day, 6 * 3_600_000)).toBeNull();
  expect(forecastCrossing(100, 100, day, 6 * 3_600_000)).toBeNull();
  expect(forecastCrossing(50, 100, { sinceMs: null, untilMs: null }, 1)).toBeNull();
});

test('a scope is the same text whatever the order of its facts', () => {
  const scope = { ...WHOLE_SCOPE, tool: 'Bash', model: 'm' };
  const { model, tool, ...rest } = scope;
  expect(scopeKey({ tool, model, ...rest })).toBe(scopeKey(scope));
  expect(scopeKey(scope)).toBe('{"model":"m","tool":"Bash"}');
  expect(scopeOfKey(scopeKey(scope))).toEqual(scope);
  expect(scopeKey(WHOLE_SCOPE)).toBe('{}');
});

describe("a project's file can make a budget stricter, never looser", () => {
  const user: Budget = {
    name: 'mine',
    limitNanoUsd: 10,
    per: 'day',
    scope: { ...WHOLE_SCOPE, model: 'm' },
    warnPercent: 80,
    criticalPercent: 95,
    action: 'stop',
    isFailClosed: true,
    origin: 'command',
  };
  test.each<[string, Partial<Budget>, boolean]>([
    ['the same', {}, true],
    ['a lower limit', { limitNanoUsd: 9 }, true],
    ['a higher limit', { limitNanoUsd: 11 }, false],
    ['another period', { per: 'session' }, false],
    ['a milder action', { action: 'warn' }, false],
    ['an earlier warning', { warnPercent: 50 }, true],
    ['a later warning', { warnPercent: 81 }, false],
    ['a later critical warning', { criticalPercent: 96 }, false],
    ['failing open', { isFailClosed: false }, false],
    ['a wider scope', { scope: WHOLE_SCOPE }, true],
    ['a narrower scope', { scope: { ...WHOLE_SCOPE, model: 'm', tool: 'Bash' } }, false],
    ['another scope', { scope: { ...WHOLE_SCOPE, model: 'n' } }, false],
  ])('%s', (_, change, isAllowed) => {
    expect(isStricter({ ...user, ...change }, user)).toBe(isAllowed);
  });
});
