import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  budget,
  good,
  keptScopes,
  repository,
  spend,
  statusOf,
  statuses,
} from '../../helpers/program/budgets.ts';
import { type Home, temporaryHome, writeSettings } from '../../helpers/home.ts';
import { cli } from '../../helpers/program/run.ts';
import { settingsFile } from '../../helpers/program/settings.ts';

const DAY = { limit: 20, per: 'day' };

describe('budgets of the settings', () => {
  test('count, with what they look at rolled up', () => {
    const home = temporaryHome();
    const repo = repository(home);
    spend(home, 's1', 3, { cwd: repo, branch: 'main' });
    writeSettings(home, {
      budgets: {
        daily: { limit: '2.5', per: 'total', action: 'stop', failClosed: true },
        ours: { limit: 9, per: 'month', project: '~/repo/src/..', branch: 'main', warn: 10 },
        none: null,
      },
    });
    expect(statuses(home)).toMatchObject([
      { name: 'daily', spentUsd: 3, level: 'over', action: 'stop', failClosed: true },
      { name: 'ours', spentUsd: 3, level: 'warning', scope: { project: repo, branch: 'main' } },
    ]);
    expect(keptScopes(home)).toEqual([`{"project":${JSON.stringify(repo)},"branch":"main"}`]);
    writeSettings(home, {});
    expect(good(home, 'status')).toContain('There are no budgets');
    expect(keptScopes(home)).toEqual([]);
  });

  test('one warning for each that is malformed; the rest counts', () => {
    const home = temporaryHome();
    const budgets = {
      good: DAY,
      'no good': DAY,
      limitless: { per: 'day' },
      yearly: { limit: 5, per: 'year', action: 'kill' },
      here: { ...DAY, project: '.' },
    };
    writeSettings(home, { budgets });
    const file = settingsFile(home);
    const lines = [
      'budgets.no good: "no good" is not a valid name: use letters, digits, "." "_" and "-", at most 64',
      'budgets.limitless.limit: (missing) is not an amount in USD above zero',
      'budgets.yearly.per: "year" is not one of session, prompt, day, week, month, total',
      'budgets.here.project: "." is not an absolute path',
    ].map((line) => `tallyhook: ${file}: ${line}; this budget is ignored\n`);
    for (const args of [['budget', 'list'], ['daily'], ['config', 'show']]) {
      expect(cli(home, args)).toMatchObject({ status: 0, stderr: lines.join('') });
    }
    expect(statuses(home).map(({ name }) => name)).toEqual(['good']);
    writeSettings(home, { budgets: [7] });
    expect(cli(home, ['budget']).stderr).toBe(
      `tallyhook: ${file}: budgets: [7] is not an object of budgets by name; ignored\n`,
    );
  });

  test('are written by config set', () => {
    const home = temporaryHome();
    const text = '{"daily":{"limit":5,"per":"day"}}';
    expect(cli(home, ['config', 'set', 'budgets', text])).toMatchObject({ status: 0, stderr: '' });
    expect(statuses(home)).toMatchObject([{ name: 'daily', limitUsd: 5, origin: 'settings' }]);
    expect(cli(home, ['config', 'get', 'budgets']).stdout).toBe(`${text}\n`);
    const bad = cli(home, ['config', 'set', 'budgets', '{"daily":{"limit":5}}']);
    expect(bad).toMatchObject({ status: 2, stdout: '' });
  });
});

describe("the older trackers' variables", () => {
  const env = { DAILY_COST_LIMIT: '20', SESSION_COST_LIMIT: '2', COST_ALERT_THRESHOLD: '300' };

  test('are budgets', () => {
    const home = temporaryHome();
    spend(home, 's1', 1.5);
    const found = statuses(home, '', { env: { ...env, BUDGET_WARNING_PERCENT: '70' } });
    expect(
      found.map(({ name, per, limitUsd, warnPercent, criticalPercent, action, level }) => {
        return [name, per, limitUsd, warnPercent, criticalPercent, action, level];
      }),
    ).toEqual([
      ['daily', 'day', 20, 70, 95, 'warn', 'fine'],
      ['monthly', 'month', 300, 70, 95, 'warn', 'fine'],
      ['session', 'session', 2, 70, 95, 'warn', 'warning'],
    ]);
    expect(budget(home, 'check', { env: { SESSION_COST_LIMIT: '1.50' } }).status).toBe(1);
  });

  test('what is no number is one warning, and no budget', () => {
    const home = temporaryHome();
    const bad = { DAILY_COST_LIMIT: 'lots', BUDGET_CRITICAL_PERCENT: '950' };
    expect(budget(home, 'list', { env: bad })).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('There are no budgets'),
      stderr:
        'tallyhook: environment: BUDGET_CRITICAL_PERCENT="950" is not a whole percentage from 1 to 100; ignored\n' +
        'tallyhook: environment: DAILY_COST_LIMIT="lots" is not an amount in USD above zero; ignored\n',
    });
  });

  test('percents are those of any budget that says none', () => {
    const home = temporaryHome();
    writeSettings(home, { budgets: { a: DAY, b: { ...DAY, critical: 99 } } });
    const percents = { BUDGET_WARNING_PERCENT: '40', BUDGET_CRITICAL_PERCENT: '60' };
    good(home, 'set c --limit 5 --per day', { env: percents });
    const found = statuses(home, '', { env: percents });
    expect(found.map(({ warnPercent, criticalPercent }) => [warnPercent, criticalPercent])).toEqual(
      [
        [40, 60],
        [40, 99],
        [40, 60],
      ],
    );
  });
});

describe('of several of one name', () => {
  test.each([
    [20, 10, 15, 'environment', 10],
    [5, 10, 15, 'command', 5],
    [20, 10, 2, 'settings', 2],
    [5, 5, 5, 'command', 5],
  ])('the strictest counts: %d, %d, %d', (command, environment, settings, origin, limitUsd) => {
    const home = temporaryHome();
    good(home, `set daily --limit ${command} --per day`);
    writeSettings(home, { budgets: { daily: { limit: settings, per: 'day' } } });
    const env = { DAILY_COST_LIMIT: String(environment) };
    expect(statuses(home, '', { env })).toMatchObject([{ name: 'daily', limitUsd, origin }]);
  });

  test('where none is stricter the command line, then the environment, and that is said', () => {
    const home = temporaryHome();
    good(home, 'set daily --limit 50 --per week');
    const env = { DAILY_COST_LIMIT: '5' };
    expect(statuses(home, '', { env })).toMatchObject([{ per: 'week', limitUsd: 50 }]);
    expect(budget(home, 'list', { env }).stderr).toBe(
      'tallyhook: budget daily: the definitions in the environment and the command line differ, and neither is stricter; the command line applies\n',
    );
  });

  test('set and remove say what counts instead', () => {
    const home = temporaryHome();
    writeSettings(home, { budgets: { daily: { limit: 5, per: 'day' } } });
    expect(budget(home, 'set daily --limit 20 --per day')).toMatchObject({
      status: 0,
      stderr: 'tallyhook: a stricter budget of that name in the settings file applies instead\n',
    });
    expect(budget(home, 'remove daily').stderr).toBe(
      'tallyhook: a budget of that name in the settings file applies now\n',
    );
    expect(budget(home, 'remove daily')).toMatchObject({
      status: 2,
      stderr:
        'tallyhook: daily is set in the settings file, so no command can remove it\nRemove it there.\n',
    });
  });
});

describe("a project's file", () => {
  /** Its user has a limit of 20 a day that stops, and one of 2 a session in the settings. */
  function scene(): { home: Home; repo: string; put: (budgets: unknown) => string } {
    const home = temporaryHome();
    const repo = repository(home);
    spend(home, 's1', 1, { cwd: repo });
    good(
      home,
      'set daily --limit 20 --per day --action stop --fail-closed --model claude-opus-4-8',
    );
    writeSettings(home, { budgets: { session: { limit: 2, per: 'session' } } });
    const file = join(repo, '.tallyhook.json');
    return {
      home,
      repo,
      put: (budgets) => {
        writeFileSync(file, typeof budgets === 'string' ? budgets : JSON.stringify({ budgets }));
        return file;
      },
    };
  }

  test('can add budgets on the project itself, and make yours stricter there', () => {
    const { home, repo, put } = scene();
    put({
      team: { limit: 5, per: 'month', action: 'ask' },
      dot: { limit: 5, per: 'month', project: '.', tool: 'Bash' },
      daily: { limit: 10 },
      session: { limit: 2, per: 'session', action: 'stop', failClosed: true },
    });
    const mine = statuses(home);
    const here = statuses(home, '', { cwd: repo });
    expect(
      here.map(({ name, limitUsd, action, origin }) => [name, limitUsd, action, origin]),
    ).toEqual([
      ['daily', 10, 'stop', 'project'],
      ['dot', 5, 'warn', 'project'],
      ['session', 2, 'stop', 'project'],
      ['team', 5, 'ask', 'project'],
    ]);
    expect(here.map(({ scope }) => scope)).toEqual([
      { model: 'claude-opus-4-8' },
      { project: repo, tool: 'Bash' },
      {},
      { project: repo },
    ]);
    expect(statusOf(home, 'team', { cwd: repo }).spentUsd).toBe(1);
    expect(budget(home, 'list', { cwd: join(repo) }).stderr).toBe('');
    const later = statuses(home).map((status) => ({ ...status, crossesAt: null }));
    expect(later).toEqual(mine.map((status) => ({ ...status, crossesAt: null })));
    expect(keptScopes(home)).toEqual([]);
  });

  const COUNT = 40;
  const many = Object.fromEntries(
    Array.from({ length: COUNT }, (_, index) => [
      `b${index}`,
      { limit: 1, per: 'month', tool: `t${index}` },
    ]),
  );

  test.each<[string, unknown, RegExp | null]>([
    ['raises a limit', { daily: { limit: 21 } }, /budgets\.daily: is not stricter/],
    ['takes another period', { daily: { limit: 1, per: 'session' } }, /not stricter/],
    ['makes the action milder', { daily: { limit: 1, action: 'observe' } }, /not stricter/],
    ['fails open', { daily: { limit: 1, failClosed: false } }, /not stricter/],
    ['warns later', { daily: { limit: 1, warn: 95 } }, /not stricter/],
    ['uses the warning up', { daily: { warn: 1 } }, /not stricter/],
    ['narrows the scope', { daily: { limit: 1, tool: 'Nothing' } }, /not stricter/],
    ['moves the scope', { daily: { limit: 1, model: 'x' } }, /not stricter/],
    ['moves it to itself', { daily: { limit: 1, project: '.' } }, /not stricter/],
    ['removes one', { daily: null, session: null }, /budgets\.daily: null is not an object/],
    ['raises by a negative limit', { daily: { limit: -1 } }, /not an amount in USD/],
    ['raises by a limit of text', { daily: { limit: '1e99' } }, /not an amount in USD/],
    ['looks at others', { spy: { limit: 1, per: 'day', project: '/' } }, /project itself/],
    ['looks at another', { spy: { limit: 1, per: 'day', project: '~' } }, /project itself/],
    ['has a hostile name', { 'a\u001B[31m': { limit: 1, per: 'day' } }, /is not a valid name/],
    ['has one that turns writing around', { daily: { limit: '\u202E5' } }, /not an amount in USD/],
    ['has a name of the language', '{"budgets": {"__proto__": {"limit": 90, "per": "day"}}}', null],
    ['makes work', many, /budgets: more than 10; the others are ignored/],
    ['is no object', { daily: 'none' }, /"none" is not an object/],
    ['has a list', '{"budgets": []}', /budgets: \[\] is not an object of budgets by name/],
    ['is no JSON', '{"budgets": ', null],
    [
      'says it twice',
      '{"budgets": {"daily": {"limit": 1}, "daily": {"limit": 99}}}',
      /not stricter/,
    ],
    ['says it beside', '{"budget": {"unpriced": "count"}, "daily": {"limit": 99}}', null],
    ['is large', `{"budgets": {"daily": {"limit": 99}}${' '.repeat(100_000)}}`, null],
  ])('that %s takes nothing away', (_, budgets, warning) => {
    const { home, repo, put } = scene();
    const facts = ({
      name,
      limitUsd,
      per,
      scope,
      warnPercent,
      criticalPercent,
      action,
      failClosed,
      origin,
    }: ReturnType<typeof statuses>[number]) => ({
      name,
      limitUsd,
      per,
      scope,
      warnPercent,
      criticalPercent,
      action,
      failClosed,
      origin,
    });
    const before = statuses(home, '', { cwd: repo }).map(facts);
    const file = put(budgets);
    const after = statuses(home, '', { cwd: repo }).map(facts);
    for (const one of before) expect(after).toContainEqual(one);
    const added = after.filter(({ origin }) => origin === 'project');
    expect(added.length).toBeLessThanOrEqual(10);
    expect(added.every(({ scope }) => scope.project === repo)).toBe(true);
    expect(keptScopes(home)).toEqual([]);
    const { stderr, status } = budget(home, 'list', { cwd: repo });
    expect(status).toBe(0);
    // oxlint-disable-next-line no-control-regex -- that is what must not be there
    expect(stderr).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u202E]/);
    if (warning === null) return;
    expect(stderr).toMatch(warning);
    expect(stderr).toContain(file);
  });
});

test('a request without a price blocks where the settings say so', () => {
  const home = temporaryHome();
  writeSettings(home, { budget: { unpriced: 'block' } });
  spend(home, 's1', 0.001, { model: 'acme-9' });
  good(home, 'set all --limit 1000 --per total');
  const { status, stdout } = budget(home, 'check');
  expect({ status, stdout }).toEqual({
    status: 1,
    stdout: expect.stringMatching(
      /^over: all: <\$0\.01 of \$1,000\.00 spent, and a request without a known cost \(total\)\n$/,
    ),
  });
});
