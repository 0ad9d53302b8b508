import { type AlertDraft, type AlertLevel, channelsFor } from '../core/alert/alert.ts';
import type { BudgetState } from '../core/budget/state.ts';
import type { Settings } from '../core/settings/resolve.ts';

const LEVELS: Record<BudgetState['level'], AlertLevel> = {
  fine: 'info',
  warning: 'warning',
  critical: 'critical',
  over: 'critical',
};

/**
 * Builds the alert for a budget's state, or null when there is nothing to report. The key includes the
 * limit, so that a raised limit has its own crossings. HOT PATH.
 * @param reason one line for people
 */
export function budgetAlert(
  state: BudgetState,
  alerts: Settings['alerts'],
  reason: string,
  sessionId: string | null,
  nowMs: number,
): AlertDraft | null {
  const { budget, window, level, limitNanoUsd, spentNanoUsd } = state;
  if (level === 'fine' && !isInfo(state, alerts.budgetInfo)) return null;
  const step = level === 'fine' ? 'info' : level;
  return {
    key: `budget:${budget.name}:${step}:${limitNanoUsd}:${window.key}`,
    kind: 'budget',
    subject: budget.name,
    windowKey: window.key,
    level: LEVELS[level],
    step,
    amountNanoUsd: spentNanoUsd,
    limitNanoUsd,
    reason,
    sessionId,
    sinceMs: window.sinceMs,
    occurredAtMs: nowMs,
    channels: isSilent(state) ? [] : channelsFor(alerts, LEVELS[level]),
  };
}

/**
 * A budget that only observes sends nothing. Nor does a repository's own budget per session or per
 * prompt: its file could fill a mailbox with one mail for each prompt.
 */
function isSilent({ budget: { action, origin, per } }: BudgetState): boolean {
  return action === 'observe' || (origin === 'project' && (per === 'session' || per === 'prompt'));
}

function isInfo({ spentNanoUsd, limitNanoUsd }: BudgetState, percent: number): boolean {
  return percent > 0 && BigInt(spentNanoUsd) * 100n >= BigInt(limitNanoUsd) * BigInt(percent);
}
