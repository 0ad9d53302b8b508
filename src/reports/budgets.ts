import {
  type Budget,
  type BudgetHistoryKind,
  type BudgetScope,
  type BudgetStep,
  WHOLE_SCOPE,
  forecastCrossing,
} from '../core/budget/budget.ts';
import type { BudgetState } from '../core/budget/state.ts';
import type { Allowance, BudgetAlert } from '../store/budgets/reader.ts';

/** A budget as it was set. */
export interface BudgetJson {
  name: string;
  limitNanoUsd: number;
  limitUsd: number;
  per: Budget['per'];
  /** The values that requests must match to count; empty: all requests count. */
  scope: Partial<Record<keyof BudgetScope, string>>;
  warnPercent: number;
  criticalPercent: number;
  action: Budget['action'];
  failClosed: boolean;
  origin: Budget['origin'];
}

/** A budget with its spend; nulls if it has no window here (no session, no prompt). */
export interface BudgetStatusJson extends BudgetJson {
  /** `limitNanoUsd` includes it. */
  allowedNanoUsd: number;
  window: { key: string; since: string | null; until: string | null } | null;
  spentNanoUsd: number | null;
  spentUsd: number | null;
  unattributedNanoUsd: number | null;
  remainingNanoUsd: number | null;
  /** Spend divided by the limit: 1 means all is spent. */
  share: number | null;
  level: BudgetState['level'] | null;
  /** Requests left out of the spend because their cost is not known; null without a window. */
  unpricedRequests: number | null;
  isBlockedByUnpriced: boolean;
  /** When the limit is reached if spending continues at the rate of this window. */
  crossesAt: string | null;
}

export interface BudgetHistoryEvent {
  at: string;
  kind: BudgetHistoryKind;
  budget: string;
  /** Null: applies to every window. */
  windowKey: string | null;
  /** The amount of an allowance. */
  amountNanoUsd: number | null;
  amountUsd: number | null;
  expiresAt: string | null;
  /** The level of an alert. */
  level: BudgetStep | null;
  limitNanoUsd: number | null;
  spentNanoUsd: number | null;
  sessionId: string | null;
}

export function budgetJson(budget: Budget): BudgetJson {
  const { name, limitNanoUsd, per, scope, warnPercent, criticalPercent, action } = budget;
  const facts = Object.keys(WHOLE_SCOPE) as (keyof BudgetScope)[];
  return {
    name,
    limitNanoUsd,
    limitUsd: limitNanoUsd / 1e9,
    per,
    scope: Object.fromEntries(
      facts.flatMap((fact) => (scope[fact] === null ? [] : [[fact, scope[fact]]])),
    ),
    warnPercent,
    criticalPercent,
    action,
    failClosed: budget.isFailClosed,
    origin: budget.origin,
  };
}

/** Each budget with its state, if it has one. */
export function budgetStatuses(
  budgets: readonly Budget[],
  states: readonly BudgetState[],
  nowMs: number,
): BudgetStatusJson[] {
  const byName = new Map(states.map((state) => [state.budget.name, state]));
  return budgets.map((budget) => {
    const state = byName.get(budget.name);
    return state === undefined ? withoutWindow(budget) : toBudgetStatus(state, nowMs);
  });
}

function withoutWindow(budget: Budget): BudgetStatusJson {
  return {
    ...budgetJson(budget),
    allowedNanoUsd: 0,
    window: null,
    spentNanoUsd: null,
    spentUsd: null,
    unattributedNanoUsd: null,
    remainingNanoUsd: null,
    share: null,
    level: null,
    unpricedRequests: null,
    isBlockedByUnpriced: false,
    crossesAt: null,
  };
}

function toBudgetStatus(state: BudgetState, nowMs: number): BudgetStatusJson {
  const { budget, window, limitNanoUsd, spentNanoUsd } = state;
  const crossesAtMs = forecastCrossing(spentNanoUsd, limitNanoUsd, window, nowMs);
  return {
    ...budgetJson(budget),
    limitNanoUsd,
    limitUsd: limitNanoUsd / 1e9,
    allowedNanoUsd: limitNanoUsd - budget.limitNanoUsd,
    window: { key: window.key, since: iso(window.sinceMs), until: iso(window.untilMs) },
    spentNanoUsd,
    spentUsd: spentNanoUsd / 1e9,
    unattributedNanoUsd: state.unattributedNanoUsd,
    remainingNanoUsd: Math.max(0, limitNanoUsd - spentNanoUsd),
    share: spentNanoUsd / limitNanoUsd,
    level: state.level,
    unpricedRequests: state.unpricedRequests,
    isBlockedByUnpriced: state.isBlockedByUnpriced,
    crossesAt: iso(crossesAtMs),
  };
}

/** The history of budgets, newest first. */
export function reportBudgetHistory(
  allowances: readonly Allowance[],
  alerts: readonly BudgetAlert[],
): BudgetHistoryEvent[] {
  const events = [
    ...allowances.map((allowance) => ({
      atMs: allowance.grantedAtMs,
      event: ofAllowance(allowance),
    })),
    ...alerts.map((alert) => ({ atMs: alert.occurredAtMs, event: ofAlert(alert) })),
  ];
  return events.sort((a, b) => b.atMs - a.atMs).map(({ event }) => event);
}

function ofAllowance(allowance: Allowance): BudgetHistoryEvent {
  return {
    at: new Date(allowance.grantedAtMs).toISOString(),
    kind: 'allowance',
    budget: allowance.budget,
    windowKey: allowance.windowKey,
    amountNanoUsd: allowance.amountNanoUsd,
    amountUsd: allowance.amountNanoUsd / 1e9,
    expiresAt: iso(allowance.expiresAtMs),
    level: null,
    limitNanoUsd: null,
    spentNanoUsd: null,
    sessionId: null,
  };
}

function ofAlert(alert: BudgetAlert): BudgetHistoryEvent {
  return {
    at: new Date(alert.occurredAtMs).toISOString(),
    kind: 'alert',
    budget: alert.budget,
    windowKey: alert.windowKey,
    amountNanoUsd: null,
    amountUsd: null,
    expiresAt: null,
    level: alert.level,
    limitNanoUsd: alert.limitNanoUsd,
    spentNanoUsd: alert.spentNanoUsd,
    sessionId: alert.sessionId,
  };
}

function iso(ms: number | null): string | null {
  return ms === null || Math.abs(ms) > 8.64e15 ? null : new Date(ms).toISOString();
}
