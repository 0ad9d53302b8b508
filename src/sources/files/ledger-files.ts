import { existsSync, rmSync, rmdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { hookLogPath, spoolFolder } from '../machine/paths.ts';

/** Files next to the ledger that tallyhook writes. */
const NAMES = ['serve.token', 'prices.json', 'budgets-fail-closed.json'];

/**
 * All existing files that recording has created next to a ledger, and the ledger itself. Exports belong
 * to the user and are not included.
 */
export function ledgerFiles(ledger: string): string[] {
  const folder = dirname(ledger);
  const log = hookLogPath(ledger);
  // SQLite's own files for the ledger, and the lock file of the alert sender.
  const ofLedger = ['', '-wal', '-shm', '-journal', '.sender', '.sender-journal'];
  return [
    ...ofLedger.map((end) => ledger + end),
    log,
    `${log}.1`,
    spoolFolder(ledger),
    ...NAMES.map((name) => join(folder, name)),
  ].filter((path) => existsSync(path));
}

/** Deletes these files, and their folder if nothing else is in it. */
export function deleteLedgerFiles(ledger: string): void {
  for (const path of ledgerFiles(ledger)) rmSync(path, { recursive: true, force: true });
  try {
    rmdirSync(dirname(ledger));
  } catch {
    // The folder is not empty.
  }
}
