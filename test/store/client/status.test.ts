import { describe, expect, test } from 'vitest';
import type { ClientStatus } from '../../../src/core/client/status.ts';
import { type Ledger } from '../../../src/store/connection/open.ts';
import { StatusLedger } from '../../../src/store/client/status.ts';
import { faultsOf, recordsOf, temporaryLedger } from '../../helpers/ledger.ts';

const STATUS: ClientStatus = {
  sessionId: 's1',
  clientVersion: '2.1.330',
  modelId: 'claude-opus-4-8',
  modelName: 'Opus 4.8',
  cwd: null,
  costNanoUsd: 11_424_000,
  durationMs: 6476,
  apiDurationMs: 123,
  linesAdded: null,
  linesRemoved: null,
  contextUsedPercent: 33.5,
  limits: null,
};
const LIMITS = { fiveHour: { usedPercent: 41, resetsAtMs: 9 }, sevenDay: null };

const rows = (db: Ledger): unknown[] => db.prepare('SELECT * FROM client_status').all();

describe('what a client says last', () => {
  test('is kept, and with it the highest total', () => {
    const { db } = temporaryLedger();
    const ledger = new StatusLedger(db);
    ledger.recordStatus('s1', STATUS, 1000);
    ledger.recordStatus('s1', { ...STATUS, costNanoUsd: 20_000_000, limits: LIMITS }, 2000);
    ledger.recordStatus('s1', { ...STATUS, costNanoUsd: 500, modelId: 'claude-haiku-4-5' }, 3000);
    expect(rows(db)).toMatchInlineSnapshot(`
      [
        {
          "api_duration_ms": 123,
          "baseline_nano_usd": 0,
          "client_version": "2.1.330",
          "context_used_percent": 33.5,
          "cost_nano_usd": 500,
          "duration_ms": 6476,
          "highest_cost_nano_usd": 20000000,
          "model": "claude-haiku-4-5",
          "rate_limits_json": "{"fiveHour":{"usedPercent":41,"resetsAtMs":9},"sevenDay":null}",
          "seen_at_ms": 3000,
          "session_id": "s1",
        },
      ]
    `);
    expect(ledger.storedStatus('s1')).toMatchObject({ costNanoUsd: 500, limits: LIMITS });
  });

  test('does not replace what was said later', () => {
    const { db } = temporaryLedger();
    const ledger = new StatusLedger(db);
    ledger.recordStatus('s1', STATUS, 2000);
    ledger.recordStatus('s1', { ...STATUS, costNanoUsd: 1 }, 1000);
    expect(ledger.storedStatus('s1')).toMatchObject({ costNanoUsd: STATUS.costNanoUsd });
  });

  test('stays where the client says nothing about it', () => {
    const { db } = temporaryLedger();
    const ledger = new StatusLedger(db);
    const nothing = Object.fromEntries(Object.keys(STATUS).map((name) => [name, null]));
    const silent = nothing as unknown as ClientStatus;
    ledger.recordStatus('s1', STATUS, 1000);
    const before = ledger.storedStatus('s1');
    ledger.recordStatus('s1', silent, 2000);
    expect(ledger.storedStatus('s1')).toEqual(before);
    ledger.recordStatus('s2', silent, 3000);
    expect(ledger.storedStatus('s2')).toMatchObject({ costNanoUsd: null, limits: null });
  });

  test('tells whether the last session was that of a subscriber', () => {
    const { db } = temporaryLedger();
    const ledger = new StatusLedger(db);
    expect(ledger.wasSubscribedLast()).toBe(false);
    ledger.recordStatus('s1', { ...STATUS, limits: LIMITS }, 1000);
    expect(ledger.wasSubscribedLast()).toBe(true);
    ledger.recordStatus('s2', STATUS, 2000);
    expect(ledger.wasSubscribedLast()).toBe(false);
  });

  test('is a witness: in no record and no total', () => {
    const { db } = temporaryLedger();
    new StatusLedger(db).recordStatus('s1', STATUS, 1000);
    expect(recordsOf(db)).toEqual([]);
    for (const table of ['rollups', 'rollup_pending', 'sessions', 'client_totals']) {
      expect(db.prepare(`SELECT * FROM ${table}`).all()).toEqual([]);
    }
    expect(faultsOf(db)).toEqual([]);
  });
});
