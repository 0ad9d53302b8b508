import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Home, query, temporaryHome, writeSettings } from '../../helpers/home.ts';
import { cli, hook } from '../../helpers/program/run.ts';
import { append, request, transcriptPath } from '../../helpers/lines.ts';
import { report } from '../../helpers/program/history.ts';

const SESSION = '0c333333-0000-4000-8000-000000000004';
const ARN = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123def456';

interface Row {
  model_raw: string;
  model: string;
  cost_nano_usd: number;
  price_basis: string;
}

function homeWith(...models: string[]): Home {
  const home = temporaryHome();
  const lines = models.map((model, place) =>
    request({ session: SESSION, id: `msg_${place}`, model, input: 1000, output: 1000 }),
  );
  append(transcriptPath(home, SESSION), ...lines);
  return home;
}

function rows(home: Home): Row[] {
  const columns = 'model_raw, model, cost_nano_usd, price_basis';
  return query<Row>(home.ledger, `SELECT ${columns} FROM cost_records ORDER BY message_id`);
}

test('an alias of an ARN applies from import on, and through reprice to what was recorded', () => {
  const home = homeWith(ARN, 'my-gateway', 'claude-opus-5');
  expect(cli(home, ['import'])).toMatchObject({ status: 0 });
  const before = rows(home);
  expect(before.map(({ price_basis }) => price_basis)).toEqual(['fallback', 'fallback', 'exact']);

  expect(cli(home, ['pricing', 'alias', ARN, 'claude-sonnet-4-5'])).toMatchObject({ status: 0 });
  expect(cli(home, ['pricing', 'alias', 'my-gateway', 'glm-5.1'])).toMatchObject({ status: 0 });
  expect(rows(home)).toEqual(before);
  expect(report<{ written: number }>(home, 'reprice', '--yes').written).toBe(2);
  expect(rows(home)).toMatchObject([
    { model_raw: ARN, model: 'claude-sonnet-4-5', cost_nano_usd: 18_000_000, price_basis: 'alias' },
    { model_raw: 'my-gateway', model: 'glm-5.1', cost_nano_usd: 5_800_000, price_basis: 'alias' },
    { model: 'claude-opus-5', price_basis: 'exact' },
  ]);
  // A model's filter takes either name.
  const summary = (name: string) =>
    report<{ totals: { requests: number } }>(home, 'summary', '--model', name).totals.requests;
  expect([summary('my-gateway'), summary('glm-5.1')]).toEqual([1, 1]);

  // New requests, the alias's own and others.
  append(
    transcriptPath(home, SESSION),
    request({ session: SESSION, id: 'msg_9', model: 'My-Gateway', input: 1000, output: 1000 }),
  );
  expect(cli(home, ['import'])).toMatchObject({ status: 0 });
  expect(rows(home).at(-1)).toMatchObject({ model_raw: 'My-Gateway', model: 'glm-5.1' });
});

test('a changed and a removed alias take effect through reprice, also on an exact price', () => {
  const home = homeWith('claude-opus-5', 'my-gateway');
  writeSettings(home, { pricing: { aliases: { 'my-gateway': 'claude-opus-5' } } });
  expect(cli(home, ['import'])).toMatchObject({ status: 0 });
  expect(rows(home).map(({ model }) => model)).toEqual(['claude-opus-5', 'claude-opus-5']);

  cli(home, ['pricing', 'alias', 'MY-GATEWAY', 'claude-haiku-4-5']);
  cli(home, ['pricing', 'alias', 'claude-opus-5', 'claude-sonnet-5']);
  expect(report<{ aliases: object[] }>(home, 'pricing', 'alias', 'list').aliases).toEqual([
    { name: 'MY-GATEWAY', model: 'claude-haiku-4-5' },
    { name: 'claude-opus-5', model: 'claude-sonnet-5' },
  ]);
  cli(home, ['reprice', '--yes']);
  expect(rows(home)).toMatchObject([
    { model_raw: 'claude-opus-5', model: 'claude-sonnet-5', cost_nano_usd: 12_000_000 },
    { model_raw: 'my-gateway', model: 'claude-haiku-4-5', cost_nano_usd: 6_000_000 },
  ]);

  cli(home, ['pricing', 'alias', 'remove', 'my-gateway']);
  cli(home, ['pricing', 'alias', 'remove', 'claude-opus-5']);
  const path = join(home.folder, '.config/tallyhook/settings.json');
  expect(readFileSync(path, 'utf8')).not.toContain('aliases');
  cli(home, ['reprice', '--yes']);
  expect(rows(home)).toMatchObject([
    { model: 'claude-opus-5', price_basis: 'exact', cost_nano_usd: 30_000_000 },
    { model: 'my-gateway', price_basis: 'fallback' },
  ]);
});

test('the hook, estimate and budgets follow an alias', () => {
  const home = homeWith('my-gateway');
  cli(home, ['pricing', 'alias', 'my-gateway', 'claude-sonnet-5']);
  const event = {
    hook_event_name: 'Stop',
    session_id: SESSION,
    transcript_path: transcriptPath(home, SESSION),
    cwd: home.folder,
  };
  expect(hook(home, event)).toMatchObject({ status: 0 });
  expect(rows(home)).toMatchObject([
    { model_raw: 'my-gateway', model: 'claude-sonnet-5', cost_nano_usd: 12_000_000 },
  ]);

  const set = ['budget', 'set', 'gw', '--model', 'my-gateway', '--limit', '1', '--per', 'total'];
  expect(cli(home, set)).toMatchObject({ status: 0 });
  const { budgets } = report<{ budgets: object[] }>(home, 'budget', 'status');
  expect(budgets).toMatchObject([{ name: 'gw', spentUsd: 0.012 }]);

  const prompt = join(home.folder, 'prompt.md');
  writeFileSync(prompt, 'a prompt of a few words');
  const { stdout } = cli(home, ['estimate', prompt, '--model', 'my-gateway', '--json']);
  expect(JSON.parse(stdout)).toMatchObject({
    estimates: [{ model: 'claude-sonnet-5', priceBasis: 'alias' }],
  });
});

test.each([
  [['pricing', 'alias', 'x', 'no-such-model'], /"no-such-model" has no known price/],
  [['pricing', 'alias', 'remove', 'x'], /"x" is not an alias/],
  [['config', 'set', 'pricing.aliases', '{"a": 1}'], /is not an object of models by name/],
])('%j is refused', (args, message) => {
  const home = temporaryHome();
  const { status, stderr } = cli(home, args);
  expect(status).not.toBe(0);
  expect(stderr).toMatch(message);
});
