import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Contract } from '../helpers/program/contract.ts';
import { type Home, query, temporaryHome } from '../helpers/home.ts';
import { append, request, toolEvent, transcriptPath } from '../helpers/lines.ts';
import { Served } from '../helpers/program/server.ts';

const ROWS = 1_000_000;
const root = fileURLToPath(new URL('../..', import.meta.url));

/** The benchmarks' ledger: made once, by the program's own schema and triggers. */
function millionRows(): Home {
  const home = temporaryHome();
  const script = `import { bigLedger } from './bench/ledgers.mjs'; console.log(bigLedger(${ROWS}));`;
  const made = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: root,
    encoding: 'utf8',
  });
  mkdirSync(home.data, { recursive: true });
  copyFileSync(made.trim().split('\n').at(-1) ?? '', home.ledger);
  return home;
}

const VALUES = {
  page: ['1', '2', '9999', '1000000'],
  pageSize: ['1', '500'],
  sessionId: ['00000100-0000-4000-8000-000000000000', 'nobody'],
  agentId: ['a101-8'],
  agentType: ['Explore'],
  model: ['claude-haiku-4-5'],
  project: ['/home/user/p7', 'p7'],
  tool: ['Bash'],
  branch: ['branch-3'],
  dateFrom: ['2026-05-20', '2026-05-20T09:07:13Z'],
  dateTo: ['2026-05-20'],
  timezone: ['Europe/Berlin'],
  groupBy: ['model', 'project', 'tool', 'agent-type'],
  '/api/costs/summary groupBy': [
    'model',
    'model,project',
    'day',
    'session',
    'model,tool',
    'branch',
    'week,tool',
  ],
  // An hour's points of a whole year are too many.
  '/api/costs/timeseries interval': ['day', 'week', 'month'],
  limit: ['10'],
  cursor: ['1780000000000.500000'],
};

test('every route against the OpenAPI document on a million rows', async () => {
  const home = millionRows();
  const served = await Served.start(home);
  const contract = await Contract.of(served);
  const good = contract.good(VALUES);
  expect(good.length).toBeGreaterThan(80);
  expect(await contract.faults(good)).toEqual([]);
  expect(await contract.faults(contract.bad(VALUES, {}))).toEqual([]);
  const { total } = await served.get<{ total: number }>('/api/costs');
  const [counted] = query<{ rows: number }>(
    home.ledger,
    'SELECT count(*) AS rows FROM cost_records',
  );
  expect(total).toBe(counted?.rows);
});

test('a page far back is the one that counting would find', async () => {
  const home = millionRows();
  const served = await Served.start(home);
  for (const [filter, where] of [
    ['', ''],
    ['&model=claude-haiku-4-5', `WHERE model = 'claude-haiku-4-5'`],
    [
      '&tool=Bash&dateTo=2026-06-05T10:07:00Z',
      `WHERE tool_name = 'Bash' AND occurred_at_ms < ${Date.parse('2026-06-05T10:07:00Z')}`,
    ],
  ]) {
    const path = `/api/costs?page=300&pageSize=100${filter}`;
    const { records } = await served.get<{ records: { seq: number }[] }>(path);
    const rows = query<{ seq: number }>(
      home.ledger,
      `SELECT seq FROM cost_records ${where} ORDER BY occurred_at_ms DESC, seq DESC LIMIT 100 OFFSET 29900`,
    );
    expect(records.map(({ seq }) => seq)).toEqual(rows.map(({ seq }) => seq));
  }
});

test('hooks go on while every row is read, and while they are asked for at once', async () => {
  const home = millionRows();
  const served = await Served.start(home, ['--no-refresh']);
  let answered = 0;
  const reading = Array.from({ length: 12 }, (_, index) =>
    served
      .get(
        `/api/costs/summary?groupBy=branch,tool&dateFrom=2025-01-${String(index + 1).padStart(2, '0')}`,
      )
      .then(() => (answered += 1)),
  );
  const counts: number[] = [];
  for (let index = 0; index < 20; index++) {
    const path = append(
      transcriptPath(home, 'live'),
      request({ session: 'live', id: `m${index}` }),
    );
    expect((await served.hook(toolEvent('live', path))).status).toBe(200);
    counts.push(answered);
  }
  // The events were taken before all reports had been.
  expect(counts.at(-1)).toBeLessThan(12);
  await Promise.all(reading);
  expect(await served.get('/api/costs?sessionId=live')).toMatchObject({ total: 20 });
});
