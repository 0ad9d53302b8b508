import { describe, expect, test } from 'vitest';
import { good, spend } from '../helpers/program/budgets.ts';
import { type Home, temporaryHome } from '../helpers/home.ts';
import { cli } from '../helpers/program/run.ts';
import { append, request, transcriptPath } from '../helpers/lines.ts';
import { Served, errorOf } from '../helpers/program/server.ts';

interface Record_ {
  seq: number;
  messageId: string;
  costNanoUsd: number;
}

interface Totals {
  requests: number;
  costNanoUsd: number;
}

function homeWithDays(): Home {
  const home = temporaryHome();
  const lines = Array.from({ length: 30 }, (_, index) =>
    request({
      session: `s${index % 3}`,
      id: `m${index}`,
      at: new Date(Date.parse('2026-10-20T22:30:00Z') + index * 7 * 3_600_000).toISOString(),
      model: index % 2 === 0 ? 'claude-opus-4-5' : 'claude-haiku-4-5',
      output: 100 + index,
      tools: index % 5 === 0 ? [[`t${index}`, 'Read']] : [],
    }),
  );
  for (const [index, line] of lines.entries()) append(transcriptPath(home, `s${index % 3}`), line);
  return home;
}

describe('answers', () => {
  test('are what the commands say', async () => {
    const home = homeWithDays();
    const served = await Served.start(home);
    const report = (...args: string[]): unknown =>
      JSON.parse(cli(home, [...args, '--json']).stdout);
    for (const [by, path] of [
      ['model', 'groupBy=model'],
      ['day', 'groupBy=day&timezone=UTC'],
      ['tool,model', 'groupBy=tool,model'],
      ['session', 'groupBy=session'],
    ]) {
      const said = report('summary', '--by', by ?? '') as { totals: Totals; groups: object[] };
      const { totals, groups } = await served.get<typeof said>(`/api/costs/summary?${path}`);
      expect({ totals, groups }).toEqual({ totals: said.totals, groups: said.groups });
    }
    const said = report('summary') as { totals: { costUsd: number; inputTokens: number } };
    expect(await served.get('/api/costs/summary')).toMatchObject({
      totalCostUsd: said.totals.costUsd,
      totalInputTokens: said.totals.inputTokens,
      period: { range: 'all', since: null, until: null },
    });
  });

  test('records come newest first, page by page or behind a cursor', async () => {
    const served = await Served.start(homeWithDays());
    const { records } = await served.get<{ records: Record_[] }>('/api/costs?pageSize=500');
    expect(records.map(({ messageId }) => messageId)).toEqual(
      Array.from({ length: 30 }, (_, index) => `m${29 - index}`),
    );
    const paged: Record_[] = [];
    const followed: Record_[] = [];
    let cursor = '';
    for (let page = 1; page <= 5; page++) {
      const one = await served.get<{ records: Record_[] }>(`/api/costs?page=${page}&pageSize=7`);
      paged.push(...one.records);
      const next = await served.get<{ records: Record_[]; nextCursor: string | null }>(
        `/api/costs?pageSize=7${cursor}`,
      );
      followed.push(...next.records);
      cursor = `&cursor=${next.nextCursor}`;
    }
    expect(cursor).toBe('&cursor=null');
    expect(paged).toEqual(records);
    expect(followed).toEqual(records);
  });

  test('a time series has no gaps, and its points sum to the totals', async () => {
    const served = await Served.start(homeWithDays());
    for (const zone of ['UTC', 'Europe/Berlin', 'Asia/Kolkata']) {
      for (const interval of ['hour', 'day', 'week', 'month']) {
        const range = `dateFrom=2026-10-10&dateTo=2026-11-02&timezone=${zone}`;
        const { totals } = await served.get<{ totals: Totals }>(`/api/costs/summary?${range}`);
        const { points } = await served.get<{
          points: (Totals & { start: string; label: string; groups: Totals[] })[];
        }>(`/api/costs/timeseries?interval=${interval}&groupBy=model&${range}`);
        const sum = (all: Totals[]): number => all.reduce((to, one) => to + one.costNanoUsd, 0);
        expect(sum(points), `${zone} ${interval}`).toBe(totals.costNanoUsd);
        expect(
          points.flatMap(({ groups }) => groups).reduce((to, one) => to + one.requests, 0),
        ).toBe(totals.requests);
        const labels = points.map(({ label }) => label);
        expect(new Set(labels).size).toBe(labels.length);
        const starts = points.map(({ start }) => Date.parse(start));
        const steps = new Set(
          starts.slice(1).map((at, index) => (at - (starts[index] ?? 0)) / 3_600_000),
        );
        // A day of Berlin's autumn has 25 hours.
        const usual = { hour: [1], day: [24, 25], week: [168, 169], month: [744, 745, 720] }[
          interval
        ];
        expect([...steps].every((hours) => usual?.includes(hours) === true)).toBe(true);
      }
    }
  });

  test('what is new in the transcripts is in them, with no hook at all', async () => {
    const home = homeWithDays();
    const served = await Served.start(home);
    const before = await served.get<{ total: number }>('/api/costs');
    spend(home, 'late', 1);
    await new Promise((resolve) => {
      setTimeout(resolve, 3100);
    });
    expect((await served.get<{ total: number }>('/api/costs')).total).toBe(before.total + 1);
    const still = await Served.start(home, ['--no-refresh']);
    spend(home, 'later', 1);
    await new Promise((resolve) => {
      setTimeout(resolve, 3100);
    });
    expect((await still.get<{ total: number }>('/api/costs')).total).toBe(before.total + 1);
  });

  test('nothing of what was said is in them, also where the ledger keeps it', async () => {
    const home = homeWithDays();
    const served = await Served.start(home);
    const usage = { input_tokens: 1, output_tokens: 2 };
    await served.hook({
      hook_event_name: 'Other',
      session_id: 'x',
      usage,
      prompt: 'the secret word',
    });
    const { total } = await served.get<{ total: number }>('/api/costs?sessionId=x');
    expect(total).toBe(1);
    for (const path of ['/api/costs?pageSize=500', '/api/costs/sessions/x', '/metrics']) {
      const { text } = await served.ask(path);
      expect(text).not.toContain('secret');
      expect(text).not.toContain('Go on.');
    }
  });

  test('metrics are what the ledger holds', async () => {
    const home = homeWithDays();
    good(home, 'set all --limit 5 --per total');
    const served = await Served.start(home);
    const { totals } = await served.get<{ totals: { costUsd: number } }>(
      '/api/costs/summary?model=claude-opus-4-5',
    );
    const { text, headers } = await served.ask('/metrics');
    expect(headers['content-type']).toMatch(/^text\/plain; version=/);
    expect(text).toContain(`tallyhook_cost_usd{model="claude-opus-4-5"} ${totals.costUsd}`);
    expect(text).toContain('tallyhook_requests{model="claude-haiku-4-5"} 15');
    expect(text).toContain('tallyhook_budget_limit_usd{budget="all"} 5');
    expect(text).toContain('route="/api/costs/summary"');
  });

  test('groupings of shares are refused where requests are grouped, and sent to their own address', async () => {
    const served = await Served.start(homeWithDays());
    for (const path of ['summary', 'timeseries']) {
      const refused = await served.ask(`/api/costs/${path}?groupBy=cause`);
      expect(refused.status).toBe(400);
      expect(errorOf(refused)).toMatchObject({ code: 'bad_parameter', field: 'groupBy' });
      expect(errorOf(refused).message).toContain('/api/costs/shares');
    }
  });
});
