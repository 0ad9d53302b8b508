import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { commandTree } from '../../src/commands/completion/tree.ts';
import { commands } from '../../src/commands/index.ts';
import { SCHEMAS } from '../../src/schemas/index.ts';
import { placedCommands } from '../../src/core/command-spec.ts';
import { SETTINGS, SETTING_KEYS } from '../../src/core/settings/table.ts';
import { findSettingFault } from '../../src/core/settings/checks.ts';
import { writeHistory } from '../helpers/program/history.ts';
import { type Home, openFile, temporaryHome, writeSettings } from '../helpers/home.ts';
import { cli } from '../helpers/program/run.ts';
import { importHome } from '../helpers/ledger.ts';
import { append, compacted, costState, request, transcriptPath } from '../helpers/lines.ts';
import { Tail } from '../helpers/program/tail.ts';

/** Each document that a command prints, and the schema that it has to fit. */
const DOCUMENTS: [line: string, schema: string][] = [
  ['', 'overview'],
  ['summary', 'overview'],
  ['summary --by model,day --limit 2', 'report'],
  ['summary --by tool,skill,branch', 'report'],
  ['summary --by session', 'report'],
  ['summary --last 9w', 'report'],
  ['summary --session last', 'session'],
  ['sessions --id last', 'session'],
  ['daily --breakdown', 'report'],
  ['summary --by ticket,hour', 'report'],
  ['summary --by cause,part', 'shares'],
  ['summary --by tool,mcp-server --attributed --limit 2', 'shares'],
  ['daily --by file,command,plugin', 'shares'],
  ['summary --by pr', 'report'],
  ['explain', 'explain-session'],
  ['explain last', 'explain-session'],
  ['cache-misses', 'cache-misses'],
  ['project', 'project'],
  ['project show', 'project'],
  ['requests', 'requests'],
  ['requests --limit 2', 'requests'],
  ['daily', 'report'],
  ['weekly', 'report'],
  ['monthly', 'report'],
  ['sessions', 'report'],
  ['compare --command ./ccusage', 'compare'],
  ['coverage', 'coverage'],
  ['coverage --by session', 'coverage'],
  ['coverage --by day --no-transcripts', 'coverage'],
  ['coverage --by project', 'coverage'],
  ['coverage --session last', 'coverage'],
  ['coverage --reconcile cost.csv', 'reconcile'],
  ['import', 'import'],
  ['verify', 'verify'],
  ['pricing show opus', 'pricing-show'],
  ['pricing show acme-9', 'pricing-show'],
  ['pricing show gemini-2.5-pro', 'pricing-show'],
  ['pricing list', 'pricing-list'],
  ['pricing list nothing-like-it', 'pricing-list'],
  ['pricing unknown', 'pricing-unknown'],
  ['pricing alias list', 'pricing-alias-list'],
  ['pricing update --from prices.json --dry-run', 'pricing-update'],
  ['pricing diff', 'pricing-diff'],
  ['reprice --dry-run', 'reprice'],
  ['reprice --all', 'reprice'],
  ['estimate prices.json --model opus,acme-9', 'estimate'],
  ['budget', 'budget-status'],
  ['budget status', 'budget-status'],
  ['budget check', 'budget-check'],
  ['budget list', 'budget-list'],
  ['budget history', 'budget-history'],
  ['budget set all --limit 99 --per total', 'budget-set'],
  ['alerts', 'alerts'],
  ['alerts list --level warning --open --limit 3', 'alerts'],
  ['alerts ack --all', 'alerts-ack'],
  ['alerts send', 'alerts-send'],
  ['alerts test desktop', 'alerts-test'],
  ['config show', 'config-show'],
  ['config', 'config-show'],
];

/** Those that need a budget. */
const OF_BUDGETS: [line: string, schema: string][] = [
  ['budget', 'budget-status'],
  ['budget check', 'budget-check'],
  ['budget list', 'budget-list'],
  ['budget allow daily 5', 'budget-allow'],
  ['budget allow daily 5 --for 2h', 'budget-allow'],
  ['budget history', 'budget-history'],
  ['budget set daily --limit 5 --per session --project . --tool Bash', 'budget-set'],
  ['budget remove daily', 'budget-remove'],
  ['alerts', 'alerts'],
  ['alerts ack 1', 'alerts-ack'],
];

/** Compiled once: compiling takes longer than all that is checked. */
const compiled = new Map<string, ReturnType<Ajv['compile']>>();

/** A schema as it is published, every object of it closed: a field that it does not name is a fault. */
function published(name: string, isClosed: boolean): ReturnType<Ajv['compile']> {
  const id = `${name} ${isClosed}`;
  const known = compiled.get(id);
  if (known !== undefined) return known;
  const file = new URL(`../../schemas/${name}.schema.json`, import.meta.url);
  const closed = (key: string, value: unknown): unknown =>
    isClosed && key === 'additionalProperties' && JSON.stringify(value) === '{}' ? false : value;
  const made = new Ajv({ allErrors: true }).compile(JSON.parse(readFileSync(file, 'utf8'), closed));
  compiled.set(id, made);
  return made;
}

function faults(name: string, document: unknown, isClosed = true): unknown {
  const read = SCHEMAS[name]?.schema.safeParse(document);
  const validate = published(name, isClosed);
  void validate(document);
  const found = (validate.errors ?? []).map(({ instancePath, message, params }) => {
    return `${instancePath} ${message} ${JSON.stringify(params)}`;
  });
  return { zod: read?.error?.message ?? null, published: found };
}

const NONE = { zod: null, published: [] };

function machine(): Home {
  const home = temporaryHome();
  const unknown = { id: 'msg_u', model: 'acme-9', session: 's9' };
  writeHistory(home);
  append(transcriptPath(home, 's9'), request(unknown));
  importHome(home);
  return home;
}

function documentOf(home: Home, line: string, env: Record<string, string> = {}): unknown {
  const prices = { models: { 'claude-opus-4-8': { input: 4.5, output: 22 } } };
  writeFileSync(join(home.folder, 'prices.json'), JSON.stringify(prices));
  const billed = 'usage_date_utc,model,cost_usd\n2026-11-20,Claude Opus 4.5,0.003\n';
  writeFileSync(join(home.folder, 'cost.csv'), billed);
  // What ccusage says of a day that nobody has worked on.
  const said = { modelName: 'acme-9', inputTokens: 5, cost: 0.5 };
  const theirs = JSON.stringify({ daily: [{ date: '2026-10-01', modelBreakdowns: [said] }] });
  writeFileSync(join(home.folder, 'ccusage'), `#!/bin/sh\necho '${theirs}'\n`, { mode: 0o755 });
  // What a desktop has.
  writeFileSync(join(home.folder, 'notify-send'), '#!/bin/sh\n', { mode: 0o755 });
  writeSettings(home, { alerts: { desktop: true } });
  const args = line.split(' ').filter((word) => word !== '');
  const path = { PATH: `${home.folder}:${process.env['PATH']}` };
  const { status, stdout, stderr } = cli(home, [...args, '--json'], { env: { ...path, ...env } });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout) as unknown;
}

describe('what --json prints fits its schema, which names every field of it', () => {
  test('each command that has --json is here', async () => {
    const withJson = placedCommands(await commandTree(commands))
      .filter(({ command }) => command.flags.some(({ name }) => name === 'json'))
      .filter(({ path, command }) => path === '/' || path.endsWith(`/${command.names[0]}`))
      .map(({ path }) => path.slice(1).replaceAll('/', ' '));
    const missing = withJson.filter(
      (path) =>
        // They have tests of their own below.
        !['tail', 'doctor'].includes(path) &&
        ![...DOCUMENTS, ...OF_BUDGETS].some(([line]) => `${line} `.startsWith(`${path} `)),
    );
    expect(missing).toEqual([]);
  });

  test.each(DOCUMENTS)('%j on a ledger', (line, schema) => {
    expect(faults(schema, documentOf(machine(), line))).toEqual(NONE);
  });

  test.each(DOCUMENTS)('%j without any', (line, schema) => {
    expect(faults(schema, documentOf(temporaryHome(), line))).toEqual(NONE);
  });

  test.each(OF_BUDGETS)('%j where there are budgets', (line, schema) => {
    const home = machine();
    for (const per of ['day', 'session', 'prompt', 'month']) {
      const name = per === 'day' ? 'daily' : per;
      cli(home, ['budget', 'set', name, '--limit', '90', '--per', per, '--branch', 'main']);
    }
    cli(home, ['budget', 'allow', 'daily', '1']);
    openFile(home.ledger).exec(
      `INSERT INTO alerts (key, kind, subject, window_key, level, step, amount_nano_usd, limit_nano_usd, reason, occurred_at_ms)
       VALUES ('k', 'budget', 'daily', '2026-11-20', 'warning', 'warning', 8, 9, 'most of it is spent', 7);
       INSERT INTO notification_outbox (alert_id, channel) VALUES (1, 'slack')`,
    );
    expect(faults(schema, documentOf(home, line))).toEqual(NONE);
  });

  test('doctor, which finds faults here', () => {
    for (const home of [machine(), temporaryHome()]) {
      const { status, stdout } = cli(home, ['doctor', '--json']);
      expect(status).toBe(1);
      expect(faults('doctor', JSON.parse(stdout))).toEqual(NONE);
    }
  });

  test('where prices were updated, and every row has to be priced anew', () => {
    const home = machine();
    documentOf(home, 'pricing list');
    expect(cli(home, ['pricing', 'update', '--from', 'prices.json']).status).toBe(0);
    const difference = documentOf(home, 'pricing diff');
    expect(difference).toMatchObject({ differences: [{ model: 'claude-opus-4-8' }] });
    expect(faults('pricing-diff', difference)).toEqual(NONE);
    const env = { COST_PRICING_ACME_9_INPUT: '1', COST_PRICING_ACME_9_OUTPUT: '2' };
    const repriced = documentOf(home, 'reprice', env);
    expect(repriced).toMatchObject({ written: 1 });
    expect(faults('reprice', repriced)).toEqual(NONE);
  });

  test('coverage where clients have told, and requests were lost', () => {
    const home = machine();
    const usual = { session: 's7', model: 'claude-opus-4-5' };
    const path = append(transcriptPath(home, 's7'), request({ ...usual, id: 'a' }));
    append(path, request({ ...usual, id: 'b' }), compacted('s7', 'c'));
    append(path, costState('s7', { [usual.model]: { cost: 1, input: 700 } }));
    cli(home, ['import']);
    openFile(home.ledger).exec(`DELETE FROM cost_records WHERE message_id = 'b'`);
    const document = documentOf(home, 'coverage --by session');
    expect(document).toMatchObject({ totals: { causes: [{}] }, lost: [{ id: 'b|req_b' }] });
    expect(faults('coverage', document)).toEqual(NONE);
  });

  test('sums beyond 2^53', () => {
    const home = temporaryHome();
    for (const id of ['a', 'b']) {
      const output = 20_000_000_000;
      append(transcriptPath(home, 's1'), request({ session: 's1', id, output, model: 'acme-9' }));
    }
    const document = documentOf(home, 'daily', {
      COST_PRICING_ACME_9_INPUT: '1',
      COST_PRICING_ACME_9_OUTPUT: '300',
    });
    expect(document).toMatchObject({ totals: { costNanoUsd: expect.any(String) } });
    expect(faults('report', document)).toEqual(NONE);
  });

  test('export: its document, and each line of it', () => {
    for (const home of [machine(), temporaryHome()]) {
      const exported = (format: string): string => {
        const { status, stdout } = cli(home, ['export', '--format', format]);
        expect(status).toBe(0);
        return stdout;
      };
      expect(faults('export', JSON.parse(exported('json')))).toEqual(NONE);
      for (const line of exported('ndjson')
        .split('\n')
        .filter((text) => text !== '')) {
        expect(faults('record', JSON.parse(line))).toEqual(NONE);
      }
      const groups = cli(home, ['export', '--format', 'json', '--by', 'model,day']).stdout;
      expect(faults('report', JSON.parse(groups))).toEqual(NONE);
    }
  });

  test('each line of tail', async () => {
    const home = machine();
    const tail = new Tail(home, ['--json', '--since', '2020-01-01']);
    await tail.showsLines(7);
    await tail.end();
    const records = tail.lines().map((line) => JSON.parse(line) as unknown);
    for (const record of records) expect(faults('record', record)).toEqual(NONE);
  });
});

test('a schema finds what is wrong', () => {
  const document = documentOf(machine(), 'daily') as { totals: { costNanoUsd: unknown } };
  document.totals.costNanoUsd = 'a lot';
  expect(faults('report', document)).toEqual({
    zod: expect.stringContaining('costNanoUsd'),
    published: expect.arrayContaining([expect.stringContaining('/totals/costNanoUsd')]),
  });
});

describe('the settings', () => {
  const values = [null, '', 'x', 'opus', 'none', 0, 7, -1, 1.5, true, false, [], ['google'], [7]];
  const budgets = [
    { daily: { limit: 5, per: 'day' } },
    { daily: { limit: '0.5', per: 'total', warn: 1, critical: 100, failClosed: true, tool: 'x' } },
    { daily: null },
    { daily: { limit: 5 } },
    { daily: { limit: 0, per: 'day' } },
    { daily: { limit: '0.0', per: 'day' } },
    { daily: { limit: -1, per: 'day' } },
    { daily: { limit: 5, per: 'day', warn: 0 } },
    { daily: { limit: 5, per: 'day', more: 1 } },
    { 'no name': { limit: 5, per: 'day' } },
  ];
  const objects = [{}, { format: 'csv' }, { format: 'xml' }, { format: 'csv', folder: '/x' }];

  const ofAlerts = [
    'https://example.com/x',
    'ftp://example.com',
    '22:00-07:00',
    '22:00-24:00',
    'you@example.com',
    'You <you@example.com>',
    'you@example.com, <other@example.com>',
    ['you@example.com'],
    ['you'],
    { warning: 3 },
    { info: 0.5, critical: 3 },
    { warning: 0 },
    { other: 3 },
    { slack: 'info' },
    { slack: 'loud' },
    { fax: 'info' },
  ];

  test.each(SETTING_KEYS.filter((key) => SETTINGS[key].setBy.includes('user')))(
    '%s: its schema takes what the program takes',
    (key) => {
      const [group = '', name] = key.split('.');
      const fileWith = (value: unknown): object =>
        name === undefined ? { [group]: value } : { [group]: { [name]: value } };
      const own = key === 'budgets' ? budgets : group === 'alerts' ? ofAlerts : [];
      const all = [...values, ...objects, ...own];
      // Which time zones there are no schema knows.
      const isZone = (value: unknown): boolean => key === 'timezone' && /./.test(String(value));
      const taken = all.filter(
        (value) =>
          value === null ||
          findSettingFault(key, value) === null ||
          (typeof value === 'string' && isZone(value)),
      );
      const fits = (value: unknown): boolean =>
        JSON.stringify(faults('settings', fileWith(value))) === JSON.stringify(NONE);
      expect(all.filter(fits)).toEqual(taken);
    },
  );

  test('may name their schema; a misspelt name shows', () => {
    const good = { $schema: './settings.schema.json', pricing: { fallback: 'zero' } };
    expect(faults('settings', good)).toEqual(NONE);
    expect(faults('settings', { pricng: {} })).not.toEqual(NONE);
    const home = temporaryHome();
    writeSettings(home, good);
    expect(cli(home, ['config', 'get', 'pricing.fallback'])).toMatchObject({
      stdout: 'zero\n',
      stderr: '',
    });
  });
});

test('tallyhook schema lists the names, and prints the published file', () => {
  const home = temporaryHome();
  const names = cli(home, ['schema']).stdout.trimEnd().split('\n');
  expect(names).toEqual(Object.keys(SCHEMAS).sort());
  for (const name of ['report', 'settings']) {
    const file = new URL(`../../schemas/${name}.schema.json`, import.meta.url);
    expect(cli(home, ['schema', name]).stdout).toBe(readFileSync(file, 'utf8'));
  }
});
