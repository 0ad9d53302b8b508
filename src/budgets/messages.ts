import { CLAUDE_CODE } from '../core/client/names.ts';
import type { Block } from '../core/hook/answer.ts';
import type { BudgetState } from './evaluate.ts';
import { formatSpent } from './notice.ts';

/** The smallest increase that is suggested. */
const RAISE_NANO_USD = 5_000_000_000;

/** @param client the agent that shows the message */
export function blockMessage(states: readonly BudgetState[], client: string): Block {
  const raises = states
    .filter((state) => !state.isBlockedByUnpriced)
    .map(({ budget, spentNanoUsd, limitNanoUsd }) => {
      const over = Math.max(0, spentNanoUsd - limitNanoUsd);
      // An increase that leaves the budget spent would not help.
      const raise = over < RAISE_NANO_USD * 0.8 ? RAISE_NANO_USD : over + RAISE_NANO_USD;
      return `tallyhook budget allow ${budget.name} ${Math.ceil(raise / 1e9)}`;
    });
  const ways = [];
  if (raises.length < states.length)
    ways.push('Run "tallyhook pricing unknown" to see the model and why.');
  if (raises.length > 0) {
    const where = client === CLAUDE_CODE ? ' (in Claude Code, type ! first)' : '';
    ways.push(`To continue: ${raises.join(', ')}${where}`);
  }
  return { reason: states.map(formatBlockReason).join(' '), remedy: ways.join('\n') };
}

/**
 * Agents repeat the reason to the model with the next prompt, so the sentence must still be true
 * then.
 */
function formatBlockReason(state: BudgetState): string {
  const { name } = state.budget;
  return state.isBlockedByUnpriced
    ? `Budget ${name} can't be checked: the cost of a request is not known (budget.unpriced is "block").`
    : `Budget ${name} has reached its limit: ${formatSpent(state)}.`;
}

/** For budgets that fail closed, when the amount spent can't be determined. */
export function unverifiableBlock(names: readonly string[], cause: string, path: string): Block {
  return {
    reason: `Budget ${names.join(', ')} can't be checked (${cause}). It fails closed, so it counts as spent.`,
    remedy: `Run "tallyhook verify" for details. To continue without the check: remove ${path}, or "failClosed" from the settings`,
  };
}
