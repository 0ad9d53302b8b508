import { type Budget, type BudgetScope, scopeKey } from '../../core/budget/budget.ts';
import { writeFailClosed } from './fail-closed-file.ts';
import type { Ledger } from '../connection/open.ts';
import { addScope, removeScope } from '../rollups/scopes.ts';
import { hasBudgetRollup } from './spend.ts';

/** An increase of a budget's limit. */
export interface AllowanceDraft {
  budget: string;
  amountNanoUsd: number;
  /** The window that it applies to; null: any, until it expires. */
  windowKey: string | null;
  grantedAtMs: number;
  expiresAtMs: number | null;
}

/** Sets and removes the budgets of the command line, and stores allowances and scopes for all budgets. */
export class BudgetWriter {
  readonly #db: Ledger;

  constructor(db: Ledger) {
    this.#db = db;
  }

  /** Creates or replaces a budget. `keepScopes` has to be called for its roll-ups. */
  set(budget: Budget, nowMs: number): void {
    this.#db
      .transaction(() => {
        this.#db
          .prepare('INSERT OR REPLACE INTO budgets VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
          .run(
            budget.name,
            budget.limitNanoUsd,
            budget.per,
            scopeKey(budget.scope),
            budget.warnPercent,
            budget.criticalPercent,
            budget.action,
            budget.isFailClosed ? 1 : 0,
            nowMs,
          );
        writeFailClosed(this.#db);
      })
      .immediate();
  }

  /** @returns false if it did not exist */
  remove(name: string): boolean {
    return this.#db
      .transaction(() => {
        const { changes } = this.#db.prepare('DELETE FROM budgets WHERE name = ?').run(name);
        writeFailClosed(this.#db);
        return changes > 0;
      })
      .immediate();
  }

  /**
   * Keeps roll-ups for exactly the scopes that budgets use, wherever those are set. If the set changes,
   * this reads every row; otherwise it writes nothing.
   */
  keepScopes(scopes: readonly BudgetScope[]): void {
    const wanted = new Map(
      scopes.filter((scope) => !hasBudgetRollup(scope)).map((scope) => [scopeKey(scope), scope]),
    );
    const stored = this.#db.prepare('SELECT scope_json FROM rollup_scopes').pluck();
    const before = stored.all() as string[];
    if (before.length === wanted.size && before.every((key) => wanted.has(key))) return;
    this.#db
      .transaction(() => {
        for (const key of stored.all() as string[]) {
          if (!wanted.has(key)) removeScope(this.#db, key);
          wanted.delete(key);
        }
        for (const scope of wanted.values()) addScope(this.#db, scope);
      })
      .immediate();
  }

  allow({ budget, amountNanoUsd, windowKey, grantedAtMs, expiresAtMs }: AllowanceDraft): void {
    this.#db
      .prepare('INSERT INTO budget_allowances VALUES (NULL, ?, ?, ?, ?, ?)')
      .run(budget, amountNanoUsd, windowKey, grantedAtMs, expiresAtMs);
  }
}
