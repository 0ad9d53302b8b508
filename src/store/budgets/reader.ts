import {
  type Budget,
  type BudgetAction,
  type BudgetPeriod,
  type BudgetStep,
  scopeOfKey,
} from '../../core/budget/budget.ts';
import type { Ledger } from '../connection/open.ts';

interface BudgetRow {
  name: string;
  limit_nano_usd: number;
  per: string;
  scope_json: string;
  warn_percent: number;
  critical_percent: number;
  action: string;
  is_fail_closed: number;
}

export interface Allowance {
  budget: string;
  amountNanoUsd: number;
  windowKey: string | null;
  grantedAtMs: number;
  expiresAtMs: number | null;
}

export interface BudgetAlert {
  budget: string;
  windowKey: string;
  level: BudgetStep;
  limitNanoUsd: number;
  spentNanoUsd: number;
  sessionId: string | null;
  occurredAtMs: number;
  acknowledgedAtMs: number | null;
}

/** Budgets that were set on the command line, sorted by name. */
export function readBudgets(db: Ledger): Budget[] {
  const rows = db.prepare('SELECT * FROM budgets ORDER BY name').all() as BudgetRow[];
  return rows.map((row) => ({
    name: row.name,
    limitNanoUsd: row.limit_nano_usd,
    per: row.per as BudgetPeriod,
    scope: scopeOfKey(row.scope_json),
    warnPercent: row.warn_percent,
    criticalPercent: row.critical_percent,
    action: row.action as BudgetAction,
    isFailClosed: row.is_fail_closed === 1,
    origin: 'command',
  }));
}

/** By how much each limit is raised now. All allowances are read at once, as most budgets have none. */
export function allowancesNow(
  db: Ledger,
  nowMs: number,
): (budget: string, windowKey: string) => number {
  const open = db
    .prepare(
      `SELECT budget, window_key AS windowKey, amount_nano_usd AS amountNanoUsd FROM budget_allowances
       WHERE expires_at_ms IS NULL OR expires_at_ms > ?`,
    )
    .all(nowMs) as { budget: string; windowKey: string | null; amountNanoUsd: number }[];
  return (budget, windowKey) =>
    open
      .filter((one) => one.budget === budget)
      .filter((one) => one.windowKey === null || one.windowKey === windowKey)
      .reduce((sum, { amountNanoUsd }) => sum + amountNanoUsd, 0);
}

/** Allowances, newest first. @param budget null: of all budgets */
export function readAllowances(db: Ledger, budget: string | null, limit: number): Allowance[] {
  return db
    .prepare(
      `SELECT budget, amount_nano_usd AS amountNanoUsd, window_key AS windowKey,
         granted_at_ms AS grantedAtMs, expires_at_ms AS expiresAtMs
       FROM budget_allowances WHERE @budget IS NULL OR budget = @budget
       ORDER BY id DESC LIMIT @limit`,
    )
    .all({ budget, limit }) as Allowance[];
}

/** Crossings, newest first. @param budget null: of all budgets */
export function readAlerts(db: Ledger, limit: number, budget: string | null = null): BudgetAlert[] {
  return db
    .prepare(
      `SELECT budget, window_key AS windowKey, level, limit_nano_usd AS limitNanoUsd,
         spent_nano_usd AS spentNanoUsd, session_id AS sessionId, occurred_at_ms AS occurredAtMs,
         acknowledged_at_ms AS acknowledgedAtMs
       FROM budget_alerts WHERE @budget IS NULL OR budget = @budget
       ORDER BY id DESC LIMIT @limit`,
    )
    .all({ limit, budget }) as BudgetAlert[];
}

/** The prompt of a session's last request. */
export function selectLastPrompt(db: Ledger, sessionId: string): string | null {
  const promptId = db
    .prepare(
      'SELECT prompt_id FROM cost_records WHERE session_id = ? ORDER BY occurred_at_ms DESC LIMIT 1',
    )
    .pluck()
    .get(sessionId);
  return typeof promptId === 'string' ? promptId : null;
}
