import { describe, expect, test } from 'vitest';
import { blockMessage, unverifiableBlock } from '../../src/budgets/messages.ts';
import { formatBudgetNotice, formatSpent } from '../../src/budgets/notice.ts';
import type { BudgetAction, BudgetPeriod, BudgetWindow } from '../../src/core/budget/budget.ts';
import type { BudgetState } from '../../src/core/budget/state.ts';
import { budget } from '../helpers/budgets.ts';

const DOLLAR = 1_000_000_000;

const WINDOW: BudgetWindow = { key: '2026-11-20', sinceMs: null, untilMs: null };

function state(
  spentUsd: number,
  limitUsd: number,
  over: Partial<BudgetState> & { name?: string; per?: BudgetPeriod; action?: BudgetAction } = {},
): BudgetState {
  const { name = 'daily', per = 'day', action = 'stop', ...rest } = over;
  return {
    budget: budget({ name, per, action }),
    window: WINDOW,
    spentNanoUsd: Math.round(spentUsd * DOLLAR),
    limitNanoUsd: Math.round(limitUsd * DOLLAR),
    unattributedNanoUsd: 0,
    level: spentUsd >= limitUsd ? 'over' : 'warning',
    unpricedRequests: 0,
    isBlockedByUnpriced: false,
    ...rest,
  };
}

const raises = (...states: BudgetState[]): string[] =>
  blockMessage(states, 'claude-code').remedy.match(/budget allow \S+ \d+/g) ?? [];

describe('the raise that is offered', () => {
  test.each<[spent: number, limit: number, raise: number]>([
    [20, 20, 5],
    [23.9, 20, 5],
    // Five dollars would leave little or nothing.
    [24, 20, 9],
    [26, 20, 11],
    [20.5, 0, 26],
    [0, 20, 5],
  ])('after $%d of $%d is $%d', (spent, limit, raise) => {
    expect(raises(state(spent, limit))).toEqual([`budget allow daily ${raise}`]);
  });

  test('is one for each budget that a raise helps', () => {
    const unpriced = state(0, 1, { name: 'strict', isBlockedByUnpriced: true });
    const both = [state(20, 20), state(3, 2, { name: 'cap' })];
    expect(raises(unpriced, ...both)).toEqual(['budget allow daily 5', 'budget allow cap 5']);
    expect(raises(unpriced)).toEqual([]);
    expect(blockMessage([unpriced], 'claude-code').remedy).toContain('tallyhook pricing unknown');
    expect(blockMessage(both, 'claude-code').remedy).not.toContain('tallyhook pricing unknown');
  });
});

test('a block names each budget, and what is spent of it', () => {
  const { reason } = blockMessage(
    [state(20, 20), state(3, 2, { name: 'cap', per: 'session' })],
    'codex',
  );
  for (const part of ['daily', '$20.00 of $20.00 today', 'cap', '$3.00 of $2.00 in this session']) {
    expect(reason).toContain(part);
  }
});

test('a block says how to run a command in Claude Code to nobody else', () => {
  const remedy = (client: string) => blockMessage([state(20, 20)], client).remedy;
  expect(remedy('claude-code')).toBe(
    'To continue: tallyhook budget allow daily 5 (in Claude Code, type ! first)',
  );
  expect(remedy('codex')).toBe('To continue: tallyhook budget allow daily 5');
});

test('a block by what can not be checked names budgets, cause and the file that lifts it', () => {
  const { reason, remedy } = unverifiableBlock(['a', 'b'], 'disk I/O error', '~/closed.json');
  expect(reason).toContain('a, b');
  expect(reason).toContain('disk I/O error');
  expect(remedy).toContain('~/closed.json');
});

describe('amounts have the digits that their limit needs', () => {
  test.each<[spent: number, limit: number, text: string]>([
    [16, 20, '$16.00 of $20.00'],
    [0.123456, 0.5, '$0.1235 of $0.5000'],
    [0.000123, 0.001, '$0.000123 of $0.001'],
  ])('$%d of $%d', (spent, limit, text) => {
    expect(formatSpent(state(spent, limit))).toBe(`${text} today`);
  });
});

describe('a notice', () => {
  test.each<[BudgetAction, string | null]>([
    ['stop', 'stops'],
    ['ask', 'asks'],
    ['warn', null],
    ['observe', null],
  ])('of a budget that would %s says so', (action, verb) => {
    const notice = formatBudgetNotice(state(16.99, 20, { action }));
    expect(notice).toContain('84%');
    expect(notice.includes('100%')).toBe(verb !== null);
    expect(notice).toContain(verb ?? 'today');
  });

  test('of one that is over tells no percent', () => {
    expect(formatBudgetNotice(state(21, 20))).not.toContain('%');
    expect(formatBudgetNotice(state(21, 20))).toContain('$21.00 of $20.00 today');
  });

  test('of one that an unpriced request blocks tells no amount', () => {
    expect(formatBudgetNotice(state(1, 20, { isBlockedByUnpriced: true }))).not.toContain('$');
  });
});
