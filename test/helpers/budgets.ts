import { type Budget, WHOLE_SCOPE } from '../../src/core/budget/budget.ts';
import { type BudgetAlert, readAlerts } from '../../src/store/budgets/reader.ts';
import { BudgetWriter } from '../../src/store/budgets/writer.ts';
import { type Ledger, openLedger } from '../../src/store/connection/open.ts';

/** A budget that stops at 1 USD per session, with the given fields replaced. */
export function budget(over: Partial<Budget> = {}): Budget {
  return {
    name: 'cap',
    limitNanoUsd: 1_000_000_000,
    per: 'session',
    scope: WHOLE_SCOPE,
    warnPercent: 80,
    criticalPercent: 95,
    action: 'stop',
    isFailClosed: false,
    origin: 'command',
    ...over,
  };
}

function within<Result>(ledgerPath: string, work: (db: Ledger) => Result): Result {
  const db = openLedger(ledgerPath, { busyTimeoutMs: 5000 });
  try {
    return work(db);
  } finally {
    db.close();
  }
}

export function setBudgets(ledgerPath: string, ...budgets: Budget[]): void {
  within(ledgerPath, (db) => {
    const writer = new BudgetWriter(db);
    for (const one of budgets) writer.set(one, 1);
    writer.keepScopes(budgets.map(({ scope }) => scope));
  });
}

/** @param forMs how long the allowance lasts, milliseconds; by default it does not expire */
export function allow(
  ledgerPath: string,
  name: string,
  usd: number,
  { windowKey = null, forMs }: { windowKey?: string | null; forMs?: number } = {},
): void {
  const now = Date.now();
  within(ledgerPath, (db) =>
    new BudgetWriter(db).allow({
      budget: name,
      amountNanoUsd: Math.round(usd * 1e9),
      windowKey,
      grantedAtMs: now,
      expiresAtMs: forMs === undefined ? null : now + forMs,
    }),
  );
}

/** Moves the times of every allowance into the past, so that temporary ones have expired. */
export function expire(ledgerPath: string): void {
  within(ledgerPath, (db) =>
    db.exec(`UPDATE budget_allowances SET expires_at_ms = unixepoch() * 1000 - 1000,
      granted_at_ms = granted_at_ms - (expires_at_ms - unixepoch() * 1000 + 1000)`),
  );
}

/** Stored crossings, oldest first, as `budget level`. */
export function alerts(ledgerPath: string): string[] {
  const found: BudgetAlert[] = within(ledgerPath, (db) => readAlerts(db, 1000));
  return found.map(({ budget: name, level }) => `${name} ${level}`).toReversed();
}
