import type { Block } from '../core/hook/answer.ts';
import type { BudgetState } from './evaluate.ts';
import { formatSpent } from './notice.ts';

/** The smallest raise that is offered. */
const RAISE_NANO_USD = 5_000_000_000;

export function blockMessage(states: readonly BudgetState[]): Block {
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
  return { reason: states.map(formatBlockReason).join(' '), remedy: ways.join('\n') };
}

/** The client tells the model later on why a turn was stopped: it must be true then too. */
function formatBlockReason(state: BudgetState): string {
  const { name } = state.budget;
  return state.isBlockedByUnpriced
    ? `Budget ${name} can't be counted: a request in it has no price (budget.unpriced is block).`
    : `Budget ${name} has reached its limit: ${formatSpent(state)}.`;
}

/** Of budgets that hold where nobody can tell what is spent. */
export function unverifiableBlock(names: readonly string[], cause: string, path: string): Block {
  return {
    reason: `Budget ${names.join(', ')} can't be checked (${cause}), and counts as spent then (--fail-closed).`,
    remedy: `"tallyhook verify" tells more. To go on without it: remove ${path}, or "failClosed" from the settings`,
  };
}
