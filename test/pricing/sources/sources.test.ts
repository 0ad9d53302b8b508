import { describe, expect, test } from 'vitest';
import { readCatalog } from '../../../src/pricing/builtin/catalog.ts';
import { writeCatalog } from '../../../src/pricing/builtin/catalog-text.ts';
import { generateCatalog } from '../../../src/pricing/sources/generate.ts';
import type {
  Listing,
  ListedPeriod,
  Snapshot,
  Usd4,
} from '../../../src/pricing/sources/listing.ts';
import { mergeSnapshots } from '../../../src/pricing/merge.ts';
import { type GenaiFact, readGenaiPrices } from '../../../src/pricing/sources/genai-prices/read.ts';
import { type PiAiFact, readPiAi } from '../../../src/pricing/sources/pi-ai/read.ts';

function genai(...models: GenaiFact[]): Listing[] {
  return [...readGenaiPrices({ package: 'a', version: '1', date: '2026-01-01', models }).listings];
}

function piAi(...models: PiAiFact[]): Listing[] {
  return [...readPiAi({ package: 'b', version: '2', date: '2026-02-01', models }).listings];
}

function period(from: string, usd: Usd4, source = 'a', sourceDate = '2026-01-01'): ListedPeriod {
  return { from, usd, long: null, hours: '', source, sourceDate };
}

function snapshot(
  kind: Snapshot['kind'],
  date: string,
  model: string,
  ...periods: ListedPeriod[]
): Snapshot {
  return { source: date, date, kind, listings: [{ provider: 'p', model, names: [], periods }] };
}

describe('rules for genai-prices', () => {
  test('names of customers’ tunings and paths are no names of the model', () => {
    const [listing] = genai([
      'groq',
      'a/b-1',
      ['ft:b-', 'b-1.ft-', 'B', 'b-2'],
      '',
      ['', [1, 2, null, null]],
    ]);
    expect([listing?.model, listing?.names]).toStrictEqual(['b-1', ['b', 'b-2']]);
  });

  test.each<GenaiFact>([
    ['openai', 'gpt-image-1', [], '', ['', [5, 40, null, null]]],
    ['openai', 'gpt-4o-audio-preview', [], '', ['', [5, 40, null, null]]],
    ['openai', 'x', [], 'router', ['', [5, 40, null, null]]],
    ['groq', 'hours', [], '', ['', [null, null, null, null]]],
    ['mistral', 'nemo:free', [], '', ['', ['free']]],
  ])('%s %s is left out', (...fact) => {
    expect(genai(fact)).toStrictEqual([]);
  });

  test('hours of the day belong to the last period, and windows of one price are one row', () => {
    const [listing] = genai([
      'deepseek',
      'm',
      [],
      '',
      ['', [1, 1, null, null]],
      ['2026-08-17', [2, 2, null, null]],
      ['01:00-04:00', [3, 3, null, null]],
      ['06:00-10:00', [3, 3, null, null]],
    ]);
    expect(listing?.periods.map(({ from, hours }) => [from, hours])).toStrictEqual([
      ['', ''],
      ['2026-08-17', ''],
      ['2026-08-17', '0100-0400,0600-1000'],
    ]);
  });

  test('a model under two spellings has the cache price of either', () => {
    const [listing, ...others] = genai(
      ['google', 'gemini-1.5-pro', [], '', ['', [1.25, 5, null, null]]],
      ['google', 'gemini-pro-1.5', [], '', ['', [1.25, 5, 0.3125, null]]],
    );
    expect(others).toStrictEqual([]);
    expect(listing).toMatchObject({ model: 'gemini-1.5-pro', names: ['gemini-pro-1.5'] });
    expect(listing?.periods[0]?.usd).toStrictEqual([1.25, 5, 0.3125, null]);
  });
});

describe('rules for pi-ai', () => {
  test('zero is unknown, and a classifier is no chat', () => {
    const listings = piAi(
      ['openai', 'a', 'chat', [1, 2, 0, 0], [[1000, 2, 4, 0, 0]]],
      ['openai', 'a', 'classifier', [1, 0, 0, 0]],
      ['openai', 'b', 'chat', [0, 0, 0, 0]],
    );
    expect(listings).toHaveLength(1);
    expect(listings[0]?.periods[0]).toMatchObject({
      usd: [1, 2, null, null],
      long: { above: 1000, usd: [2, 4, null, null] },
    });
  });
});

describe('merging', () => {
  test('a changed price closes its period, a vanished model stays', () => {
    const merged = mergeSnapshots([
      snapshot('current', '2026-02-01', 'm', period('', [2, 2, null, null], 'b', '2026-02-01')),
      snapshot('dated', '2026-01-01', 'm', period('', [1, 1, null, null])),
      snapshot('dated', '2026-01-01', 'gone', period('', [9, 9, null, null])),
    ]);
    expect(
      merged.map(({ model, periods }) => [model, periods.map(({ from }) => from)]),
    ).toStrictEqual([
      ['m', ['', '2026-02-01']],
      ['gone', ['']],
    ]);
  });

  test('a later version of a dated source adds its new periods only', () => {
    const merged = mergeSnapshots([
      snapshot('dated', '2026-01-01', 'm', period('', [1, 1, null, null])),
      snapshot(
        'dated',
        '2026-03-01',
        'm',
        period('', [1, 1, null, null], 'a', '2026-03-01'),
        period('2026-02-15', [2, 2, null, null], 'a', '2026-03-01'),
      ),
    ]);
    expect(merged[0]?.periods.map(({ from, usd }) => [from, usd[0]])).toStrictEqual([
      ['', 1],
      ['2026-02-15', 2],
    ]);
  });

  test('what agrees is confirmed, and lends what the other lacks', () => {
    const [merged] = mergeSnapshots([
      snapshot('dated', '2026-01-01', 'm', period('', [1, 1, null, null])),
      snapshot('current', '2026-02-01', 'm', period('', [1, 1, 0.1, null], 'b', '2026-02-01')),
    ]);
    expect(merged?.periods).toStrictEqual([
      { ...period('', [1, 1, 0.1, null], 'a; b', '2026-02-01') },
    ]);
  });

  test('a name with another price is a model of its own; a moving one has a past', () => {
    const known = period('', [1, 1, null, null]);
    const listings = [
      { provider: 'p', model: 'm', names: ['m-small', 'm-latest'], periods: [known] },
    ];
    const merged = mergeSnapshots([
      { source: 'a', date: '2026-01-01', kind: 'dated', listings },
      snapshot('current', '2026-02-01', 'm-small', period('', [2, 2, null, null], 'b')),
      snapshot('current', '2026-02-01', 'm-latest', period('', [3, 3, null, null], 'b')),
    ]);
    const shown = merged.map(({ model, names, periods }) => [
      model,
      names,
      periods.map(({ from, usd }) => `${from}:${usd[0]}`),
    ]);
    expect(shown).toStrictEqual([
      ['m', [], [':1']],
      ['m-small', [], [':2']],
      ['m-latest', [], [':1', '2026-02-01:3']],
    ]);
  });
});

test('what is written is read', () => {
  const periods: ListedPeriod[] = [
    period('', [1, 2, null, 0.5]),
    {
      ...period('2026-01-02', [0.1, 0.003625, 0, null], 'b'),
      long: { above: 5, usd: [2, 3, 1, 4] },
    },
    { ...period('2026-01-02', [3, 3, 3, 3], 'b'), hours: '0030-1630,2000-2100w' },
  ];
  const { text, sources } = writeCatalog([
    { provider: 'p', model: 'm', names: ['m-2024-01-01', 'n'], periods },
  ]);
  // The dated name needs no place in the table.
  expect(text.split('\n')[1]).toMatch(/^m,n\|/);
  const catalog = readCatalog(() => text, sources);
  const rows = catalog.find('n', null)?.rows() ?? [];
  expect(rows.map((row) => row.id)).toStrictEqual([
    'p/m',
    'p/m@2026-01-02',
    'p/m@2026-01-02~0030-1630,2000-2100w',
  ]);
  expect(rows[0]).toMatchObject({
    input: 1e9,
    cacheRead: 1e9,
    cacheWrite1h: 5e8,
    toMs: Date.parse('2026-01-02'),
  });
  expect(rows[1]).toMatchObject({
    output: 3_625_000,
    cacheRead: 0,
    source: 'b',
    longPrompt: { abovePromptTokens: 5, cacheWrite5m: 4e9 },
  });
  expect(rows[2]?.hours).toStrictEqual({
    windows: [
      [30, 990],
      [1200, 1260],
    ],
    weekdaysOnly: true,
  });
  expect(catalog.find('m', 'q')).toBeNull();
  expect(catalog.all()).toHaveLength(1);
});

test('a broken line costs its own model only', () => {
  const catalog = readCatalog(() => '@p\nbroken|ax y;z\nm|a1 2\n|\n', { a: ['s', '2026-01-01'] });
  expect(catalog.find('broken', null)?.rows()).toStrictEqual([]);
  expect(catalog.find('m', 'p')?.rows()).toHaveLength(1);
});

test('a correction of a model that no source has fails', () => {
  expect(() => generateCatalog([])).toThrow(/corrections match no model/);
});
