import { describe, expect, test } from 'vitest';
import { type Budget, WHOLE_SCOPE } from '../../../src/core/budget/budget.ts';
import { environmentBudgets, environmentPercents } from '../../../src/core/budget/environment.ts';
import { parseAmount, faultLine, isFault, parseBudget } from '../../../src/core/budget/spec.ts';

const PERCENTS = { warn: 80, critical: 95 };
const DAILY: Budget = {
  name: 'daily',
  limitNanoUsd: 20_000_000_000,
  per: 'day',
  scope: WHOLE_SCOPE,
  warnPercent: 80,
  criticalPercent: 95,
  action: 'warn',
  isFailClosed: false,
  origin: 'settings',
};
const parse = (given: unknown, name = 'daily') => parseBudget(name, given, 'settings', PERCENTS);

describe('a budget of the settings', () => {
  test.each<[unknown, Partial<Budget>]>([
    [{ limit: 20, per: 'day' }, {}],
    [{ limit: '20.00', per: 'day', warn: null, project: null }, {}],
    [
      { limit: 20, per: 'day', client: 'Codex CLI' },
      { scope: { ...WHOLE_SCOPE, client: 'codex' } },
    ],
    [{ limit: 0.1, per: 'day' }, { limitNanoUsd: 100_000_000 }],
    [{ limit: '0.000000001', per: 'day' }, { limitNanoUsd: 1 }],
    [{ limit: '9007199.254740991', per: 'day' }, { limitNanoUsd: Number.MAX_SAFE_INTEGER }],
    [
      { limit: 20, per: 'total', action: 'stop' },
      { per: 'total', action: 'stop' },
    ],
    [{ limit: 20, per: 'day', failClosed: true }, { isFailClosed: true }],
    [
      { limit: 20, per: 'day', warn: 97 },
      { warnPercent: 97, criticalPercent: 97 },
    ],
    [
      { limit: 20, per: 'day', critical: 50 },
      { warnPercent: 50, criticalPercent: 50 },
    ],
    [
      { limit: 20, per: 'day', model: 'us.anthropic.claude-opus-4-8', tool: 'Bash' },
      { scope: { ...WHOLE_SCOPE, model: 'claude-opus-4-8', tool: 'Bash' } },
    ],
  ])('%j', (given, change) => {
    expect(parse(given)).toEqual({ ...DAILY, ...change });
  });

  test.each([
    [7, 'budgets.daily: 7 is not an object with a limit and a period'],
    [[], 'budgets.daily: [] is not an object with a limit and a period'],
    [{ per: 'day' }, 'budgets.daily.limit: (missing) is not an amount in USD above zero'],
    [{ limit: 0, per: 'day' }, 'budgets.daily.limit: 0 is not an amount in USD above zero'],
    [{ limit: -5, per: 'day' }, 'budgets.daily.limit: -5 is not an amount in USD above zero'],
    [{ limit: '$5', per: 'day' }, 'budgets.daily.limit: "$5" is not an amount in USD above zero'],
    [
      { limit: 1e300, per: 'day' },
      'budgets.daily.limit: 1e+300 is not an amount in USD above zero',
    ],
    [
      { limit: 1e8, per: 'day' },
      'budgets.daily.limit: 100000000 is not an amount in USD above zero',
    ],
    [
      { limit: 5 },
      'budgets.daily.per: (missing) is not one of session, prompt, day, week, month, total',
    ],
    [
      { limit: 5, per: 'day', action: 'kill' },
      'budgets.daily.action: "kill" is not one of observe, warn, ask, stop',
    ],
    [
      { limit: 5, per: 'day', warn: 80.5 },
      'budgets.daily.warn: 80.5 is not a whole percentage from 1 to 100',
    ],
    [
      { limit: 5, per: 'day', critical: 0 },
      'budgets.daily.critical: 0 is not a whole percentage from 1 to 100',
    ],
    [
      { limit: 5, per: 'day', warn: 90, critical: 80 },
      'budgets.daily.warn: 90 is above critical (80)',
    ],
    [
      { limit: 5, per: 'day', failClosed: 'yes' },
      'budgets.daily.failClosed: "yes" is neither true nor false',
    ],
    [
      { limit: 5, per: 'day', client: 'codx' },
      'budgets.daily.client: "codx" is not one of claude-code, codex, gemini, qwen, copilot, opencode, cline, droid, pi',
    ],
    [{ limit: 5, per: 'day', tool: 7 }, 'budgets.daily.tool: 7 is not a non-empty string'],
    [{ limit: 5, per: 'day', branch: '' }, 'budgets.daily.branch: "" is not a non-empty string'],
  ])('%j is none', (given, line) => {
    const read = parse(given);
    expect(isFault(read) ? faultLine('daily', read) : read).toBe(`${line}; this budget is ignored`);
  });

  test('a key that there is not is no budget of all requests', () => {
    const read = parse({ limit: 5, per: 'day', projct: '/x' });
    expect(read).toMatchObject({ key: 'projct', given: '/x' });
  });

  test.each(['', 'a b', 'x/y', 'é', 'x'.repeat(65), 'a\u001B[31m'])('%j is no name', (name) => {
    expect(parse({ limit: 5, per: 'day' }, name)).toMatchObject({ key: null, given: name });
  });

  test('what it does not say it has of the one below it', () => {
    const base: Budget = { ...DAILY, action: 'stop', isFailClosed: true, warnPercent: 60 };
    expect(parseBudget('daily', { limit: 5 }, 'project', PERCENTS, base)).toEqual({
      ...base,
      limitNanoUsd: 5_000_000_000,
      origin: 'project',
    });
  });
});

test.each([
  ['5', 5_000_000_000],
  [' 1.5 ', 1_500_000_000],
  ['1e-3', 1_000_000],
  ['0.1', 100_000_000],
  ['0.0000000001', null],
  ['0', null],
  ['-1', null],
  ['1,5', null],
  ['', null],
  [true, null],
])('the amount of %j', (text, nanoUsd) => {
  expect(parseAmount(text)).toBe(nanoUsd);
});

describe("the older trackers' variables", () => {
  test('make budgets that warn', () => {
    const warnings: string[] = [];
    const env = { DAILY_COST_LIMIT: '20', SESSION_COST_LIMIT: '2.50', COST_ALERT_THRESHOLD: '300' };
    const found = environmentBudgets(env, PERCENTS, warnings);
    expect(
      found.map(({ name, per, limitNanoUsd, action }) => [name, per, limitNanoUsd, action]),
    ).toEqual([
      ['daily', 'day', 20_000_000_000, 'warn'],
      ['session', 'session', 2_500_000_000, 'warn'],
      ['monthly', 'month', 300_000_000_000, 'warn'],
    ]);
    expect(warnings).toEqual([]);
  });

  test.each([
    [{}, 80, 95, 0],
    [{ BUDGET_WARNING_PERCENT: '50' }, 50, 95, 0],
    [{ BUDGET_WARNING_PERCENT: '97' }, 97, 97, 0],
    [{ BUDGET_CRITICAL_PERCENT: '60' }, 60, 60, 0],
    [{ BUDGET_WARNING_PERCENT: '', BUDGET_CRITICAL_PERCENT: '90' }, 80, 90, 0],
    [{ BUDGET_WARNING_PERCENT: '90', BUDGET_CRITICAL_PERCENT: '70' }, 70, 70, 1],
    [{ BUDGET_WARNING_PERCENT: '0', BUDGET_CRITICAL_PERCENT: '101' }, 80, 95, 2],
    [{ BUDGET_WARNING_PERCENT: '80%' }, 80, 95, 1],
  ])('%j', (env, warn, critical, count) => {
    const warnings: string[] = [];
    expect(environmentPercents(env, warnings)).toEqual({ warn, critical });
    expect(warnings).toHaveLength(count);
  });

  test('what is no amount is one warning', () => {
    const warnings: string[] = [];
    expect(environmentBudgets({ DAILY_COST_LIMIT: 'lots' }, PERCENTS, warnings)).toEqual([]);
    expect(warnings).toEqual([
      'environment: DAILY_COST_LIMIT="lots" is not an amount in USD above zero; ignored',
    ]);
  });
});
