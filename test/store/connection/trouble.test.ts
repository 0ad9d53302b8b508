import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openLedger } from '../../../src/store/connection/open.ts';
import { explainLedgerTrouble } from '../../../src/store/connection/trouble.ts';

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tallyhook-trouble-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function withCode(code: string, message: string, path?: string): Error {
  return Object.assign(new Error(message), path === undefined ? { code } : { code, path });
}

test('an addon for another Node: both module versions, and what to run', () => {
  // As Node words it.
  const text = `The module '/x/better_sqlite3.node'
was compiled against a different Node.js version using
NODE_MODULE_VERSION 127. This version of Node.js requires
NODE_MODULE_VERSION 115. Please try re-compiling or re-installing
the module (for instance, using \`npm rebuild\` or \`npm install\`).`;
  const trouble = explainLedgerTrouble(withCode('ERR_DLOPEN_FAILED', text), '/x/telemetry.db');
  expect(trouble?.reason).toBe(
    'the SQLite addon was compiled for another Node (module version 127, this one needs 115)',
  );
  expect(trouble?.remedy).toMatch(/^Run npm rebuild better-sqlite3 .* tallyhook doctor /);
});

test('a full disk is named, whether SQLite or the system reports it', () => {
  const ledger = join(temporaryFolder(), 'deep/telemetry.db');
  for (const error of [
    withCode('SQLITE_FULL', 'database or disk is full'),
    withCode('ENOSPC', 'ENOSPC: no space left on device, mkdir', join(ledger, '..')),
  ]) {
    expect(explainLedgerTrouble(error, ledger)).toMatchObject({
      reason: 'the disk is full',
      remedy: 'Free some space and run this again.',
    });
  }
});

test('a folder in its place', () => {
  const ledger = join(temporaryFolder(), 'telemetry.db');
  mkdirSync(ledger);
  let thrown: unknown = null;
  try {
    openLedger(ledger, { busyTimeoutMs: 0 });
  } catch (error) {
    thrown = error;
  }
  expect(explainLedgerTrouble(thrown, ledger)?.reason).toBe(`${ledger} is a folder`);
});

test("an error of another file or module is not the ledger's", () => {
  for (const error of [
    withCode('EACCES', 'EACCES: permission denied', '/elsewhere/file'),
    withCode('ENOSPC', 'ENOSPC: no space left on device, write'),
    withCode('MODULE_NOT_FOUND', "Cannot find module './chart.js'"),
    new Error('/elsewhere is not a regular file'),
    null,
    'text',
  ]) {
    expect(explainLedgerTrouble(error, '/x/telemetry.db')).toBe(null);
  }
});
