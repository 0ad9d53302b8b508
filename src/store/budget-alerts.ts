import { type AlertDraft, BudgetWriter } from './budget-writer.ts';
import type { Ledger } from './open.ts';

/**
 * Keeps crossings, and tells those that nobody has told yet. `tell` runs inside the transaction:
 * a process that dies before it has told leaves them to the next one, and of however many at once
 * one tells. Where all are known, as after the first time, nothing is written and no lock taken.
 * @throws SQLite's own error, before or after `tell`
 */
export function tellOnce(
  db: Ledger,
  drafts: readonly AlertDraft[],
  tell: (fresh: AlertDraft[]) => void,
): void {
  if (drafts.every((draft) => isKnown(db, draft))) return tell([]);
  const writer = new BudgetWriter(db);
  db.transaction(() => tell(drafts.filter((draft) => writer.alert(draft)))).immediate();
}

function isKnown(db: Ledger, { budget, windowKey, level, limitNanoUsd }: AlertDraft): boolean {
  return (
    db
      .prepare(
        `SELECT 1 FROM budget_alerts
         WHERE budget = ? AND window_key = ? AND level = ? AND limit_nano_usd = ?`,
      )
      .get(budget, windowKey, level, limitNanoUsd) !== undefined
  );
}
