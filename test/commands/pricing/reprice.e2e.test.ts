import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Home, query, temporaryHome, writeSettings } from '../../helpers/home.ts';
import { cli } from '../../helpers/program/run.ts';
import { append, request, transcriptPath } from '../../helpers/lines.ts';
import { report } from '../../helpers/program/history.ts';

const SESSION = '0c333333-0000-4000-8000-000000000003';

interface Priced {
  model: string;
  cost_nano_usd: number | null;
  price_basis: string;
  price_id: string | null;
}

interface Outcome {
  written: number;
  totals: { requests: number; oldCostNanoUsd: number; newCostNanoUsd: number };
  models: { model: string; requests: number; oldCostNanoUsd: number; newCostNanoUsd: number }[];
}

/** Two requests of a model that no table has, one of Opus 4.5 (exact). */
function homeWithUnknown(): Home {
  const home = temporaryHome();
  const model = 'claude-zephyr-9';
  append(
    transcriptPath(home, SESSION),
    request({ session: SESSION, id: 'msg_1', model, input: 1000, output: 100 }),
    request({ session: SESSION, id: 'msg_2', model, input: 2000, output: 200 }),
    request({ session: SESSION, id: 'msg_3', input: 10, output: 100 }),
  );
  expect(cli(home, ['import'])).toMatchObject({ status: 0, stderr: '' });
  return home;
}

function priced(home: Home): Priced[] {
  const columns = 'model, cost_nano_usd, price_basis, price_id';
  return query<Priced>(home.ledger, `SELECT ${columns} FROM cost_records ORDER BY message_id`);
}

function reprice(home: Home, ...args: string[]): Outcome {
  return report<Outcome>(home, 'reprice', ...args);
}

function priceFile(home: Home, models: object): void {
  const path = join(home.folder, 'prices.json');
  writeFileSync(path, JSON.stringify({ models }));
  home.env['CUSTOM_COSTS_FILE'] = path;
}

describe('reprice', () => {
  test('an unknown model that a price file makes known', () => {
    const home = homeWithUnknown();
    // At Opus 5.5, the newest: 1000 x 4 + 100 x 20 and twice that, in nano-USD per token x 1000.
    expect(priced(home).map(({ cost_nano_usd }) => cost_nano_usd)).toEqual([
      6_000_000, 12_000_000, 2_550_000,
    ]);
    const unknown = report<{ models: object[] }>(home, 'pricing', 'unknown');
    expect(unknown.models).toEqual([
      {
        model: 'claude-zephyr-9',
        priceBasis: 'fallback',
        requests: 2,
        costNanoUsd: 18_000_000,
        costUsd: 0.018,
        promptTokens: 3000,
        outputTokens: 300,
        lastAt: '2026-11-20T10:00:00.000Z',
      },
    ]);

    priceFile(home, {
      'claude-zephyr-9': { input: 1, output: 10 },
      'claude-opus-4-5': { input: 99 },
    });
    const before = priced(home);
    const planned = reprice(home, '--dry-run');
    expect(planned).toMatchObject({
      written: 0,
      totals: { requests: 2, oldCostNanoUsd: 18_000_000, newCostNanoUsd: 6_000_000 },
      models: [{ model: 'claude-zephyr-9', requests: 2 }],
    });
    expect(priced(home)).toEqual(before);
    expect(cli(home, ['reprice', '--dry-run']).stdout).toContain('Nothing was written.');

    expect(reprice(home)).toMatchObject({ ...planned, dryRun: false, written: 2 });
    expect(priced(home)).toEqual([
      {
        model: 'claude-zephyr-9',
        cost_nano_usd: 2_000_000,
        price_basis: 'exact',
        price_id: 'claude-zephyr-9@file:1/10/1.25/2/1',
      },
      expect.objectContaining({ cost_nano_usd: 4_000_000, price_basis: 'exact' }),
      // Its own price was exact: the file's other one is for what comes.
      before[2],
    ]);
    expect(query(home.ledger, 'SELECT * FROM repricings ORDER BY id')).toMatchObject([
      {
        old_cost_nano_usd: 6_000_000,
        old_price_basis: 'fallback',
        old_price_id: 'claude-opus-5-5@2026-09-22',
        new_cost_nano_usd: 2_000_000,
        new_price_basis: 'exact',
        repriced_by: 'tallyhook reprice',
      },
      { old_cost_nano_usd: 12_000_000, new_cost_nano_usd: 4_000_000 },
    ]);
    expect(cli(home, ['verify'])).toMatchObject({ status: 0, stderr: '' });
    expect(report(home, 'summary', '--by', 'model').totals).toMatchObject({
      costNanoUsd: 8_550_000,
      estimatedCostNanoUsd: 0,
    });
    expect(report<{ models: object[] }>(home, 'pricing', 'unknown').models).toEqual([]);
    // Once is enough.
    expect(reprice(home)).toMatchObject({ written: 0, models: [] });
    expect(query(home.ledger, 'SELECT 1 FROM repricings')).toHaveLength(2);
  });

  test('--all also touches rows whose price was exact', () => {
    const home = homeWithUnknown();
    priceFile(home, { 'claude-opus-4-5': { input: 105 } });
    expect(reprice(home)).toMatchObject({ written: 0 });
    expect(reprice(home, '--all')).toMatchObject({
      written: 1,
      models: [{ model: 'claude-opus-4-5', oldCostNanoUsd: 2_550_000, newCostNanoUsd: 3_550_000 }],
    });
    expect(query(home.ledger, 'SELECT repriced_by FROM repricings')).toEqual([
      { repriced_by: 'tallyhook reprice --all' },
    ]);
    expect(cli(home, ['verify'])).toMatchObject({ status: 0, stderr: '' });
  });

  test.each([
    ['sonnet', 5_000_000, 'fallback'],
    ['zero', 0, 'fallback'],
    ['none', null, 'none'],
  ])('with pricing.fallback set to %s', (fallback, cost, basis) => {
    const home = temporaryHome();
    writeSettings(home, { pricing: { fallback } });
    append(
      transcriptPath(home, SESSION),
      request({ session: SESSION, id: 'msg_1', model: 'gpt-unheard-of', input: 0, output: 500 }),
    );
    cli(home, ['import']);
    expect(priced(home)).toMatchObject([{ cost_nano_usd: cost, price_basis: basis }]);
    const unknown = report<{ models: object[] }>(home, 'pricing', 'unknown');
    expect(unknown.models).toMatchObject([{ model: 'gpt-unheard-of', costNanoUsd: cost }]);
  });
});

test('a malformed setting is one warning on stderr', () => {
  const home = temporaryHome();
  writeSettings(home, { pricing: { fallback: 'gpt', freeTier: 'google' } });
  const run = cli(home, ['pricing', 'show', 'claude-opus-4-8', '--json']);
  expect(run.status).toBe(0);
  expect(run.stderr.trim().split('\n')).toEqual([
    expect.stringMatching(/settings\.json: pricing\.fallback: "gpt" is not one of opus/),
    expect.stringMatching(/settings\.json: pricing\.freeTier: "google" is not a list/),
  ]);
});
