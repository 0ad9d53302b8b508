import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { builtinPrices } from '../../src/pricing/builtin/table.ts';
import type { Ledger } from '../../src/store/connection/open.ts';
import { Repricer } from '../../src/store/records/repricer.ts';
import { fc, runs } from '../helpers/fast-check.ts';
import {
  faultsOf,
  importInto,
  recordsOf,
  temporaryFolder,
  temporaryLedger,
} from '../helpers/ledger.ts';
import { type Line, assistantLine, textOf, writeTree } from '../helpers/transcripts.ts';

const ZERO = { input_tokens: 0, output_tokens: 0, cache_read_input_tokens: 0 };
const GOOD = { input_tokens: 1000, output_tokens: 200 };

/** One line of request `m` whose usage is `usage`; undefined: without usage. */
function line(usage: unknown, stop: string | null = 'end_turn', at = 0): Line {
  const whole = assistantLine({ session: 's', message: 'm', request: 'r', stop, at });
  const message: Line = { ...(whole['message'] as Line), usage };
  return { ...whole, message };
}

function ledgerOf(...files: Line[][]): Ledger {
  const folder = temporaryFolder();
  const names = files.map((_, index) => `p/${index}.jsonl`);
  writeTree(folder, Object.fromEntries(files.map((lines, index) => [names[index], textOf(lines)])));
  const { db } = temporaryLedger();
  importInto(db, folder, { order: () => names.map((name) => join(folder, name)) });
  expect(faultsOf(db)).toEqual([]);
  return db;
}

const costs = (db: Ledger): unknown[] =>
  db.prepare('SELECT price_basis, cost_nano_usd FROM cost_records').raw().all();
const UNMETERED = [['unmetered', null]];
const METERED = [['exact', 10_000_000]];
const MINIMUM = [['exact', 5_025_000]];

describe('a finished response is unmetered', () => {
  test.each<[string, unknown]>([
    ['a negative count', { ...GOOD, input_tokens: -5 }],
    ['a fraction', { ...GOOD, output_tokens: 1000.5 }],
    ['text', { ...GOOD, output_tokens: 'NaN' }],
    ['an object', { ...GOOD, input_tokens: {} }],
    ['a list', { ...GOOD, cache_read_input_tokens: [1] }],
    ['a truth value', { ...GOOD, output_tokens: true }],
    ['more than 2^53', { ...GOOD, input_tokens: 1e20 }],
    ['more than any request has', { ...GOOD, input_tokens: 2 ** 53 - 1 }],
    ['null for the output', { ...GOOD, output_tokens: null }],
    ['nothing but nulls', { input_tokens: null, output_tokens: null }],
    ['a malformed part', { ...GOOD, cache_creation: { ephemeral_1h_input_tokens: '?' } }],
    ['zeros', ZERO],
    ['zeros as text', { input_tokens: '0', output_tokens: '0' }],
    ['an empty object', {}],
    ['no usage', undefined],
    ['null for all', null],
    ['text for all', 'unknown'],
  ])('%s', (_, usage) => {
    const db = ledgerOf([line(usage)]);
    expect(costs(db)).toEqual(UNMETERED);
    const parts = 'input_cost_nano_usd, output_cost_nano_usd, price_id, price_dated';
    const row = db.prepare(`SELECT ${parts} FROM cost_records`).raw().get();
    expect(row).toEqual([null, null, null, null]);
    const sums = 'SELECT requests, unpriced_requests, cost_nano_usd FROM rollups';
    expect(db.prepare(`${sums} WHERE dimension = 'all'`).raw().get()).toEqual([1, 1, 0]);
  });
});

describe('metered', () => {
  test('zeros before the end of the response: its output is a minimum', () => {
    expect(costs(ledgerOf([line(ZERO, null)]))).toEqual([['exact', 0]]);
  });

  test('one kind of tokens alone', () => {
    expect(costs(ledgerOf([line({ input_tokens: 0, output_tokens: 4 })]))).toEqual([
      ['exact', 100_000],
    ]);
  });

  test.each([
    ['an API error', { isApiErrorMessage: true }],
    [
      'a synthetic message',
      { message: { ...(line(ZERO)['message'] as Line), model: '<synthetic>' } },
    ],
  ])('%s is not a request', (_, facts) => {
    expect(costs(ledgerOf([{ ...line(ZERO), ...facts }]))).toEqual([]);
  });

  test('without an end and without usage it is not a request', () => {
    expect(costs(ledgerOf([line(undefined, null)]))).toEqual([]);
    expect(costs(ledgerOf([line({}, null)]))).toEqual([]);
  });
});

const BAD = [
  line({ ...GOOD, input_tokens: -1 }),
  line({ input_tokens: 1000, output_tokens: 'x' }, 'end_turn', 2),
  line(ZERO, 'end_turn', 1),
  line({}, 'end_turn', 3),
];
const WHOLE = line(GOOD, 'end_turn', 4);
const EARLY = line({ input_tokens: 1000, output_tokens: 1 }, null, 1);

test('lines of one request give the same record in any order and in any number of files', () => {
  const lines = fc.shuffledSubarray([...BAD, WHOLE, EARLY], { minLength: 1 });
  const cuts = fc.nat(6);
  fc.assert(
    fc.property(lines, cuts, (order, cut) => {
      const files = [order.slice(0, cut), order.slice(cut)];
      const db = ledgerOf(...files.filter((file) => file.length > 0));
      const isEarlyOnly = order.length === 1 && order[0] === EARLY;
      const expected = order.includes(WHOLE) ? METERED : isEarlyOnly ? MINIMUM : UNMETERED;
      expect(costs(db)).toEqual(expected);
      const sorted = [...BAD, WHOLE, EARLY].filter((one) => order.includes(one));
      expect(recordsOf(db)).toEqual(recordsOf(ledgerOf(sorted)));
    }),
    runs(30),
  );
});

test('the counts of an unfinished response do not replace those of its end', () => {
  for (const end of BAD) {
    for (const files of [[[EARLY, end]], [[end, EARLY]], [[EARLY], [end]], [[end], [EARLY]]]) {
      expect(costs(ledgerOf(...files))).toEqual(UNMETERED);
    }
  }
});

test('reprice keeps it, and finds it in a ledger that counted it as free', () => {
  const db = ledgerOf([BAD[0] as Line]);
  for (const isAll of [false, true]) {
    expect(new Repricer(db, builtinPrices(), { isAll }).write(1, 'test')).toBe(0);
    expect(costs(db)).toEqual(UNMETERED);
  }
  const free = ledgerOf([line(ZERO)]);
  free.exec(`UPDATE cost_records SET price_basis = 'exact', cost_nano_usd = 0`);
  expect(new Repricer(free, builtinPrices(), { isAll: true }).write(1, 'test')).toBe(1);
  expect(costs(free)).toEqual(UNMETERED);
});
