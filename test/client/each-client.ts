import { existsSync } from 'node:fs';
import { describe, inject, onTestFinished } from 'vitest';
import { openLedger } from '../../src/store/connection/open.ts';
import { expectExactShares } from '../helpers/shares.ts';
import { VERSIONS, type Version } from './client.ts';
import { Sandbox } from './sandbox.ts';

/** Whatever a test is about: in its ledger each request's shares sum to its cost. */
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
 * The same tests with each client. `open` makes a machine with it; `events`, where given, are the
 * only hooks that are registered there.
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
