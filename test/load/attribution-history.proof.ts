import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openLedger } from '../../src/store/connection/open.ts';
import { importInto } from '../helpers/ledger.ts';
import { sharedFolder } from '../helpers/shared.ts';
import { countInexact, expectShareSums } from '../helpers/shares.ts';

const MEGABYTES = process.env['TALLYHOOK_HISTORY_MB'] ?? '1000';

const lab = sharedFolder('lab');
const folder = mkdtempSync(join(tmpdir(), 'tallyhook-history-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.skipIf(lab === null)(
  `shares of ${MEGABYTES} MB of transcripts sum to every cost, and every grouping to the total`,
  { timeout: 3_600_000 },
  async () => {
    const maker = join(lab ?? '', 'make-history.mjs');
    spawnSync(process.execPath, [maker, folder, '--mb', MEGABYTES]);
    expect(existsSync(join(folder, 'projects'))).toBe(true);
    const db = openLedger(join(folder, 'telemetry.db'), { busyTimeoutMs: 1000 });
    importInto(db, join(folder, 'projects'));
    const { told, inexact } = await countInexact(db);
    expect(inexact).toEqual([]);
    const due = Object.values(
      JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Record<
        string,
        { requests: number }
      >,
    ).reduce((sum, { requests }) => sum + requests, 0);
    expect(told).toBe(due);
    console.log(`${told} requests`);
    await expectShareSums(db);
    db.close();
  },
);
