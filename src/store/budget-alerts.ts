import { type AlertDraft, BudgetWriter } from './budget-writer.ts';
import type { Ledger } from './open.ts';

/**
 * Keeps crossings. Of however many processes at once one gets each of them to tell. Where all are
 * known, as after the first time, nothing is written and no lock taken.
 * @returns those that were not known
 * @throws SQLite's own error; then none is kept
 */
export function keepCrossings(db: Ledger, drafts: readonly AlertDraft[]): AlertDraft[] {
  if (drafts.every((draft) => isKnown(db, draft))) return [];
  const writer = new BudgetWriter(db);
  return db.transaction(() => drafts.filter((draft) => writer.alert(draft))).immediate();
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
