import { DAY_MS } from '../time/units.ts';
import { type ZoneOffset, toLocalDay, startOfDay, timeLabel } from '../time/period.ts';

export const BUDGET_PERIODS = ['session', 'prompt', 'day', 'week', 'month', 'total'] as const;
export type BudgetPeriod = (typeof BUDGET_PERIODS)[number];

/** What happens when a budget is spent, from the mildest to the strictest. */
export const BUDGET_ACTIONS = ['observe', 'warn', 'ask', 'stop'] as const;
export type BudgetAction = (typeof BUDGET_ACTIONS)[number];

export const BUDGET_ORIGINS = ['command', 'settings', 'environment', 'project'] as const;
export type BudgetOrigin = (typeof BUDGET_ORIGINS)[number];

/** Which requests count; null means all. */
export interface BudgetScope {
  /** The project's root folder. */
  project: string | null;
  branch: string | null;
  /** The canonical name. */
  model: string | null;
  agentType: string | null;
  tool: string | null;
  provider: string | null;
  client: string | null;
}

export const WHOLE_SCOPE: BudgetScope = {
  project: null,
  branch: null,
  model: null,
  agentType: null,
  tool: null,
  provider: null,
  client: null,
};

/** A scope as text, equal for equal scopes; roll-ups are stored under it. */
export function scopeKey(scope: BudgetScope): string {
  const set = (Object.keys(WHOLE_SCOPE) as (keyof BudgetScope)[]).flatMap((name) =>
    scope[name] === null ? [] : [[name, scope[name]]],
  );
  return JSON.stringify(Object.fromEntries(set));
}

/** @param key a result of `scopeKey` */
export function scopeOfKey(key: string): BudgetScope {
  return { ...WHOLE_SCOPE, ...(JSON.parse(key) as Partial<BudgetScope>) };
}

export interface Budget {
  name: string;
  limitNanoUsd: number;
  per: BudgetPeriod;
  scope: BudgetScope;
  warnPercent: number;
  criticalPercent: number;
  action: BudgetAction;
  /** If the spend can't be determined, treat the budget as spent. */
  isFailClosed: boolean;
  /** Where it was set; a project's file comes with a repository. */
  origin: BudgetOrigin;
}

/** What happens to a budget: an allowance, or an alert about it. */
export const BUDGET_HISTORY_KINDS = ['allowance', 'alert'] as const;
export type BudgetHistoryKind = (typeof BUDGET_HISTORY_KINDS)[number];

/** The period that a budget is spent in. */
export interface BudgetWindow {
  /** Distinguishes it from the next window: a date, a session or a prompt. Alerts are sent once per key. */
  key: string;
  /** First millisecond; null if it has no start of its own. */
  sinceMs: number | null;
  /** First millisecond after it; null if it has no end of its own. */
  untilMs: number | null;
}

/** The session and prompt that a decision is about. */
export interface BudgetTarget {
  sessionId: string | null;
  promptId: string | null;
}

/**
 * The window that is open now.
 * @param family the oldest session that this one was forked from, or itself: a fork continues to spend on
 * its budget
 * @returns null if the budget has no window here, such as a session's budget outside of a session
 */
export function computeWindow(
  per: BudgetPeriod,
  nowMs: number,
  offset: ZoneOffset,
  family: string | null,
  promptId: string | null,
): BudgetWindow | null {
  switch (per) {
    case 'session':
      return family === null ? null : { key: family, sinceMs: null, untilMs: null };
    case 'prompt':
      return promptId === null ? null : { key: promptId, sinceMs: null, untilMs: null };
    case 'total':
      return { key: 'total', sinceMs: null, untilMs: null };
    case 'day':
    case 'week':
    case 'month': {
      const [first, beyond] = computeDays(per, toLocalDay(nowMs, offset));
      return {
        key: timeLabel(per, nowMs, offset),
        sinceMs: startOfDay(first, offset),
        untilMs: startOfDay(beyond, offset),
      };
    }
  }
}

/** First day and exclusive last day, in days since 1970-01-01. Weeks begin on Monday. */
function computeDays(per: 'day' | 'week' | 'month', day: number): [number, number] {
  if (per === 'day') return [day, day + 1];
  if (per === 'week') {
    // 1970-01-01 was a Thursday.
    const monday = day - ((day + 3) % 7);
    return [monday, monday + 7];
  }
  const date = new Date(day * 86_400_000);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  return [Date.UTC(year, month) / DAY_MS, Date.UTC(year, month + 1) / DAY_MS];
}

/** How far a budget is spent, in rising order. */
export const BUDGET_LEVELS = ['fine', 'warning', 'critical', 'over'] as const;
export type BudgetLevel = (typeof BUDGET_LEVELS)[number];

/** The step of a budget's alert: a level, or the share of the limit set by `alerts.budgetInfo`. */
export const BUDGET_STEPS = ['info', ...BUDGET_LEVELS] as const;
export type BudgetStep = (typeof BUDGET_STEPS)[number];

/**
 * The level that an amount has reached. A budget that is spent exactly is over, because the next request
 * could only exceed it. Percentages are exact: integers on both sides.
 */
export function computeLevel(
  spentNanoUsd: number,
  limitNanoUsd: number,
  { warnPercent, criticalPercent }: Pick<Budget, 'warnPercent' | 'criticalPercent'>,
): BudgetLevel {
  const [spent, limit] = [BigInt(spentNanoUsd) * 100n, BigInt(limitNanoUsd)];
  if (spent >= limit * 100n) return 'over';
  if (spent >= limit * BigInt(criticalPercent)) return 'critical';
  return spent >= limit * BigInt(warnPercent) ? 'warning' : 'fine';
}

/**
 * When a window's limit is reached if spending continues at the rate since the window began.
 * @returns milliseconds UTC; null if it is not reached before the window ends, or if there is no basis for
 * a rate
 */
export function forecastCrossing(
  spentNanoUsd: number,
  limitNanoUsd: number,
  { sinceMs, untilMs }: Pick<BudgetWindow, 'sinceMs' | 'untilMs'>,
  nowMs: number,
): number | null {
  if (sinceMs === null || spentNanoUsd <= 0 || spentNanoUsd >= limitNanoUsd) return null;
  const elapsedMs = nowMs - sinceMs;
  if (elapsedMs <= 0) return null;
  const atMs = sinceMs + (elapsedMs * limitNanoUsd) / spentNanoUsd;
  return untilMs !== null && atMs >= untilMs ? null : Math.ceil(atMs);
}

/**
 * Whether `later` permits nothing that `earlier` does not: the only change a project's file may make to a
 * user's budget.
 */
export function isStricter(later: Budget, earlier: Budget): boolean {
  return (
    later.per === earlier.per &&
    later.limitNanoUsd <= earlier.limitNanoUsd &&
    BUDGET_ACTIONS.indexOf(later.action) >= BUDGET_ACTIONS.indexOf(earlier.action) &&
    later.warnPercent <= earlier.warnPercent &&
    later.criticalPercent <= earlier.criticalPercent &&
    (later.isFailClosed || !earlier.isFailClosed) &&
    (Object.keys(WHOLE_SCOPE) as (keyof BudgetScope)[]).every(
      (name) => later.scope[name] === null || later.scope[name] === earlier.scope[name],
    )
  );
}
