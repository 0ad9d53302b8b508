import { rmSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Home, openFile, query, temporaryHome } from '../../helpers/home.ts';
import { cli } from '../../helpers/program/run.ts';
import { append, compacted, costState, request, transcriptPath } from '../../helpers/lines.ts';

const OPUS = 'claude-opus-4-5';
/** 10 tokens in, 100 out. */
const COST = 0.00255;

interface Covered {
  unattributedCostNanoUsd: number;
  explainedCostNanoUsd: number;
  unexplainedCostNanoUsd: number;
  lostRequests: number;
  lostCostNanoUsd: number;
  sessions: number;
  silentSessions: number;
  causes: { cause: string; count: number; costNanoUsd: number | null; requestIds: string[] }[];
}

interface Document {
  totals: Covered;
  groups: (Covered & { key: Record<string, string> })[];
  models: { model: string; unexplained: Record<string, number> | null }[];
  lost: { id: string; toldBy: string; sessionId: string }[];
}

function coverage(home: Home, ...args: string[]): Document {
  const { status, stdout, stderr } = cli(home, ['coverage', '--json', ...args]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout) as Document;
}

/** A session of so many requests, and what its client says of them. */
function session(home: Home, id: string, count: number, said: { cost: number } | null): string[] {
  const names = Array.from({ length: count }, (_, index) => `${id}-${index}`);
  const path = transcriptPath(home, id);
  append(path, ...names.map((name) => request({ session: id, id: name })));
  if (said !== null) {
    const tokens = { input: 10 * count, output: 100 * count };
    append(path, costState(id, { [OPUS]: { ...tokens, ...said } }));
  }
  return names;
}

describe('what the client says, and what the ledger has', () => {
  test('agree: there is nothing to explain', () => {
    const home = temporaryHome();
    session(home, 's1', 4, { cost: 4 * COST });
    const { totals, lost } = coverage(home);
    expect(totals).toMatchObject({
      sessions: 1,
      silentSessions: 0,
      clientCostNanoUsd: 10_200_000,
      costNanoUsd: 10_200_000,
      unattributedCostNanoUsd: 0,
      unexplainedCostNanoUsd: 0,
      deviationPercent: 0,
      causes: [],
    });
    expect(lost).toEqual([]);
    expect(cli(home, ['coverage', '--strict', '0']).status).toBe(0);
  });

  test('differ by a compaction: it is named, and its amount is not invented', () => {
    const home = temporaryHome();
    const path = transcriptPath(home, 's1');
    append(path, request({ session: 's1', id: 'a' }), compacted('s1', 'c'));
    append(path, costState('s1', { [OPUS]: { cost: 2 * COST, input: 20, output: 200 } }));
    expect(coverage(home).totals).toMatchObject({
      unattributedCostNanoUsd: 2_550_000,
      explainedCostNanoUsd: 0,
      unexplainedCostNanoUsd: 2_550_000,
      causes: [{ cause: 'compaction', count: 1, costNanoUsd: null }],
    });
    const text = cli(home, ['coverage']).stdout;
    expect(text).toContain('+$0.00255  unexplained: it may be in 1 compaction');
  });
});

test('a compaction that was read before the ledger kept it is found again', () => {
  const home = temporaryHome();
  const path = transcriptPath(home, 's1');
  append(path, request({ session: 's1', id: 'a' }), compacted('s1', 'c'));
  append(path, costState('s1', { [OPUS]: { cost: 2 * COST, input: 20, output: 200 } }));
  cli(home, ['import']);
  openFile(home.ledger).exec('DELETE FROM auxiliary_requests');
  expect(coverage(home).totals.causes).toMatchObject([{ cause: 'compaction', count: 1 }]);
  expect(coverage(home, '--no-transcripts').totals.causes).toEqual([]);
});

describe('a loss of our own', () => {
  test('of ten random records: exactly they are named, by their transcripts', () => {
    const home = temporaryHome();
    const names = ['s1', 's2', 's3'].flatMap((id) => session(home, id, 20, { cost: 20 * COST }));
    expect(coverage(home).lost).toEqual([]);
    const gone = names.toSorted(() => Math.random() - 0.5).slice(0, 10);
    const db = openFile(home.ledger);
    for (const name of gone) db.prepare('DELETE FROM cost_records WHERE message_id = ?').run(name);
    const { totals, lost } = coverage(home);
    expect(lost.map(({ id }) => id).sort()).toEqual(gone.map((id) => `${id}|req_${id}`).sort());
    expect(new Set(lost.map(({ toldBy }) => toldBy))).toEqual(new Set(['transcript']));
    expect(totals).toMatchObject({
      lostRequests: 10,
      lostCostNanoUsd: 25_500_000,
      unattributedCostNanoUsd: 25_500_000,
      explainedCostNanoUsd: 0,
      unexplainedCostNanoUsd: 0,
    });
    const strict = cli(home, ['coverage', '--strict', '99']);
    expect(strict).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('10 requests were lost'),
    });
  });

  test('is named by the ledger where the transcripts are gone', () => {
    const home = temporaryHome();
    const names = session(home, 's1', 20, { cost: 20 * COST });
    coverage(home);
    rmSync(transcriptPath(home, 's1'));
    const gone = names.toSorted(() => Math.random() - 0.5).slice(0, 10);
    const db = openFile(home.ledger);
    for (const name of gone) db.prepare('DELETE FROM cost_records WHERE message_id = ?').run(name);
    const { totals, lost } = coverage(home);
    expect(lost.map(({ id }) => id).sort()).toEqual(gone.map((id) => `${id}|req_${id}`).sort());
    expect(new Set(lost.map(({ toldBy }) => toldBy))).toEqual(new Set(['ledger']));
    expect(totals).toMatchObject({ lostRequests: 10, unexplainedCostNanoUsd: 0 });
  });

  test('is told by the tokens where nothing else remembers it', () => {
    const home = temporaryHome();
    session(home, 's1', 20, { cost: 20 * COST });
    coverage(home);
    rmSync(transcriptPath(home, 's1'));
    const db = openFile(home.ledger);
    db.exec('DROP TRIGGER mark_removed_record');
    db.exec(
      `DELETE FROM cost_records WHERE seq IN (SELECT seq FROM cost_records ORDER BY random() LIMIT 10)`,
    );
    const { totals, models, lost } = coverage(home);
    expect(lost).toEqual([]);
    expect(totals).toMatchObject({ unexplainedCostNanoUsd: 25_500_000, causes: [] });
    expect(models).toMatchObject([
      {
        model: OPUS,
        unexplained: { inputTokens: 100, outputTokens: 1000, costNanoUsd: 25_500_000 },
      },
    ]);
    expect(cli(home, ['coverage']).stdout).toContain('one may have been lost');
  });
});

test('the difference is no record and in no total', () => {
  const home = temporaryHome();
  session(home, 's1', 3, null);
  const reports = (): string[] =>
    ['daily', 'sessions', 'summary --by model', 'export --format csv'].map(
      (line) =>
        cli(home, [...line.split(' '), ...(line.startsWith('export') ? [] : ['--format', 'csv'])])
          .stdout,
    );
  const before = reports();
  append(transcriptPath(home, 's1'), costState('s1', { [OPUS]: { cost: 99 } }));
  expect(coverage(home).totals.unattributedCostNanoUsd).toBe(99e9 - 3 * 2_550_000);
  expect(reports()).toEqual(before);
  expect(
    query(home.ledger, 'SELECT count(*) AS records, sum(cost_nano_usd) AS cost FROM cost_records'),
  ).toEqual([{ records: 3, cost: 7_650_000 }]);
  expect(cli(home, ['verify']).status).toBe(0);
});

describe('what is shown', () => {
  function machine(): Home {
    const home = temporaryHome();
    session(home, 'agreeing', 2, { cost: 2 * COST });
    session(home, 'dearer', 2, { cost: 2 * COST + 0.001 });
    session(home, 'cheaper', 2, { cost: 2 * COST - 0.002 });
    session(home, 'silent', 3, null);
    return home;
  }

  test('sessions that differ, how many agree, and of which nothing was said', () => {
    const lines = cli(machine(), ['coverage']).stdout.split('\n');
    expect(lines[0]).toBe('Claude Code $0.0143 · ledger $0.0153 · -$0.001 not recorded (-7.0%)');
    expect(lines.filter((line) => /^(?:agreeing|dearer|cheaper|silent)/.test(line))).toHaveLength(
      2,
    );
    expect(lines).toContain('1 session agrees to the last digit');
    expect(lines).toContain('1 session of Claude Code ($0.01) has no total to compare with');
    expect(lines).toContain(
      '-$0.001  4 requests at other prices (a managed price list, or those of a version)',
    );
  });

  test('by day and by project every row; one session by model', () => {
    const home = machine();
    const rows = (...args: string[]) => cli(home, ['coverage', ...args, '--format', 'csv']).stdout;
    expect(rows('--by', 'day').split('\r\n')[1]).toMatch(/^2026-11-20,4,1,7650000,6,/);
    expect(rows('--by', 'project').split('\r\n')[1]).toMatch(/^\/home\/user\/shop,4,/);
    expect(rows('--by', 'session').split('\r\n')).toHaveLength(6);
    expect(coverage(home, '--session', 'dear').groups).toEqual([]);
    expect(cli(home, ['coverage', '--session', 'dear']).stdout).toMatch(
      /claude-opus-4-5 +\$0\.0061 +\$0\.0051 +\+\$0\.0010 +\$0\.0000/,
    );
    expect(coverage(home, '--since', '2026-11-21').totals.sessions).toBe(0);
    expect(cli(home, ['coverage', '--since', '2026-11-21']).stdout).toMatch(
      /^No requests since 2026-11-21; the ledger has .* on 2026-11-20\.\n$/,
    );
  });

  test('--strict is of the differences without their signs', () => {
    const home = machine();
    expect(cli(home, ['coverage', '--strict', '21']).status).toBe(0);
    expect(cli(home, ['coverage', '--strict', '20'])).toMatchObject({
      status: 1,
      stderr: 'tallyhook: coverage: Claude Code and the ledger differ by 20.98%, more than 20%\n',
    });
    expect(cli(home, ['coverage', '--strict', '50', '--session', 'silent'])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('no client has reported a total'),
    });
    expect(cli(home, ['coverage', '--strict', '-1']).status).toBe(2);
    expect(cli(temporaryHome(), ['coverage', '--strict', '0']).status).toBe(0);
  });
});

test('tokens that leave one cause alone give its amount', () => {
  const home = temporaryHome();
  const path = transcriptPath(home, 's1');
  append(
    path,
    request({ session: 's1', id: 'a' }),
    request({ session: 's1', id: 'b', output: 1, isFinal: false }),
    costState('s1', { [OPUS]: { cost: 2 * COST, input: 20, output: 200 } }),
    request({ session: 's1', id: 'c', at: '2026-11-20T11:00:00.000Z' }),
  );
  expect(coverage(home).totals).toMatchObject({
    unattributedCostNanoUsd: -75_000,
    unexplainedCostNanoUsd: 0,
    causes: [
      { cause: 'not-reported', count: 1, costNanoUsd: -2_550_000 },
      { cause: 'incomplete-output', count: 1, costNanoUsd: 2_475_000 },
    ],
  });
});
