import { describe, expect, test } from 'vitest';
import { Contract } from '../helpers/program/contract.ts';
import { spend, good } from '../helpers/program/budgets.ts';
import { type Home, temporaryHome } from '../helpers/home.ts';
import { cli, hook } from '../helpers/program/run.ts';
import { append, request, toolEvent, transcriptPath } from '../helpers/lines.ts';
import { Served } from '../helpers/program/server.ts';

const WRONG = {
  dateFrom: ['yesterday', '2026-13-01', '2026-02-30'],
  dateTo: ['tomorrow'],
  timezone: ['Mars/Olympus'],
  groupBy: ['colour', 'model,colour'],
  cursor: ['x', '1.', 'NaN.1'],
  at: ['noon'],
};

const GOOD = {
  page: ['1', '2', '1000000000'],
  pageSize: ['1', '500'],
  sessionId: ['s1', 'nobody'],
  agentId: ['a1', 'nobody'],
  agentType: ['Explore', 'nobody'],
  model: ['claude-opus-4-5', 'opus', 'no-such-model'],
  project: ['/home/user/shop', 'shop', 'nowhere'],
  tool: ['Bash', 'none'],
  branch: ['main', 'none'],
  dateFrom: ['2026-11-20', '2026-11-20T09:07:13Z', '20261119'],
  dateTo: ['2026-11-20', '2026-11-20T10:30:01+01:00'],
  timezone: ['UTC', 'Europe/Berlin', 'Asia/Kolkata'],
  groupBy: ['', 'model', 'project', 'tool', 'branch', 'ticket', 'agent'],
  '/api/costs/summary groupBy': [
    '',
    'model',
    'model,day',
    'session',
    'week,project',
    'user',
    'tool,branch',
  ],
  '/api/costs/shares groupBy': ['', 'cause', 'tool,part', 'file,day', 'model,cause', 'plugin'],
  limit: ['1', '10000'],
  cursor: ['0.0', '1795000000000.9'],
  provider: ['anthropic', 'nobody'],
  search: ['opus', 'nobody'],
  at: ['2026-10-07', '2026-10-07T12:00:00Z'],
  budget: ['daily', 'nobody'],
};

/** Three sessions of two models, with a subagent, tool calls, a client's total, a budget and its alert. */
function realLedger(): Home {
  const home = temporaryHome();
  good(home, 'set daily --limit 0.001 --per day --action warn');
  const path = transcriptPath(home, 's1');
  const at = (minute: number): string =>
    new Date(Date.now() - 3_600_000 + minute * 60_000).toISOString();
  append(
    path,
    request({ session: 's1', id: 'm1', at: at(1), tools: [['t1', 'Bash']], read: 5000 }),
  );
  append(path, request({ session: 's1', id: 'm2', at: at(2), write1h: 700, searches: 1 }));
  const agent = { agentId: 'a1', agentType: 'Explore', model: 'claude-haiku-4-5' };
  append(
    path.replace('.jsonl', '/subagents/agent-a1.jsonl'),
    request({ session: 's1', id: 'm3', ...agent }),
  );
  append(transcriptPath(home, 's2'), request({ session: 's2', id: 'm4', model: 'acme-large-9' }));
  spend(home, 's3', 1.5);
  const started = cli(home, ['import']);
  if (started.status !== 0) throw new Error(started.stderr);
  hook(home, toolEvent('s1', path, { hook_event_name: 'PostToolBatch', tool_calls: [] }));
  return home;
}

describe('every route, against the OpenAPI document', () => {
  test('on a real ledger', async () => {
    const served = await Served.start(realLedger());
    const contract = await Contract.of(served);
    expect(contract.routes.toSorted()).toEqual([
      '/api/costs',
      '/api/costs/alerts',
      '/api/costs/budgets',
      '/api/costs/cache',
      '/api/costs/coverage',
      '/api/costs/pricing',
      '/api/costs/sessions',
      '/api/costs/sessions/{sessionId}',
      '/api/costs/sessions/{sessionId}/explain',
      '/api/costs/sessions/{sessionId}/timeline',
      '/api/costs/shares',
      '/api/costs/summary',
      '/api/costs/timeseries',
    ]);
    const cases = contract.good(GOOD);
    expect(cases.length).toBeGreaterThan(100);
    expect(await contract.faults(cases)).toEqual([]);
    // Not for want of anything to show.
    expect((await served.get<{ total: number }>('/api/costs')).total).toBe(5);
    expect((await served.get<{ alerts: object[] }>('/api/costs/alerts')).alerts).not.toEqual([]);
    expect((await served.get<{ budgets: object[] }>('/api/costs/budgets')).budgets).toHaveLength(1);
  });

  test('on an empty ledger, and of an unknown session', async () => {
    const served = await Served.start(temporaryHome());
    const contract = await Contract.of(served);
    expect(await contract.faults(contract.good(GOOD))).toEqual([]);
    expect(await served.get('/api/costs/sessions/nobody')).toMatchObject({
      sessionId: 'nobody',
      session: null,
      totals: { requests: 0, costNanoUsd: 0 },
      byModel: [],
      byTool: [],
    });
    expect(await served.get('/api/costs?sessionId=nobody')).toMatchObject({
      records: [],
      total: 0,
    });
  });

  test('bad parameters are 400 and named', async () => {
    const served = await Served.start(realLedger());
    const contract = await Contract.of(served);
    const cases = contract.bad(GOOD, WRONG);
    expect(cases.length).toBeGreaterThan(80);
    expect(await contract.faults(cases)).toEqual([]);
    const both = [
      { route: '/api/costs', path: '/api/costs?page=2&cursor=1.1', field: 'cursor' },
      { route: '/api/costs', path: '/api/costs?range=7d&dateFrom=2026-11-01', field: 'range' },
      {
        route: '/api/costs/timeseries',
        path: '/api/costs/timeseries?interval=hour&dateFrom=2020-01-01',
        field: 'interval',
      },
    ];
    expect(await contract.faults(both)).toEqual([]);
    expect((await served.ask('/api/costs?pagesize=3')).text).toContain('did you mean pageSize?');
  });

  test('writes are refused, and what is not there', async () => {
    const served = await Served.start(temporaryHome());
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
      const { status, headers } = await served.ask('/api/costs/summary', { method });
      expect([status, headers.allow]).toEqual([405, 'GET']);
    }
    expect((await served.ask('/hook')).status).toBe(405);
    expect((await served.ask('/api/costs/nothing')).status).toBe(404);
    expect((await served.ask('/api')).status).toBe(404);
  });
});
