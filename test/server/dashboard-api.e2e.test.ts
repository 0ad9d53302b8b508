import { describe, expect, test } from 'vitest';
import { budget, good } from '../helpers/program/budgets.ts';
import { type Home, temporaryHome, writeSettings } from '../helpers/home.ts';
import { cli } from '../helpers/program/run.ts';
import { append, request, transcriptPath } from '../helpers/lines.ts';
import { Served, asPage, errorOf } from '../helpers/program/server.ts';

const DAILY = { name: 'daily', limit: '2.5', per: 'day' };

function send(served: Served, body: unknown, headers: Record<string, string> = {}) {
  return served.ask('/api/costs/budgets', { method: 'POST', body: JSON.stringify(body), headers });
}

describe('budgets over HTTP', () => {
  test('are what the command line sets and removes, percents and all', async () => {
    const home = temporaryHome();
    const served = await Served.start(home);
    expect(
      (await send(served, { ...DAILY, warn: 50, action: 'stop', model: 'claude-opus-4-8' })).status,
    ).toBe(200);
    good(home, 'set same --limit 2.5 --per day --warn 50 --action stop --model claude-opus-4-8');
    const { budgets } = JSON.parse(good(home, 'list --json')) as { budgets: { name: string }[] };
    const [daily, same] = budgets;
    expect({ ...daily, name: 'same' }).toEqual(same);
    expect(budgets.map(({ name }) => name)).toEqual(['daily', 'same']);
    const removed = await served.ask('/api/costs/budgets/daily', { method: 'DELETE' });
    expect(JSON.parse(removed.text)).toMatchObject({
      name: 'daily',
      isRemoved: true,
      overriddenBy: null,
    });
    const again = await served.ask('/api/costs/budgets/daily', { method: 'DELETE' });
    expect([again.status, errorOf(again).field]).toEqual([404, 'name']);
    expect(good(home, 'list --json')).not.toContain('daily');
  });

  test('a page needs the CSRF token, and reads it from here alone', async () => {
    const served = await Served.start(temporaryHome());
    const headers = await asPage(served);
    const without = await send(served, DAILY, headers);
    expect([without.status, errorOf(without).code]).toEqual([403, 'csrf']);
    const wrong = await send(served, DAILY, { ...headers, 'x-csrf-token': 'guessed' });
    expect(wrong.status).toBe(403);
    const gone = await served.ask('/api/costs/budgets/daily', { method: 'DELETE', headers });
    expect(errorOf(gone).code).toBe('csrf');
    const answer = await served.ask('/api/csrf', { headers });
    const { csrfToken } = JSON.parse(answer.text) as { csrfToken: string };
    expect(csrfToken).not.toBe(served.token);
    const elsewhere = { ...headers, 'x-csrf-token': csrfToken, origin: 'http://127.0.0.1:1' };
    expect((await send(served, DAILY, elsewhere)).status).toBe(403);
    expect((await send(served, DAILY, { ...headers, 'x-csrf-token': csrfToken })).status).toBe(200);
    expect((await served.ask('/api/csrf', { headers: { authorization: '' } })).status).toBe(401);
  });

  test('what is wrong is named', async () => {
    const home = temporaryHome();
    writeSettings(home, { budgets: { ours: { limit: 1, per: 'day' } } });
    const served = await Served.start(home);
    for (const [body, field] of [
      [{ ...DAILY, name: 'a b' }, 'name'],
      [{ ...DAILY, limit: 'ten' }, 'limit'],
      [{ ...DAILY, limit: 0 }, 'limit'],
      [{ ...DAILY, per: 'year' }, 'per'],
      [{ ...DAILY, warn: 101 }, 'warn'],
      [{ ...DAILY, warn: 90, critical: 80 }, 'warn'],
      [{ ...DAILY, action: 'explode' }, 'action'],
      [{ ...DAILY, model: 'opus' }, 'model'],
      [{ ...DAILY, colour: 'red' }, 'colour'],
      [[], null],
    ] as const) {
      const answer = await send(served, body);
      expect([answer.status, errorOf(answer).field, JSON.stringify(body)]).toEqual([
        400,
        field,
        JSON.stringify(body),
      ]);
    }
    expect(
      (await served.ask('/api/costs/budgets', { method: 'POST', body: 'x'.repeat(20_000) })).status,
    ).toBe(413);
    const theirs = await served.ask('/api/costs/budgets/ours', { method: 'DELETE' });
    expect([theirs.status, errorOf(theirs).code]).toEqual([409, 'not_yours']);
    expect(budget(home, 'list').stdout).not.toContain('daily');
    const other = await served.ask('/api/costs/budgets', { method: 'PUT' });
    expect([other.status, other.headers.allow]).toEqual([405, 'GET, POST']);
  });
});

function worked(): Home {
  const home = temporaryHome();
  const models = ['claude-opus-4-8', 'claude-haiku-4-5', 'claude-sonnet-5'];
  for (let index = 0; index < 6; index++) {
    const at = new Date(Date.now() - (index + 1) * 3_600_000).toISOString();
    const session = `s${index}`;
    const path = transcriptPath(home, session);
    const model = models[index % 3] ?? '';
    const facts = { session, at, model, read: 40_000, write5m: 3000, write1h: 500 };
    append(
      path,
      request({
        ...facts,
        id: `a${index}`,
        output: 100 * (index + 1),
        tools: [[`t${index}`, 'Bash']],
      }),
    );
    const agent = { agentId: `x${index}`, agentType: index % 2 === 0 ? 'Explore' : 'reviewer' };
    append(
      path.replace('.jsonl', `/subagents/agent-x${index}.jsonl`),
      request({ ...facts, ...agent, id: `b${index}` }),
    );
  }
  const { status, stderr } = cli(home, ['import']);
  if (status !== 0) throw new Error(stderr);
  return home;
}

describe('what the dashboard asks', () => {
  test('sessions by every order and filter, with their models and agents', async () => {
    const served = await Served.start(worked());
    const list = async (query: string) =>
      await served.get<{
        sessions: { sessionId: string; models: string[]; agentTypes: unknown[] }[];
        total: number;
      }>(`/api/costs/sessions?${query}`);
    const ids = async (query: string) =>
      (await list(query)).sessions.map(({ sessionId }) => sessionId);
    expect(await ids('')).toEqual(['s0', 's1', 's2', 's3', 's4', 's5']);
    expect(await ids('order=asc')).toEqual(['s5', 's4', 's3', 's2', 's1', 's0']);
    expect((await ids('sort=output'))[0]).toBe('s5');
    expect((await ids('sort=cost')).slice(0, 2)).toEqual(['s3', 's0']);
    expect(await ids('sort=session&order=desc')).toEqual(['s5', 's4', 's3', 's2', 's1', 's0']);
    expect((await ids('sort=model&order=asc')).slice(0, 2)).toEqual(['s1', 's4']);
    expect((await ids('sort=agent&order=asc')).slice(0, 3)).toEqual(['s0', 's2', 's4']);
    expect(await ids('model=claude-haiku-4-5')).toEqual(['s1', 's4']);
    expect(await ids('agentType=reviewer&model=claude-haiku-4-5')).toEqual(['s1']);
    expect(await list('tool=Bash&pageSize=2&page=2')).toMatchObject({ total: 6, page: 2 });
    const [first] = (await list('')).sessions;
    expect(first?.models).toEqual(['claude-opus-4-8']);
    expect(first?.agentTypes.toSorted()).toEqual(['Explore', null]);
  });

  test('shares sum to the total, and are those of summary --by', async () => {
    const home = worked();
    const served = await Served.start(home);
    const { totals, groups } = await served.get<{
      totals: { costNanoUsd: number };
      groups: { costNanoUsd: number }[];
    }>('/api/costs/shares?groupBy=cause,tool,part');
    expect(groups.reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0)).toBe(totals.costNanoUsd);
    const told = JSON.parse(cli(home, ['summary', '--by', 'cause,part', '--json']).stdout) as {
      groups: object[];
    };
    const asked = await served.get<{ groups: object[] }>('/api/costs/shares');
    expect(asked.groups).toEqual(told.groups);
  });

  test('cache savings are what summary says of each session', async () => {
    const home = worked();
    const served = await Served.start(home);
    let sum = 0;
    for (let index = 0; index < 6; index++) {
      const { stdout } = cli(home, ['summary', '--session', `s${index}`, '--json']);
      const { session } = JSON.parse(stdout) as { session: { cacheSavedNanoUsd: number } };
      sum += session.cacheSavedNanoUsd;
    }
    const { savedNanoUsd, unknownRequests } = await served.get<{
      savedNanoUsd: number;
      unknownRequests: number;
    }>('/api/costs/cache');
    expect(unknownRequests).toBe(0);
    expect(Math.abs(savedNanoUsd - sum) / sum).toBeLessThan(1e-4);
    expect(savedNanoUsd).toBeGreaterThan(0);
  });

  test('a timeline has every request in order; explain is that of the command', async () => {
    const home = worked();
    const served = await Served.start(home);
    const { total, requests } = await served.get<{
      total: number;
      requests: { costNanoUsd: number; agentId: string | null }[];
    }>('/api/costs/sessions/s2/timeline');
    expect([total, requests.length]).toEqual([2, 2]);
    const { totals } = await served.get<{ totals: { costNanoUsd: number } }>(
      '/api/costs/sessions/s2',
    );
    expect(requests.reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0)).toBe(
      totals.costNanoUsd,
    );
    expect(requests.map(({ agentId }) => agentId).toSorted()).toEqual([null, 'x2'].toSorted());
    const told = JSON.parse(cli(home, ['explain', 's2', '--json']).stdout) as {
      parts: object[];
      turns: object[];
    };
    const { parts, turns } = await served.get<{ parts: object[]; turns: object[] }>(
      '/api/costs/sessions/s2/explain',
    );
    expect({ parts, turns }).toEqual({ parts: told.parts, turns: told.turns });
    expect(parts.length).toBeGreaterThan(0);
  });
});
