import { describe, expect, test } from 'vitest';
import { computeBaseline, judge } from '../../../src/core/alert/anomaly.ts';
import { HOUR_MS } from '../../../src/core/time/units.ts';
import { stretchesAbove } from '../../../src/core/alert/velocity.ts';

const USD = 1e9;
const THRESHOLDS = { info: 2.5, warning: 3, critical: 5 };
/** Twenty days between $8 and $12.50, the median $10. */
const DAYS = Array.from({ length: 21 }, (_, at) => (8 + 0.2 * at) * USD);

function level(costs: number[], usd: number, subject: 'day' | 'session' | 'request' = 'day') {
  const baseline = computeBaseline(subject, [...costs, usd * USD]);
  return baseline && (judge(subject, usd * USD, baseline, THRESHOLDS)?.level ?? null);
}

describe('what is far above its history', () => {
  test.each([
    [10, null],
    [20, null],
    // The least spread is 0.3: 2.5, 3 and 5 of it above $10.
    [21, null],
    [21.5, 'info'],
    [24, 'info'],
    [25.5, 'warning'],
    [44, 'warning'],
    [46, 'critical'],
  ])('a day of $%d where $10 are usual: %s', (usd, expected) => {
    expect(level(DAYS, usd)).toBe(expected);
  });

  test('little history tells nothing, nor do small amounts', () => {
    expect(level(DAYS.slice(0, 9), 500)).toBeNull();
    expect(level(DAYS.slice(0, 10), 500)).toBe('critical');
    const cents = DAYS.map((cost) => cost / 1000);
    expect(level(cents, 0.9)).toBeNull();
    expect(level(cents, 1.1)).toBe('critical');
  });

  test('one that was does not hide the next', () => {
    expect(level([...DAYS, ...DAYS, 500 * USD], 500)).toBe('critical');
  });

  test('where such days come time and again it is one of them', () => {
    expect(level([...DAYS, 500 * USD, 510 * USD], 500)).toBeNull();
  });

  test('days that differ as much by themselves are nothing unusual', () => {
    const wild = DAYS.map((_, at) => 2 ** (at % 11) * USD);
    expect(level(wild, 1100)).toBeNull();
    expect(level(wild, 200_000)).not.toBeNull();
  });

  test('what was free is no history', () => {
    expect(computeBaseline('day', [0, 0, 0])).toBeNull();
    expect(level([...DAYS, ...DAYS.map(() => 0)], 46)).toBe('critical');
  });
});

describe('stretches in which an hour cost too much', () => {
  const at = (minute: number, usd: number) => ({ atMs: minute * 60_000, costNanoUsd: usd * USD });
  const stretches = (...costs: ReturnType<typeof at>[]) =>
    stretchesAbove(10 * USD, costs).map(({ sinceMs, untilMs, peakNanoUsd }) => [
      sinceMs / 60_000,
      untilMs / 60_000,
      peakNanoUsd / USD,
    ]);

  test('nothing below the limit, and the limit itself is one', () => {
    expect(stretches()).toEqual([]);
    expect(stretches(at(0, 5), at(30, 4.99))).toEqual([]);
    expect(stretches(at(0, 5), at(30, 5))).toEqual([[30, 30, 10]]);
  });

  test('an hour is sixty minutes, its start not in it', () => {
    expect(stretches(at(0, 5), at(60, 5))).toEqual([]);
    expect(stretches(at(1, 5), at(60, 5))).toEqual([[60, 60, 10]]);
  });

  test('what goes on is one, what comes after an hour another one', () => {
    expect(stretches(at(0, 12), at(40, 12), at(59, 1), at(100, 12))).toEqual([[0, 100, 25]]);
    expect(stretches(at(0, 12), at(61, 12))).toEqual([
      [0, 0, 12],
      [61, 61, 12],
    ]);
  });

  test('sums over any hour are what they are by hand', () => {
    const costs = Array.from({ length: 300 }, (_, one) => at(one * 7, (one * 37) % 11));
    const byHand = costs
      .filter(
        ({ atMs }) =>
          costs
            .filter((other) => other.atMs > atMs - HOUR_MS && other.atMs <= atMs)
            .reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0) >=
          50 * USD,
      )
      .map(({ atMs }) => atMs);
    const found = stretchesAbove(50 * USD, costs);
    expect(byHand.length).toBeGreaterThan(20);
    for (const atMs of byHand) {
      expect(found.some(({ sinceMs, untilMs }) => sinceMs <= atMs && atMs <= untilMs)).toBe(true);
    }
    for (const { sinceMs, untilMs } of found) {
      expect(byHand).toContain(sinceMs);
      expect(byHand).toContain(untilMs);
    }
  });
});
