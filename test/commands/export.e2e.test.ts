import { parse } from 'csv-parse/sync';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { type Home, temporaryHome } from '../helpers/home.ts';
import { cli, cliFile } from '../helpers/program/run.ts';
import { HISTORY_TOTALS, SHOP, writeHistory } from '../helpers/program/history.ts';
import { append, request, transcriptPath } from '../helpers/lines.ts';
import { Tail } from '../helpers/program/tail.ts';

type Row = Record<string, string | number | boolean | null>;

function historyHome(): Home {
  const home = temporaryHome();
  writeHistory(home);
  return home;
}

function exported(home: Home, ...args: string[]): string {
  const run = cli(home, ['export', ...args]);
  expect({ ...run, stdout: '' }).toEqual({ status: 0, signal: null, stdout: '', stderr: '' });
  return run.stdout;
}

function lines<Kind = Row>(text: string): Kind[] {
  expect(text.endsWith('\n')).toBe(true);
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Kind);
}

test('ndjson: one record a line, oldest first, to the nano-dollar', () => {
  const rows = lines(exported(historyHome(), '--format', 'ndjson'));
  expect(rows.map(({ messageId }) => messageId)).toEqual([
    'msg_a1',
    'msg_a2',
    'msg_a3',
    'msg_a4',
    'msg_b1',
    'msg_b2',
  ]);
  const sum = (name: string): number => rows.reduce((total, row) => total + Number(row[name]), 0);
  expect(sum('costNanoUsd')).toBe(HISTORY_TOTALS.costNanoUsd);
  expect(sum('cacheWrite1hTokens')).toBe(HISTORY_TOTALS.cacheWrite1hTokens);
  expect(rows[0]).toMatchObject({
    sessionId: SHOP,
    occurredAtMs: Date.parse('2026-10-24T21:59:59.999Z'),
    costUsd: 0.0175,
    isOutputFinal: true,
    toolName: 'Bash',
    agentId: null,
  });
});

test('ndjson has the same objects as tail --json', async () => {
  const home = historyHome();
  const told = lines(exported(home, '--format', 'ndjson'));
  const tail = new Tail(home, ['--json', '--since', '2026-01-01']);
  for (const { messageId } of told) await tail.shows(String(messageId));
  const { stdout } = await tail.end();
  const inOrder = (rows: Row[]): Row[] =>
    rows.toSorted((a, b) => Number(a['occurredAtMs']) - Number(b['occurredAtMs']));
  expect(inOrder(lines(stdout))).toEqual(told);
});

test('json: one document, with the filters it was asked for', () => {
  const home = historyHome();
  const text = exported(home, '--format', 'json', '-z', 'Europe/Berlin', '--since', '2026-10-25');
  const document = JSON.parse(text) as Row & { records: Row[] };
  expect(Object.keys(document)).toEqual([
    'schemaVersion',
    'generatedAt',
    'timezone',
    'filters',
    'records',
  ]);
  expect(document).toMatchObject({
    schemaVersion: 1,
    timezone: 'Europe/Berlin',
    filters: { since: '2026-10-25' },
  });
  expect(document.records.map(({ messageId }) => messageId)).toEqual([
    'msg_a2',
    'msg_a3',
    'msg_a4',
    'msg_b1',
    'msg_b2',
  ]);
});

test('csv: a header and a line a record, the same values as in ndjson', () => {
  const home = historyHome();
  const [header = '', first = '', ...rest] = exported(home).split('\r\n');
  const names = header.split(',');
  const [record = {}] = lines(exported(home, '--format', 'ndjson'));
  expect(names).toEqual(Object.keys(record));
  expect(first.split(',')).toEqual(
    names.map((name) => (record[name] === null ? '' : String(record[name]))),
  );
  expect(rest).toHaveLength(6);
  expect(rest.at(-1)).toBe('');
});

test('csv: quotes, line ends and what a spreadsheet would run', () => {
  const home = temporaryHome();
  const session = '0d444444-0000-4000-8000-000000000004';
  append(
    transcriptPath(home, session),
    request({ session, id: 'msg_1', branch: '=HYPERLINK("http://x","y")', cwd: '/a\n"b",c' }),
    request({ session, id: 'msg_2', branch: '-1+2', tools: [['t1', '@SUM']] }),
    request({ session, id: 'msg_3', branch: 'a,b' }),
  );
  const text = exported(home, '--format', 'csv');
  expect(text).toContain(`,"'=HYPERLINK(""http://x"",""y"")",`);
  expect(text).toContain(`,"/a\\n""b"",c",`);
  expect(text).toContain(`,'-1+2,`);
  expect(text).toContain(`,'@SUM,`);
  expect(text).toContain(`,"a,b",`);
});

test('an integer beyond 2^53 is a text with all its digits', () => {
  const home = historyHome();
  cli(home, ['import']);
  const db = new Database(home.ledger);
  db.exec(`UPDATE cost_records SET cost_nano_usd = 9007199254740993 WHERE message_id = 'msg_a1'`);
  db.close();
  const [row] = lines(exported(home, '--format', 'ndjson', '--no-refresh'));
  expect(row).toMatchObject({ costNanoUsd: '9007199254740993', inputTokens: 1000 });
  expect(exported(home, '--no-refresh')).toContain(',9007199254740993,');
});

test('every filter of a report filters an export', () => {
  const home = historyHome();
  const ids = (...args: string[]): unknown[] =>
    lines(exported(home, '--format', 'ndjson', ...args)).map(({ messageId }) => messageId);
  expect(ids('--session', SHOP, '--tool', 'Read')).toEqual(['msg_a3']);
  expect(ids('--session', '0a')).toEqual(['msg_a1', 'msg_a2', 'msg_a3', 'msg_a4']);
  expect(ids('--project', join(home.folder, 'blog'))).toEqual(['msg_b1', 'msg_b2']);
  expect(ids('--agent-type', 'Explore')).toEqual(['msg_a3', 'msg_a4']);
  expect(ids('--model', 'claude-opus-4-5', '--until', '2026-10-24')).toEqual(['msg_a1', 'msg_a2']);
});

test('groups: the summary as JSON, a line a group in the other formats', () => {
  const home = historyHome();
  const by = ['--by', 'model,project'];
  const document = JSON.parse(exported(home, ...by, '--format', 'json')) as { groups: Row[] };
  const summary = cli(home, ['summary', ...by, '--json']);
  expect(document.groups).toEqual((JSON.parse(summary.stdout) as typeof document).groups);
  expect(lines(exported(home, ...by, '--format', 'ndjson'))).toEqual(document.groups);
  const [header, first] = exported(home, '--by', 'class').split('\r\n');
  expect(header).toMatch(/^class,requests,inputTokens,.*,costNanoUsd,costUsd,/);
  expect(first).toMatch(/^\w+,3,/);
});

test('an empty ledger exports nothing, validly', () => {
  const home = temporaryHome();
  expect(exported(home).split('\r\n')).toHaveLength(2);
  expect(exported(home, '--format', 'ndjson')).toBe('');
  expect(JSON.parse(exported(home, '--format', 'json'))).toMatchObject({ records: [] });
});

test('a file: its ending names the format, its owner alone reads it, nothing is left beside it', () => {
  const home = historyHome();
  const folder = join(home.folder, 'out');
  mkdirSync(folder);
  for (const [name, count] of [
    ['a.ndjson', 6],
    ['b.JSON', 14],
    ['c.csv', 7],
    ['d', 7],
  ] as const) {
    const run = cli(home, ['export', '-o', join(folder, name)]);
    expect(run).toMatchObject({ status: 0, stdout: '' });
    expect(run.stderr).toBe(`tallyhook: 6 requests in ${join(folder, name)}\n`);
    expect(readFileSync(join(folder, name), 'utf8').split('\n')).toHaveLength(count + 1);
    expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  }
  expect(readdirSync(folder)).toEqual(['a.ndjson', 'b.JSON', 'c.csv', 'd']);
  expect(exported(home, '-o', '-', '--format', 'ndjson').split('\n')).toHaveLength(7);
});

test('an export that fails leaves the old file, and nothing beside it', () => {
  const home = historyHome();
  cli(home, ['import']);
  const db = new Database(home.ledger);
  // Half of the records are written when this one is met.
  db.exec(`UPDATE cost_records SET metadata = '{' WHERE message_id = 'msg_a4'`);
  db.close();
  const folder = join(home.folder, 'out');
  mkdirSync(folder);
  writeFileSync(join(folder, 'costs.json'), 'old');
  const run = cli(home, ['export', '--no-refresh', '-o', join(folder, 'costs.json')]);
  expect(run.status).toBe(1);
  expect(readFileSync(join(folder, 'costs.json'), 'utf8')).toBe('old');
  expect(readdirSync(folder)).toEqual(['costs.json']);
});

test('--excel writes CSV that begins with a byte order mark, requests and groups alike', () => {
  const home = historyHome();
  const bytes = (...args: string[]): string => exported(home, '--excel', ...args);
  expect(bytes()).toBe(`\uFEFF${exported(home)}`);
  expect(bytes('--by', 'model')).toBe(`\uFEFF${exported(home, '--by', 'model')}`);
  expect(cli(home, ['export', '--excel', '--format', 'json'])).toMatchObject({ status: 2 });
});

test('rows have the time as text, too', () => {
  const rows = parse<Record<string, string>>(exported(historyHome()), { columns: true });
  expect(rows).toHaveLength(6);
  const times = rows.map(({ occurredAtMs }) => new Date(Number(occurredAtMs)).toISOString());
  expect(rows.map(({ occurredAt }) => occurredAt)).toEqual(times);
});

test.each([
  ['costs.xlsx', '.xlsx is not an export format'],
  ['costs.csv.gz', '.gz is not an export format'],
  ['costs.CSV.txt', '.txt is not an export format'],
  ['.', 'is a folder'],
  ['nowhere/costs.csv', 'there is no folder nowhere'],
  ['shop/.git/costs.csv', 'there is no folder shop/.git'],
])('-o %s is refused in one line with the way out', (path, what) => {
  const home = historyHome();
  const run = cli(home, ['export', '-o', path]);
  expect(run).toMatchObject({ status: 2, stdout: '' });
  expect(run.stderr).toMatch(/^tallyhook: --output: .*\n.*\n$/);
  expect(run.stderr).toContain(what);
});

test('a reader that has seen enough is no failure', () => {
  const home = historyHome();
  const session = '0e555555-0000-4000-8000-000000000005';
  // More than a pipe holds, so that the writer meets its closed end.
  const many = Array.from({ length: 2000 }, (_, n) => request({ session, id: `msg_${n}` }));
  append(transcriptPath(home, session), ...many);
  const shell = `"${process.execPath}" "${cliFile}" export | head -2 | wc -l; echo "\${PIPESTATUS[0]}"`;
  const run = spawnSync('bash', ['-c', shell], { env: home.env, encoding: 'utf8' });
  expect(run.stdout.split('\n').map((line) => line.trim())).toEqual(['2', '0', '']);
  expect(run.stderr).toBe('');
});
