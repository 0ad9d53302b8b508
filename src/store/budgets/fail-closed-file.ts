import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Budget } from '../../core/budget/budget.ts';
import { MAX_SETTINGS_BYTES, readBounded } from '../../files/read-bounded.ts';
import { readBudgets } from './reader.ts';
import type { Ledger } from '../connection/open.ts';

/**
 * Budgets that must hold even when the ledger can't be read have to be known without it, so budgets that
 * fail closed are also written to a file next to the ledger. If it does not exist, there are none.
 */
export function failClosedPath(ledgerPath: string): string {
  return join(dirname(ledgerPath), 'budgets-fail-closed.json');
}

/** Rewrites the file from the ledger, within the transaction that changes budgets. */
export function writeFailClosed(db: Ledger): void {
  const path = failClosedPath(db.name);
  const budgets = readBudgets(db).filter(({ isFailClosed }) => isFailClosed);
  if (budgets.length === 0) return rmSync(path, { force: true });
  // An existing file is never opened. `node:crypto` would cost the hook a millisecond here.
  const part = `${path}.${process.pid}-${Math.random().toString(36).slice(2)}`;
  try {
    writeFileSync(part, `${JSON.stringify(budgets, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
    renameSync(part, path);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
}

/** @throws if the file exists but can't be read: the budgets are then unknown */
export function readFailClosed(ledgerPath: string): Budget[] {
  const limits = { maxBytes: MAX_SETTINGS_BYTES, within: null };
  const bytes = readBounded(failClosedPath(ledgerPath), limits);
  return bytes === null ? [] : (JSON.parse(bytes.toString('utf8')) as Budget[]);
}
