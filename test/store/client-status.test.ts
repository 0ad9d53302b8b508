import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { ClientStatus } from '../../src/core/client/status.ts';
import { migrations } from '../../src/store/migrations/index.ts';
import { type Ledger, openLedger } from '../../src/store/connection/open.ts';
import { StatusLedger } from '../../src/store/client/status.ts';
import { faultsOf, recordsOf, temporaryFolder, temporaryLedger } from '../helpers/ledger.ts';

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
    expect(ledger.keptStatus('s1')).toMatchObject({ costNanoUsd: 500, limits: LIMITS });
  });

  test('does not replace what was said later', () => {
    const { db } = temporaryLedger();
    const ledger = new StatusLedger(db);
    ledger.recordStatus('s1', STATUS, 2000);
    ledger.recordStatus('s1', { ...STATUS, costNanoUsd: 1 }, 1000);
    expect(ledger.keptStatus('s1')).toMatchObject({ costNanoUsd: STATUS.costNanoUsd });
  });

  test('stays where the client says nothing about it', () => {
    const { db } = temporaryLedger();
    const ledger = new StatusLedger(db);
    const nothing = Object.fromEntries(Object.keys(STATUS).map((name) => [name, null]));
    const silent = nothing as unknown as ClientStatus;
    ledger.recordStatus('s1', STATUS, 1000);
    const before = ledger.keptStatus('s1');
    ledger.recordStatus('s1', silent, 2000);
    expect(ledger.keptStatus('s1')).toEqual(before);
    ledger.recordStatus('s2', silent, 3000);
    expect(ledger.keptStatus('s2')).toMatchObject({ costNanoUsd: null, limits: null });
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

describe('a ledger of schema', () => {
  test.each([0, 1, 2])('%i, empty, is brought to this one', (number) => {
    const { db } = broughtFrom(number, '');
    new StatusLedger(db).recordStatus('s1', STATUS, 1000);
    expect(rows(db)).toHaveLength(1);
  });

  test('2, with rows, keeps them', () => {
    const { db, before } = broughtFrom(
      2,
      `INSERT INTO sessions (session_id, first_at_ms, last_at_ms, requests, cost_nano_usd)
         VALUES ('s1', 1780000000000, 1780000000000, 1, 250);
       INSERT INTO client_totals VALUES ('s1', 'claude-opus-4-8', 1, 2, 300, 1, 1, 0, 0, 0);
       INSERT INTO cost_records (id, occurred_at_ms, described_at_ms, session_id, claim_flags, client,
         model, model_raw, task_type, input_tokens, output_tokens, cache_read_tokens,
         cache_write_5m_tokens, cache_write_1h_tokens, web_search_requests, cost_nano_usd,
         price_basis, is_output_final, source)
       VALUES ('m1|r1', 1780000000000, 1780000000000, 's1', 6, 'claude-code', 'claude-opus-4-8',
         'claude-opus-4-8', 'main', 1, 1, 0, 0, 0, 0, 250, 'exact', 1, 'hook')`,
    );
    expect(db.pragma('user_version', { simple: true })).toBe(migrations.length);
    expect(before).toHaveLength(3);
    expect(contents(db)).toMatchObject(before);
    expect(rows(db)).toEqual([]);
  });
});

const contents = (db: Ledger): unknown[] =>
  ['sessions', 'client_totals', 'cost_records'].flatMap((table) =>
    db.prepare(`SELECT * FROM ${table}`).all(),
  );

/** A ledger of an earlier schema with some rows, opened by this program. */
function broughtFrom(number: number, sql: string): { db: Ledger; before: unknown[] } {
  const path = join(temporaryFolder(), 'old.db');
  const old = new Database(path);
  for (const migration of migrations.slice(0, number)) old.exec(migration.sql);
  old.pragma(`user_version = ${number}`);
  old.exec(sql);
  const before = number === 0 ? [] : contents(old);
  old.close();
  const db = openLedger(path, { busyTimeoutMs: 1000 });
  onTestFinished(() => {
    db.close();
  });
  return { db, before };
}
