import { describe, expect, test } from 'vitest';
import { HISTORY_TOTALS, report, writeHistory } from '../helpers/program/history.ts';
import { type Home, temporaryHome } from '../helpers/home.ts';
import { cli } from '../helpers/program/run.ts';
import { append, request, transcriptPath } from '../helpers/lines.ts';

/** One request of 100 output tokens at each of these times; the number of each in its input. */
function requestsAt(...times: string[]): Home {
  const home = temporaryHome();
  const lines = times.map((at, index) =>
    request({ session: 's1', id: `msg_${index}`, at, input: 2 ** index }),
  );
  append(transcriptPath(home, 's1'), ...lines);
  return home;
}

/** Input tokens: each request stands for a power of two. */
function inputOf(home: Home, ...args: string[]): number {
  return report(home, 'summary', ...args).totals.inputTokens;
}

/** What a range of local days holds. */
function between(home: Home, zone: string, since: string, until: string): number {
  return inputOf(home, '-z', zone, '--since', since, '--until', until);
}

function groups(home: Home, zone: string, by: string): [unknown, number][] {
  const document = report(home, 'summary', '--by', by, '-z', zone);
  return document.groups.map(({ key, inputTokens }) => [key[by], inputTokens]);
}

const BERLIN = 'Europe/Berlin';

describe('a day is the day of the user', () => {
  test('of 25 hours', () => {
    const home = temporaryHome();
    writeHistory(home);
    const { totals, groups: days } = report(home, 'daily', '-z', BERLIN);
    expect(totals).toEqual(HISTORY_TOTALS);
    expect(
      days.map(({ key, requests, costNanoUsd }) => [key['day'], requests, costNanoUsd]),
    ).toEqual([
      ['2026-10-24', 1, 17_500_000],
      ['2026-10-25', 4, 49_120_000],
      ['2026-10-26', 1, 260_000],
    ]);
    for (const { key, ...day } of days) {
      const name = String(key['day']);
      const range = report(home, 'summary', '-z', BERLIN, '--since', name, '--until', name);
      expect(range.totals).toEqual(day);
    }
    const inUtc = report(home, 'daily', '-z', 'UTC').groups;
    expect(inUtc.map(({ key, costNanoUsd }) => [key['day'], costNanoUsd])).toEqual([
      ['2026-10-24', 45_050_000],
      ['2026-10-25', 21_830_000],
    ]);
  });

  test('of 23 hours', () => {
    const home = requestsAt(
      '2026-03-28T22:59:59.999Z',
      '2026-03-28T23:00:00.000Z',
      '2026-03-29T21:59:59.999Z',
      '2026-03-29T22:00:00.000Z',
    );
    expect(groups(home, BERLIN, 'day')).toEqual([
      ['2026-03-28', 1],
      ['2026-03-29', 2 + 4],
      ['2026-03-30', 8],
    ]);
    expect(between(home, BERLIN, '2026-03-29', '2026-03-29')).toBe(2 + 4);
    expect(between(home, BERLIN, '20260328', '20260329')).toBe(1 + 2 + 4);
    expect(inputOf(home, '-z', BERLIN, '-s', '2026-03-30')).toBe(8);
    expect(inputOf(home, '-z', BERLIN, '-u', '2026-03-28')).toBe(1);
  });

  test.each([
    // Zones that change their clock at midnight: this day begins at 01:00.
    ['Africa/Cairo', '2026-04-24', '2026-04-23T21:59:59.999Z', '2026-04-23T22:00:00.000Z'],
    ['Asia/Beirut', '2026-03-29', '2026-03-28T21:59:59.999Z', '2026-03-28T22:00:00.000Z'],
    ['America/Santiago', '2026-09-06', '2026-09-06T03:59:59.999Z', '2026-09-06T04:00:00.000Z'],
    ['America/Havana', '2026-03-08', '2026-03-08T04:59:59.999Z', '2026-03-08T05:00:00.000Z'],
    // This one ends at 23:00 twice.
    ['America/Santiago', '2026-04-05', '2026-04-05T03:59:59.999Z', '2026-04-05T04:00:00.000Z'],
    // Offsets that are no whole hours.
    ['Asia/Kathmandu', '2026-06-02', '2026-06-01T18:14:59.999Z', '2026-06-01T18:15:00.000Z'],
    ['Australia/Lord_Howe', '2026-04-05', '2026-04-04T12:59:59.999Z', '2026-04-04T13:00:00.000Z'],
    ['Pacific/Kiritimati', '2026-06-02', '2026-06-01T09:59:59.999Z', '2026-06-01T10:00:00.000Z'],
    ['Pacific/Marquesas', '2026-06-02', '2026-06-02T09:29:59.999Z', '2026-06-02T09:30:00.000Z'],
  ])('in %s, where %s begins after %s', (zone, day, last, first) => {
    const home = requestsAt(last, first);
    expect(groups(home, zone, 'day').map(([, input]) => input)).toEqual([1, 2]);
    expect(groups(home, zone, 'day')[1]).toEqual([day, 2]);
    expect(inputOf(home, '-z', zone, '--since', day)).toBe(2);
    const before = groups(home, zone, 'day')[0]?.[0];
    expect(inputOf(home, '-z', zone, '--until', String(before))).toBe(1);
  });

  test('the hours of a night in which the clock goes back stay apart, and in their order', () => {
    const home = requestsAt(
      '2026-10-24T23:30:00.000Z',
      '2026-10-25T00:30:00.000Z',
      '2026-10-25T01:30:00.000Z',
      '2026-10-25T02:30:00.000Z',
    );
    expect(groups(home, BERLIN, 'hour')).toEqual([
      ['2026-10-25T01:00+02:00', 1],
      ['2026-10-25T02:00+02:00', 2],
      ['2026-10-25T02:00+01:00', 4],
      ['2026-10-25T03:00+01:00', 8],
    ]);
  });

  test('without a flag it is the time zone of the machine', () => {
    const home = requestsAt('2026-06-01T22:30:00.000Z');
    const day = (TZ: string): unknown => {
      const { stdout } = cli(home, ['daily', '--json'], { env: { TZ } });
      return (JSON.parse(stdout) as { groups: { key: object }[] }).groups[0]?.key;
    };
    expect(day('UTC')).toEqual({ day: '2026-06-01' });
    expect(day(BERLIN)).toEqual({ day: '2026-06-02' });
    expect(day('America/New_York')).toEqual({ day: '2026-06-01' });
  });
});

describe('ranges', () => {
  test('weeks are those of ISO 8601, months those of the user', () => {
    const home = requestsAt(
      '2025-12-28T23:30:00.000Z',
      '2025-12-29T12:00:00.000Z',
      '2026-01-31T23:30:00.000Z',
    );
    expect(groups(home, BERLIN, 'week')).toEqual([
      ['2026-W01', 1 + 2],
      ['2026-W05', 4],
    ]);
    expect(groups(home, 'UTC', 'week')).toEqual([
      ['2025-W52', 1],
      ['2026-W01', 2],
      ['2026-W05', 4],
    ]);
    expect(groups(home, BERLIN, 'month')).toEqual([
      ['2025-12', 1 + 2],
      ['2026-02', 4],
    ]);
  });

  test('a moment is taken to the minute, in the zone of the user where it names none', () => {
    const home = requestsAt('2026-06-01T10:07:00.000Z', '2026-06-01T10:08:00.000Z');
    expect(inputOf(home, '--since', '2026-06-01T10:08Z')).toBe(2);
    expect(inputOf(home, '--since', '2026-06-01T12:08', '-z', BERLIN)).toBe(2);
    expect(inputOf(home, '--since', '2026-06-01T12:08+02:00', '-z', 'Asia/Tokyo')).toBe(2);
    expect(inputOf(home, '--until', '2026-06-01T10:08Z')).toBe(1);
  });

  test('--last counts back from now', () => {
    const at = (hoursAgo: number): string =>
      new Date(Date.now() - hoursAgo * 3_600_000).toISOString();
    const home = requestsAt(at(1), at(30), at(24 * 10), at(24 * 40));
    expect(inputOf(home, '--last', '2h')).toBe(1);
    expect(inputOf(home, '--last', '2d')).toBe(1 + 2);
    expect(inputOf(home, '--last', '2w')).toBe(1 + 2 + 4);
    expect(inputOf(home, '--last', '999999w')).toBe(1 + 2 + 4 + 8);
  });

  test('that are empty hold nothing; one that ends before it begins is refused', () => {
    const home = requestsAt('2026-06-01T10:00:00.000Z');
    const reversed = cli(home, ['summary', '--since', '2026-06-02', '--until', '2026-06-01']);
    expect(reversed.stderr).toContain('--since 2026-06-02 begins after --until 2026-06-01 ends');
    expect(reversed.status).toBe(2);
    expect(between(home, 'UTC', '2030-01-01', '2031-01-01')).toBe(0);
    expect(between(home, 'UTC', '1969-01-01', '1969-12-31')).toBe(0);
    expect(between(home, 'UTC', '0001-01-01', '9999-12-31')).toBe(1);
  });

  test('a clock that was wrong loses nothing: a request of the year 2222 is in every total', () => {
    const home = requestsAt('2026-06-01T10:00:00.000Z', '2222-01-01T00:00:00.000Z');
    expect(inputOf(home)).toBe(1 + 2);
    for (const by of ['session', 'model', 'day', 'prompt']) {
      expect(groups(home, 'UTC', by).reduce((sum, [, input]) => sum + input, 0)).toBe(1 + 2);
    }
  });
});
