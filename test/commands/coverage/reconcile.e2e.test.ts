import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Home, temporaryHome } from '../../helpers/home.ts';
import { cli } from '../../helpers/program/run.ts';
import { append, request, transcriptPath } from '../../helpers/lines.ts';

interface Side {
  costNanoUsd: number | null;
  inputTokens: number | null;
}

interface Document {
  vendor: string;
  kind: string;
  days: { first: string; last: string };
  totals: { vendor: Side; ledger: Side; difference: Side };
  deviationPercent: number;
  rows: { day: string; model: string | null; difference: Side; agrees: boolean }[];
}

/** $0.00255 of Opus late on the 20th (UTC), $0.0105 on the 21st: with a search. */
function machine(): Home {
  const home = temporaryHome();
  const path = transcriptPath(home, 's1');
  append(
    path,
    request({ session: 's1', id: 'a', at: '2026-11-20T23:59:59.000Z' }),
    request({ session: 's1', id: 'b', at: '2026-11-21T00:00:01.000Z', searches: 1, output: 18 }),
    request({ session: 's1', id: 'c', at: '2026-11-23T00:00:01.000Z' }),
    request({ session: 's1', id: 'd', at: '2026-11-21T09:00:00.000Z', model: 'gpt-4o', output: 7 }),
  );
  return home;
}

function reconciled(home: Home, name: string, content: object | string): Document {
  const file = join(home.folder, name);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  const env = { TZ: 'America/Los_Angeles' };
  const { status, stdout, stderr } = cli(home, ['coverage', '--reconcile', file, '--json'], {
    env,
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout) as Document;
}

const day = (start: string, end: string, results: object[]) => ({
  starting_at: `${start}T00:00:00Z`,
  ending_at: `${end}T00:00:00Z`,
  results,
});
const tokens = (amount: string, model: string) => ({
  currency: 'USD',
  amount,
  model,
  cost_type: 'tokens',
});

describe("Anthropic's cost report", () => {
  test('as JSON: cents, days of UTC, searches apart from models', () => {
    const model = 'claude-opus-4-5-20251101';
    const report = {
      data: [
        day('2026-11-20', '2026-11-21', [tokens('0.2', model), tokens('0.055', model)]),
        day('2026-11-21', '2026-11-22', [
          tokens('0.05', model),
          { currency: 'USD', amount: '1', model: null, cost_type: 'web_search' },
          tokens('7.5', 'claude-haiku-4-5'),
        ]),
      ],
      has_more: false,
      next_page: null,
    };
    const document = reconciled(machine(), 'cost.json', report);
    expect(document).toMatchObject({
      vendor: 'anthropic',
      kind: 'cost',
      days: { first: '2026-11-20', last: '2026-11-21' },
      totals: {
        vendor: { costNanoUsd: 88_050_000 },
        ledger: { costNanoUsd: 13_050_000 },
        difference: { costNanoUsd: 75_000_000, inputTokens: null },
      },
    });
    expect(
      document.rows.map((row) => [row.day, row.model, row.difference.costNanoUsd, row.agrees]),
    ).toEqual([
      ['2026-11-20', 'claude-opus-4-5', 0, true],
      ['2026-11-21', 'claude-haiku-4-5', 75_000_000, false],
      ['2026-11-21', 'claude-opus-4-5', 0, true],
      ['2026-11-21', 'web_search', 0, true],
    ]);
  });

  test('without models: by day', () => {
    const amount = { currency: 'USD', amount: '1.05', model: null, cost_type: null };
    const report = { data: [day('2026-11-21', '2026-11-22', [amount])] };
    const { rows } = reconciled(machine(), 'cost.json', report);
    expect(rows).toMatchObject([{ day: '2026-11-21', model: null, agrees: true }]);
  });

  test('as the console exports it: names of models, rounded amounts', () => {
    const csv = [
      'usage_date_utc,model,workspace,api_key,usage_type,context_window,token_type,cost_usd,list_price_usd,cost_type',
      '2026-11-20,Claude Opus 4.5,"Default, first",key,message,≤ 200k,input_no_cache,0.00,0.00,token',
      '2026-11-20,Claude Opus 4.5,"Default, first",key,message,≤ 200k,output,0.00,0.00,token',
      '2026-11-21,Claude Haiku 4.5,"Default, first",key,message,≤ 200k,output,2.50,2.50,token',
    ].join('\r\n');
    const { rows, deviationPercent } = reconciled(machine(), 'cost.csv', csv);
    expect(rows.map((row) => [row.day, row.model, row.agrees])).toEqual([
      ['2026-11-20', 'claude-opus-4-5', true],
      ['2026-11-21', 'claude-haiku-4-5', false],
      ['2026-11-21', 'claude-opus-4-5', false],
    ]);
    expect(deviationPercent).toBeCloseTo(((2.5 + 0.0105) / 2.5) * 100, 6);
  });
});

test("Anthropic's usage report: tokens of each kind", () => {
  const counted = { uncached_input_tokens: 10, output_tokens: 100, model: 'claude-opus-4-5' };
  const report = { data: [day('2026-11-20', '2026-11-21', [counted])] };
  expect(reconciled(machine(), 'usage.json', report)).toMatchObject({
    kind: 'usage',
    totals: { difference: { costNanoUsd: null, inputTokens: 0 } },
    rows: [{ model: 'claude-opus-4-5', agrees: true }],
  });
});

describe("OpenAI's", () => {
  test('costs as JSON: line items are models', () => {
    const bucket = {
      object: 'bucket',
      start_time: Date.parse('2026-11-21') / 1000,
      end_time: Date.parse('2026-11-22') / 1000,
      results: [
        { amount: { value: 0.000025, currency: 'usd' }, line_item: 'gpt-4o-2024-08-06, input' },
        { amount: { value: 0.00007, currency: 'usd' }, line_item: 'gpt-4o-2024-08-06, output' },
      ],
    };
    const document = reconciled(machine(), 'costs.json', { object: 'page', data: [bucket] });
    expect(document).toMatchObject({
      vendor: 'openai',
      rows: [{ day: '2026-11-21', model: 'gpt-4o', agrees: true }],
    });
  });

  test('usage as CSV: cached tokens are in its input', () => {
    const csv =
      'start_time,end_time,start_time_iso,num_model_requests,input_tokens,input_cached_tokens,output_tokens,model\n' +
      `${Date.parse('2026-11-21') / 1000},0,x,1,14,4,7,gpt-4o-2024-08-06\n`;
    const { rows } = reconciled(machine(), 'usage.csv', csv);
    expect(rows).toMatchObject([
      { day: '2026-11-21', model: 'gpt-4o', difference: { inputTokens: 0, cacheReadTokens: 4 } },
    ]);
  });
});

test('what is no report is one line; --strict is for CI', () => {
  const home = machine();
  const file = join(home.folder, 'x');
  const run = (content: string, ...args: string[]) => {
    writeFileSync(file, content);
    return cli(home, ['coverage', '--reconcile', file, ...args]);
  };
  expect(run('{"data": 7}')).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/ is not a known vendor report\n/),
  });
  expect(run('{')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('is not valid JSON'),
  });
  expect(run('a,b\n1,"2')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('is not valid CSV'),
  });
  expect(cli(home, ['coverage', '--reconcile', join(home.folder, 'none')]).status).toBe(2);
  const csv = 'usage_date_utc,model,cost_usd\n2026-11-20,Claude Opus 4.5,0.00300\n';
  expect(run(csv, '--strict', '20').status).toBe(0);
  expect(run(csv, '--strict', '10')).toMatchObject({
    status: 1,
    stderr: 'tallyhook: coverage: anthropic and the ledger differ by 15.00%, more than 10%\n',
  });
});
