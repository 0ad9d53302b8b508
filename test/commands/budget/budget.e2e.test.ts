import { describe, expect, test } from 'vitest';
import { zoneOffset } from '../../../src/core/time/period.ts';
import { toLocalDay, startOfDay } from '../../../src/core/time/period.ts';
import {
  budget,
  good,
  keptScopes,
  noonZone,
  repository,
  spend,
  statusOf,
  statuses,
} from '../../helpers/program/budgets.ts';
import { query, temporaryHome } from '../../helpers/home.ts';

const ZONE = { env: { TZ: noonZone() } };

describe('budget set', () => {
  test('says what will happen; list and status show it', () => {
    const home = temporaryHome();
    spend(home, 's1', 3);
    expect(good(home, 'set all --limit 20 --per total')).toBe(
      'all: $20.00 per total, all spend; warns at 80% and 95%\n' +
        'all: $3.00 of $20.00 spent (total), 15.0%\n' +
        'At the limit you are notified; nothing is stopped.\n',
    );
    expect(
      good(home, 'set mine --limit 2.50 --per session --action stop --warn 50 --fail-closed'),
    ).toBe(
      'mine: $2.50 per session, all spend; warns at 50% and 95%; fails closed\n' +
        'mine: $3.00 of $2.50 spent (session s1), 120.0%\n' +
        'At the limit, the turn ends and further prompts are refused.\n' +
        'Run `tallyhook init --budgets` to install the hooks that enforce it.\n',
    );
    expect(good(home, 'list')).toMatchInlineSnapshot(`
      "Budget   Limit  Per      Scope      Warns at  At limit            Set by
      ──────  ──────  ───────  ─────────  ────────  ──────────────────  ──────────
      all     $20.00  total    all spend  80%, 95%  warn                budget set
      mine     $2.50  session  all spend  50%, 95%  stop, fails closed  budget set
      "
    `);
    expect(good(home, '')).toMatchInlineSnapshot(`
      "Budget  Scope      Per      Spent   Limit    Left  Share              Level
      ──────  ─────────  ───────  ─────  ──────  ──────  ─────────────────  ─────
      all     all spend  total    $3.00  $20.00  $17.00   15.0% █░░░░░░░░░  fine
      mine    all spend  session  $3.00   $2.50  -$0.50  120.0% ██████████  over
      "
    `);
    expect(good(home, '')).toBe(good(home, 'status'));
    expect(good(home, 'status mine')).not.toContain('all  total');
  });

  test('looks at any part of the spend, and rolls it up while a budget looks at it', () => {
    const home = temporaryHome();
    const [repo, other] = [repository(home), repository(home, 'other')];
    const tools: [string, string][] = [['call_1', 'Bash']];
    spend(home, 's1', 1, { cwd: repo, branch: 'main', tools });
    spend(home, 's1', 2, { cwd: repo, branch: 'main', agentId: 'a1', agentType: 'Explore' });
    spend(home, 's1', 4, { cwd: other, branch: 'draft', model: 'claude-opus-4-5', tools });
    const scopes: [string, string, number][] = [
      ['a', '--project .', 3],
      ['b', '--branch main', 3],
      ['c', '--model us.anthropic.claude-opus-4-5', 4],
      ['d', '--agent-type Explore', 2],
      ['e', '--tool Bash', 5],
      ['f', '--provider anthropic --client claude-code', 7],
      ['g', '--project . --tool Bash', 1],
      ['h', '--tool Nope --branch main', 0],
    ];
    for (const [name, flags] of scopes) {
      good(home, `set ${name} --limit 10 --per total ${flags}`, { cwd: repo });
    }
    const spent = statuses(home).map(({ name, spentUsd }) => [name, spentUsd]);
    expect(spent).toEqual(scopes.map(([name, , usd]) => [name, usd]));
    expect(keptScopes(home)).toHaveLength(4);
    for (const name of ['b', 'g']) good(home, `remove ${name}`);
    expect(keptScopes(home)).toEqual([
      '{"branch":"main","tool":"Nope"}',
      '{"provider":"anthropic","client":"claude-code"}',
    ]);
  });

  test('twice is set anew; removed is gone, its history is not', () => {
    const home = temporaryHome();
    good(home, 'set x --limit 5 --per total --action stop');
    good(home, 'set x --limit 6 --per week');
    expect(statuses(home)).toMatchObject([{ limitUsd: 6, per: 'week', action: 'warn' }]);
    good(home, 'allow x 1');
    expect(good(home, 'remove x')).toBe('x removed; its history is kept\n');
    expect(budget(home, 'remove x')).toMatchObject({ status: 2, stdout: '' });
    expect(good(home, 'list')).toContain('There are no budgets');
    expect(good(home, 'history x')).toContain('$1.00 allowed');
  });
});

describe("a user's day", () => {
  test('begins at his midnight: by TZ, by the settings, by the flag', () => {
    const home = temporaryHome();
    const timezone = ZONE.env.TZ;
    const offset = zoneOffset(timezone);
    if (offset === null) throw new Error(timezone);
    const midnight = startOfDay(toLocalDay(Date.now(), offset), offset);
    spend(home, 's1', 1, { at: new Date(midnight - 1).toISOString() });
    spend(home, 's1', 2, { at: new Date(midnight).toISOString() });
    good(home, 'set daily --limit 10 --per day', ZONE);
    expect(statusOf(home, 'daily', ZONE)).toMatchObject({
      spentUsd: 2,
      window: {
        since: new Date(midnight).toISOString(),
        until: new Date(midnight + 86_400_000).toISOString(),
      },
    });
    expect(statuses(home, `-z ${timezone}`)).toMatchObject([{ spentUsd: 2 }]);
  });

  test('has a forecast', () => {
    const home = temporaryHome();
    spend(home, 's1', 6);
    good(home, 'set daily --limit 10 --per day', ZONE);
    good(home, 'set monthly --limit 100000 --per month', ZONE);
    const stdout = good(home, '', ZONE);
    expect(stdout).toMatch(/\n\ndaily: at this rate you reach the limit today at \d\d:\d\d\n$/);
    expect(statusOf(home, 'daily', ZONE).crossesAt).toMatch(/Z$/);
  });
});

describe('budget check', () => {
  test('fails where a budget is over, the last session included, and names it', () => {
    const home = temporaryHome();
    expect(budget(home, 'check')).toMatchObject({ status: 0, stderr: '' });
    spend(home, 's1', 3);
    good(home, 'set big --limit 20 --per total');
    expect(good(home, 'check')).toBe('1 budget, none over\n');
    good(home, 'set s --limit 3 --per session');
    expect(budget(home, 'check')).toEqual({
      status: 1,
      signal: null,
      stdout: 'over: s: $3.00 of $3.00 spent (session s1)\n',
      stderr: '',
    });
    const run = budget(home, 'check --json');
    expect(run.status).toBe(1);
    expect(JSON.parse(run.stdout)).toMatchObject({ isWithin: false, over: ['s'] });
    expect(budget(home, 'check big').status).toBe(0);
    spend(home, 's2', 1, { at: new Date(Date.now() + 1000).toISOString() });
    expect(budget(home, 'check').status).toBe(0);
    expect(budget(home, 'check --session s1').status).toBe(1);
  });

  test.each(['status', 'check', 'allow s 1'])('%s names what a session may mean', (command) => {
    const home = temporaryHome();
    good(home, 'set s --limit 3 --per session');
    spend(home, 'session-1', 1);
    const text = "tallyhook: session 'sesion-1' is not in the ledger\nDid you mean session-1?\n";
    const run = budget(home, `${command} --session sesion-1`);
    expect(run).toMatchObject({ status: 2, stdout: '', stderr: text });
    expect(budget(home, `${command} --session session`)).toMatchObject({ status: 0, stderr: '' });
  });

  test('one budget that there is not is no success', () => {
    const home = temporaryHome();
    good(home, 'set big --limit 20 --per total');
    expect(budget(home, 'check bg')).toMatchObject({
      status: 2,
      stderr: 'tallyhook: there is no budget "bg"\nDid you mean big?\n',
    });
  });
});

describe('budget allow', () => {
  test('raises in the window that is open, and stands in the history', () => {
    const home = temporaryHome();
    spend(home, 's1', 3);
    spend(home, 's0', 9, { at: '2026-01-02T03:04:05.000Z' });
    good(home, 'set s --limit 2 --per session --action stop');
    expect(good(home, 'allow s 1.50')).toBe(
      's raised by $1.50 in this session\ns: $3.00 of $3.50 spent (session s1)\n',
    );
    expect(budget(home, 'check').status).toBe(0);
    expect(statuses(home, '--session s0')).toMatchObject([{ level: 'over', allowedNanoUsd: 0 }]);
    expect(good(home, 'allow s 1 --session s0')).toContain('(session s0): still over\n');
    const inside = { env: { CLAUDE_CODE_SESSION_ID: 's0' } };
    expect(statusOf(home, 's', inside)).toMatchObject({ limitUsd: 3, spentUsd: 9 });
    good(home, 'allow s 6.000000001', inside);
    expect(statusOf(home, 's', inside)).toMatchObject({ level: 'critical', remainingNanoUsd: 1 });
    const lines = good(home, 'history').split('\n');
    expect(lines.slice(2, 5).map((line) => line.split('  ').slice(1).join('  '))).toEqual([
      's       $6.00 allowed  s0',
      's       $1.00 allowed  s0',
      's       $1.50 allowed  s1',
    ]);
  });

  test('for a time: it counts in any window until then', () => {
    const home = temporaryHome();
    spend(home, 's1', 3);
    good(home, 'set daily --limit 2 --per day', ZONE);
    expect(good(home, 'allow daily 5 --for 2h', ZONE)).toMatch(
      /^daily raised by \$5\.00 until \d{4}-\d\d-\d\d \d\d:\d\d\n/,
    );
    expect(budget(home, 'check', ZONE).status).toBe(0);
    const [row] = query<{ key: string | null; span: number }>(
      home.ledger,
      'SELECT window_key AS key, expires_at_ms - granted_at_ms AS span FROM budget_allowances',
    );
    expect(row).toEqual({ key: null, span: 7_200_000 });
  });

  test('of a second is over after it', async () => {
    const home = temporaryHome();
    spend(home, 's1', 3);
    good(home, 'set s --limit 2 --per session');
    good(home, 'allow s 5 --for 1s');
    await new Promise((done) => setTimeout(done, 1100));
    expect(budget(home, 'check').status).toBe(1);
    expect(good(home, 'history')).toContain('$5.00 allowed, until ');
  });

  test('of a prompt that has not begun needs a time', () => {
    const home = temporaryHome();
    good(home, 'set p --limit 2 --per prompt');
    expect(budget(home, 'allow p 5')).toMatchObject({
      status: 2,
      stderr:
        'tallyhook: p is a budget per prompt, and no prompt has started here yet\nAdd a duration: --for 2h.\n',
    });
    expect(good(home, 'allow p 5 --for 2h')).toContain('p raised by $5.00 until');
  });
});

test.each([
  ['NO_COLOR and ASCII', { LANG: 'C' }, '15.0% #.........'],
  ['60 columns', { COLUMNS: '60' }, '15.0%'],
])('the table with %s', (_, env, text) => {
  const home = temporaryHome();
  spend(home, 's1', 3);
  good(home, 'set a-budget-with-a-name-that-is-long --limit 20 --per total');
  const stdout = good(home, '', { env });
  expect(stdout).toContain(text);
  expect(stdout.split('\n').filter((line) => [...line].length > 100)).toEqual([]);
  expect(stdout).not.toMatch(/ $/m);
});
