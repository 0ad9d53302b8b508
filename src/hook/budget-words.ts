import type { BudgetPeriod } from '../core/budget.ts';
import type { Halt } from '../core/hook-answer.ts';
import type { BudgetState } from '../ingest/budget-states.ts';
import { formatExactUsd, formatUsd } from '../render/format.ts';

const WHEN: Record<BudgetPeriod, string> = {
  session: 'in this session',
  prompt: 'for this prompt',
  day: 'today',
  week: 'this week',
  month: 'this month',
  total: 'in all',
};

/** The smallest raise that is offered. */
const RAISE_NANO_USD = 5_000_000_000;

export function haltOf(states: readonly BudgetState[]): Halt {
  const raises = states
    .filter((state) => !state.isBlockedByUnpriced)
    .map(({ budget, spentNanoUsd, limitNanoUsd }) => {
      const over = Math.max(0, spentNanoUsd - limitNanoUsd);
      // A raise that leaves the budget spent would be no way out.
      const raise = over < RAISE_NANO_USD * 0.8 ? RAISE_NANO_USD : over + RAISE_NANO_USD;
      return `tallyhook budget allow ${budget.name} ${Math.ceil(raise / 1e9)}`;
    });
  const ways = [];
  if (raises.length < states.length) ways.push('"tallyhook pricing unknown" names the model.');
  if (raises.length > 0) {
    ways.push(`To go on: ${raises.join(', ')} (at the prompt of the agent with "!" before it)`);
  }
  return { reason: states.map(reasonOf).join(' '), wayOut: ways.join('\n') };
}

/** The client tells the model later on why a turn was stopped: it must be true then too. */
function reasonOf(state: BudgetState): string {
  const { name } = state.budget;
  return state.isBlockedByUnpriced
    ? `Budget ${name} can't be counted: a request in it has no price (budget.unpriced is block).`
    : `Budget ${name} has reached its limit: ${spentOf(state)}.`;
}

/** Of budgets that hold where nobody can tell what is spent. */
export function blindHaltOf(names: readonly string[], cause: string, path: string): Halt {
  return {
    reason: `Budget ${names.join(', ')} can't be checked (${cause}), and counts as spent then (--fail-closed).`,
    wayOut: `"tallyhook verify" tells more. To go on without it: remove ${path}, or "failClosed" from the settings`,
  };
}

/** A crossing, for the user. */
export function noticeOf(state: BudgetState): string {
  const { budget, spentNanoUsd, limitNanoUsd, level } = state;
  const name = `tallyhook: budget ${budget.name}`;
  if (state.isBlockedByUnpriced) return `${name} can't be counted: a request in it has no price`;
  if (level === 'over') return `${name} has reached its limit: ${spentOf(state)}`;
  const percent = Math.floor((spentNanoUsd / limitNanoUsd) * 100);
  const then = { stop: '; it stops at 100%', ask: '; it asks at 100%', warn: '', observe: '' };
  return `${name}: ${percent}% spent, ${spentOf(state)}${then[budget.action]}`;
}

function spentOf({ budget, spentNanoUsd, limitNanoUsd }: BudgetState): string {
  const [spent, limit] = [spentNanoUsd, limitNanoUsd].map((nano) => usd(nano, limitNanoUsd));
  return `${spent} of ${limit} ${WHEN[budget.per]}`;
}

function usd(nanoUsd: number, limitNanoUsd: number): string {
  if (limitNanoUsd >= 1e9) return formatUsd(nanoUsd);
  return limitNanoUsd >= 1e7 ? formatUsd(nanoUsd, 4) : formatExactUsd(nanoUsd);
}
