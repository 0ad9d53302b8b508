import { existsSync } from 'node:fs';
import { describe, inject, onTestFinished } from 'vitest';
import { openLedger } from '../../src/store/connection/open.ts';
import { expectExactShares } from '../helpers/shares.ts';
import { VERSIONS, type Version } from './client.ts';
import { Sandbox } from './sandbox.ts';

/** Checked after every test: the shares of each request in the ledger add up to its cost. */
async function expectWholeShares(path: string): Promise<void> {
  if (!existsSync(path)) return;
  const db = openLedger(path, { busyTimeoutMs: 5000 });
  try {
    await expectExactShares(db);
  } finally {
    db.close();
  }
}

/**
 * Runs the same tests with each version of the client. `open` creates a machine with it; if `events` is given,
 * only hooks for these events are registered there.
 */
export function withEachClient(
  tests: (open: (events?: string[]) => Sandbox, version: Version) => void,
): void {
  for (const version of VERSIONS) {
    const client = inject('clients')[version];
    describe.skipIf(client === null)(`client ${version}`, () => {
      tests((events) => {
        const box = new Sandbox(version, client ?? '', events);
        onTestFinished(() => expectWholeShares(box.ledgerPath));
        return box;
      }, version);
    });
  }
}
