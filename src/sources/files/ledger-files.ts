import { existsSync, rmSync, rmdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { hookLogPath, spoolFolder } from '../machine/paths.ts';

/** Names beside the ledger that are ours, whatever wrote them. */
const NAMES = ['serve.token', 'prices.json', 'budgets-fail-closed.json'];

/**
 * Everything that recording has made beside a ledger, the ledger too: what is there of it. Exports are
 * the user's, and no part of it.
 */
export function ledgerFiles(ledger: string): string[] {
  const folder = dirname(ledger);
  const log = hookLogPath(ledger);
  // SQLite's own of the ledger, and the file by which senders take turns.
  const ofLedger = ['', '-wal', '-shm', '-journal', '.sender', '.sender-journal'];
  return [
    ...ofLedger.map((end) => ledger + end),
    log,
    `${log}.1`,
    spoolFolder(ledger),
    ...NAMES.map((name) => join(folder, name)),
  ].filter((path) => existsSync(path));
}

/** Deletes them for good, and their folder where nothing else is in it. */
export function deleteLedgerFiles(ledger: string): void {
  for (const path of ledgerFiles(ledger)) rmSync(path, { recursive: true, force: true });
  try {
    rmdirSync(dirname(ledger));
  } catch {
    // Something else is there.
  }
}
