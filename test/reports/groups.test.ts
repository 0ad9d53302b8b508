import { describe, expect, test } from 'vitest';
import { type ZoneOffset, zoneOffset } from '../../src/core/time/period.ts';
import { type GroupingOptions, buildGroups } from '../../src/reports/groups.ts';
import type { Group } from '../../src/reports/report.ts';
import { noMeasures } from '../../src/store/rollups/measures.ts';
import type { SummedRow } from '../../src/store/reader.ts';

const berlin = zoneOffset('Europe/Berlin') as ZoneOffset;
const HOUR_MS = 3_600_000;

function row(
  keys: SummedRow['keys'],
  costNanoUsd: bigint | number,
  quarterMs: number | null = null,
): SummedRow {
  const measures = { ...noMeasures(), requests: 1n, cost_nano_usd: BigInt(costNanoUsd) };
  return { keys, quarterMs, measures };
}

function grouped(rows: SummedRow[], over: Partial<GroupingOptions>): Group[] {
  const options: GroupingOptions = {
    by: ['model'],
    offset: berlin,
    order: null,
    limit: null,
    ...over,
  };
  return buildGroups(rows, new Map(), options);
}

/** The keys of groups with their costs. */
const shown = (groups: Group[]): string[] =>
  groups.map(({ key, costNanoUsd }) => `${Object.values(key).join(' ')} ${costNanoUsd}`);

const MODELS = [row({ model: 'b' }, 5), row({ model: 'a' }, 5), row({ model: 'c' }, 9)];

describe('groups of no time', () => {
  test('are most expensive first, by name where they cost the same', () => {
    expect(shown(grouped(MODELS, {}))).toEqual(['c 9', 'a 5', 'b 5']);
  });

  test('are least expensive first if asked', () => {
    expect(shown(grouped(MODELS, { order: 'asc' }))).toEqual(['b 5', 'a 5', 'c 9']);
  });

  test('beyond a limit are added up in a last one', () => {
    expect(shown(grouped(MODELS, { limit: 1 }))).toEqual(['c 9', 'true 10']);
    expect(shown(grouped(MODELS, { limit: 3 }))).toEqual(['c 9', 'a 5', 'b 5']);
    expect(shown(grouped(MODELS, { limit: 0 }))).toEqual(['true 19']);
  });

  test('of the same key are one, exact beyond what a double holds', () => {
    const large = 2n ** 53n;
    const rows = [row({ model: 'a' }, large), row({ model: 'a' }, 1), row({ model: null }, 1)];
    expect(shown(grouped(rows, {}))).toEqual([`a ${large + 1n}`, ' 1']);
    expect(grouped(rows, {})[0]?.requests).toBe(2);
  });
});

describe('groups of a time', () => {
  // 23:30 and 00:30 of Berlin.
  const late = Date.UTC(2026, 10, 20, 22, 30);
  const rows = [
    row({ model: 'a' }, 3, late + HOUR_MS),
    row({ model: 'a' }, 1, late),
    row({ model: 'b' }, 7, late),
  ];

  test('are in the order of time, and are local', () => {
    expect(shown(grouped(rows, { by: ['day'] }))).toEqual(['2026-11-20 8', '2026-11-21 3']);
  });

  test('have the most expensive first within a time, in whatever order times are', () => {
    const by: GroupingOptions['by'] = ['day', 'model'];
    expect(shown(grouped(rows, { by }))).toEqual([
      '2026-11-20 b 7',
      '2026-11-20 a 1',
      '2026-11-21 a 3',
    ]);
    expect(shown(grouped(rows, { by, order: 'desc' }))).toEqual([
      '2026-11-21 a 3',
      '2026-11-20 b 7',
      '2026-11-20 a 1',
    ]);
  });

  test('are the newest where there is a limit', () => {
    expect(shown(grouped(rows, { by: ['day'], limit: 1 }))).toEqual(['2026-11-21 3', 'true 8']);
    expect(shown(grouped(rows, { by: ['day'], limit: 1, order: 'desc' }))).toEqual([
      '2026-11-21 3',
      'true 8',
    ]);
  });

  test('of an hour that comes twice when clocks go back are one after the other', () => {
    // 25 October 2026: 02:30 in summer time, then in winter time.
    const summer = Date.UTC(2026, 9, 25, 0, 30);
    const hours = [row({}, 1, summer + HOUR_MS), row({}, 2, summer), row({}, 3, summer - HOUR_MS)];
    const groups = grouped(hours, { by: ['hour'] });
    expect(groups.map(({ costNanoUsd }) => costNanoUsd)).toEqual([3, 2, 1]);
  });
});

describe('sessions', () => {
  const facts = new Map(
    [
      ['old', 1000],
      ['new', 2000],
    ].map(([id, lastAtMs]) => [
      id as string,
      { firstAtMs: 0, lastAtMs: lastAtMs as number, project: `/home/${id}`, client: 'codex' },
    ]),
  );
  const rows = [row({ session: 'new' }, 1), row({ session: 'old' }, 9)];
  const options = { by: ['session'] as GroupingOptions['by'], offset: berlin, limit: null };

  test('are in the order of their last requests if asked, else by cost', () => {
    const byActivity = buildGroups(rows, facts, { ...options, order: 'desc', isByActivity: true });
    expect(shown(byActivity)).toEqual(['new 1', 'old 9']);
    expect(shown(buildGroups(rows, facts, { ...options, order: null }))).toEqual([
      'old 9',
      'new 1',
    ]);
  });

  test('say where and when they were', () => {
    const [first] = buildGroups(rows, facts, { ...options, order: 'desc' });
    expect(first).toMatchObject({
      key: { session: 'old' },
      project: '/home/old',
      firstAt: '1970-01-01T00:00:00.000Z',
      lastAt: '1970-01-01T00:00:01.000Z',
    });
  });
});

test('each group has its models if asked, most expensive first, and so has what a limit left out', () => {
  const rows = [
    row({ tool: 'Bash', model: 'a' }, 1),
    row({ tool: 'Bash', model: 'b' }, 5),
    row({ tool: 'Read', model: 'a' }, 2),
    row({ tool: null, model: 'a' }, 1),
  ];
  const groups = grouped(rows, { by: ['tool'], hasBreakdown: true, limit: 1 });
  expect(groups.map(({ breakdown }) => shown(breakdown ?? []))).toEqual([['b 5', 'a 1'], ['a 3']]);
  expect(grouped(rows, { by: ['tool'] })[0]).not.toHaveProperty('breakdown');
});

test('tickets are found in the names of branches, by a pattern of one’s own too', () => {
  const rows = [
    row({ branch: 'feature/SHOP-12-a' }, 1),
    row({ branch: 'fix/SHOP-12' }, 2),
    row({ branch: 'main' }, 4),
  ];
  expect(shown(grouped(rows, { by: ['ticket'] }))).toEqual([' 4', 'SHOP-12 3']);
  expect(shown(grouped(rows, { by: ['ticket'], ticketPattern: '^main$' }))).toEqual([
    'main 4',
    ' 3',
  ]);
});
