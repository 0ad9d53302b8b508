import { chmodSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { draft, outbox, queueAlerts, queueDrafts } from '../helpers/alerts.ts';
import { type Change, Contract } from '../helpers/program/contract.ts';
import { type Home, temporaryHome } from '../helpers/home.ts';
import { cli } from '../helpers/program/run.ts';
import { boundUser } from '../helpers/program/troubles.ts';
import { Served, asPage, errorOf } from '../helpers/program/server.ts';

const ROUTE = '/api/costs/alerts/acknowledge';

function acknowledge(served: Served, body: unknown, headers: Record<string, string> = {}) {
  return served.ask(ROUTE, { method: 'POST', body: JSON.stringify(body), headers });
}

function numbersOf(home: Home, line: string): number[] {
  const { stdout, stderr } = cli(home, ['alerts', ...line.split(' '), '--json', '--no-refresh']);
  if (stderr !== '') throw new Error(stderr);
  return (JSON.parse(stdout) as { alerts: { number: number }[] }).alerts.map(
    ({ number }) => number,
  );
}

/** Four alerts that wait for a channel which nobody listens to. */
function fourAlerts(): Home {
  const home = temporaryHome();
  queueAlerts(home.ledger, 'webhook', 4);
  return home;
}

const open = (home: Home): number[] => numbersOf(home, '--open').toSorted();

describe('alerts acknowledged over HTTP', () => {
  test('are as alerts ack leaves them: seen, and what waits of them dropped', async () => {
    const home = fourAlerts();
    const served = await Served.start(home);
    expect(JSON.parse((await acknowledge(served, { numbers: [2] })).text)).toMatchObject({
      schemaVersion: 1,
      acknowledged: [2],
    });
    expect(cli(home, ['alerts', 'ack', '3']).stdout).toBe('acknowledged: 3\n');
    expect(open(home)).toEqual([1, 4]);
    expect(outbox(home).map(({ state }) => state)).toEqual([
      'pending',
      'cancelled',
      'cancelled',
      'pending',
    ]);
    const { alerts, ...rest } = await served.get<{
      alerts: { number: number; acknowledgedAt: string | null }[];
      open: number;
      total: number;
    }>('/api/costs/alerts');
    expect(rest).toMatchObject({ open: 2, total: 4 });
    expect(alerts.map(({ acknowledgedAt }) => acknowledgedAt !== null)).toEqual([
      false,
      true,
      true,
      false,
    ]);
    // Twice is as once, and all are those that are left.
    expect((await acknowledge(served, { numbers: [2, 3] })).text).toContain('"acknowledged":[]');
    expect((await acknowledge(served, { numbers: 'all' })).text).toContain('"acknowledged":[1,4]');
    expect(cli(home, ['alerts', 'ack', '--all']).stdout).toBe('No alerts were open.\n');
    queueDrafts(home.ledger, draft(9));
    expect(await served.get('/api/costs/alerts?pageSize=1')).toMatchObject({ open: 1, total: 5 });
  });

  test('a page needs the CSRF token, and reads it from here alone', async () => {
    const home = fourAlerts();
    const served = await Served.start(home);
    const headers = await asPage(served);
    const all = { numbers: 'all' };
    const { csrfToken } = JSON.parse((await served.ask('/api/csrf', { headers })).text) as {
      csrfToken: string;
    };
    const hooks = cli(home, ['serve', '--hooks']).stdout;
    const ingest = /"(Bearer [^"]+)"/.exec(hooks)?.[1] ?? '';
    for (const [given, status, code] of [
      [headers, 403, 'csrf'],
      [{ ...headers, 'x-csrf-token': 'guessed' }, 403, 'csrf'],
      [{ ...headers, 'x-csrf-token': served.token }, 403, 'csrf'],
      [{ ...headers, 'x-csrf-token': csrfToken, cookie: '' }, 401, 'unauthorized'],
      [
        { ...headers, 'x-csrf-token': csrfToken, origin: 'http://127.0.0.1:1' },
        403,
        'foreign_origin',
      ],
      [{ ...headers, 'x-csrf-token': csrfToken, host: 'evil.example' }, 403, 'foreign_host'],
      [{ authorization: 'Bearer wrong' }, 401, 'unauthorized'],
      [{ authorization: ingest }, 403, 'forbidden'],
    ] as const) {
      const answer = await acknowledge(served, all, given);
      expect([answer.status, errorOf(answer).code], JSON.stringify(given)).toEqual([status, code]);
    }
    expect(open(home)).toEqual([1, 2, 3, 4]);
    const taken = await acknowledge(served, all, { ...headers, 'x-csrf-token': csrfToken });
    expect(taken.status).toBe(200);
    expect(open(home)).toEqual([]);
  });

  test('what is wrong is named, and nothing is marked', async () => {
    const home = fourAlerts();
    const served = await Served.start(home);
    for (const [body, field, code] of [
      [{}, 'numbers', 'bad_body'],
      [{ numbers: [] }, 'numbers', 'bad_body'],
      [{ numbers: ['1'] }, 'numbers', 'bad_body'],
      [{ numbers: [1.5] }, 'numbers', 'bad_body'],
      [{ numbers: [0] }, 'numbers', 'bad_body'],
      [{ numbers: [1, null] }, 'numbers', 'bad_body'],
      [{ numbers: 'every' }, 'numbers', 'bad_body'],
      [{ numbers: Array.from({ length: 1001 }, () => 1) }, 'numbers', 'bad_body'],
      [{ numbers: [1], number: 2 }, 'number', 'unknown_field'],
      [[1], null, 'bad_body'],
      ['1); DROP TABLE alerts; --', null, 'bad_body'],
      [null, null, 'bad_body'],
    ] as const) {
      const answer = await acknowledge(served, body);
      const { field: named, code: said } = errorOf(answer);
      const text = JSON.stringify(body).slice(0, 80);
      expect([answer.status, named, said, text]).toEqual([400, field, code, text]);
    }
    const nothing = await served.ask(ROUTE, { method: 'POST', body: '{"numbers":' });
    expect([nothing.status, errorOf(nothing).code]).toEqual([400, 'bad_body']);
    const large = await served.ask(ROUTE, { method: 'POST', body: 'x'.repeat(20_000) });
    expect(large.status).toBe(413);
    const unknown = await acknowledge(served, { numbers: [1, 99, 2 ** 53 - 1] });
    expect([unknown.status, errorOf(unknown)]).toEqual([
      404,
      { code: 'not_found', message: 'there is no alert 99', field: 'numbers' },
    ]);
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const other = await served.ask(ROUTE, { method });
      expect([other.status, other.headers.allow]).toEqual([405, 'POST']);
    }
    const query = await served.ask(`${ROUTE}?all=1`, { method: 'POST', body: '{"numbers":"all"}' });
    expect([query.status, errorOf(query).field]).toEqual([400, 'all']);
    expect(open(home)).toEqual([1, 2, 3, 4]);
  });

  test('a ledger that its user may not write says so', async () => {
    const home = fourAlerts();
    chmodSync(home.ledger, 0o400);
    const user = boundUser(home);
    if (user === null) return;
    const served = await Served.start(home, ['--no-refresh'], {}, user);
    const answer = await acknowledge(served, { numbers: [1] });
    expect([answer.status, errorOf(answer).code]).toEqual([503, 'ledger_readonly']);
  });
});

test('changes, against the OpenAPI document', async () => {
  const home = fourAlerts();
  const contract = await Contract.of(await Served.start(home));
  const budgets = '/api/costs/budgets';
  const daily = { name: 'daily', limit: '2.5', per: 'day' };
  const removal = { method: 'delete', route: `${budgets}/{name}` } as const;
  const changes: Change[] = [
    { method: 'post', route: ROUTE, body: { numbers: [1, 2] }, status: 200 },
    { method: 'post', route: ROUTE, body: { numbers: 'all' }, status: 200 },
    { method: 'post', route: ROUTE, body: { numbers: [99] }, status: 404 },
    { method: 'post', route: ROUTE, body: { numbers: [] }, status: 400 },
    { method: 'post', route: ROUTE, body: { numbers: [-1] }, status: 400 },
    { method: 'post', route: ROUTE, body: { numbers: [1], colour: 'red' }, status: 400 },
    { method: 'post', route: budgets, body: daily, status: 200 },
    { method: 'post', route: budgets, body: { ...daily, per: 'year' }, status: 400 },
    { ...removal, path: `${budgets}/daily`, status: 200 },
    { ...removal, path: `${budgets}/daily`, status: 404 },
  ];
  const faults: (string | null)[] = [];
  for (const one of changes) faults.push(await contract.changeFault(one));
  expect(faults.filter((fault) => fault !== null)).toEqual([]);
  const asked = new Set(changes.map(({ method, route }) => `${method} ${route}`));
  const changing = contract.changes.filter((name) => name.includes('/api/'));
  expect([...asked].toSorted()).toEqual(changing.toSorted());
});
