import { describe, expect, test } from 'vitest';
import type { ClientStatus } from '../../../src/core/client/status.ts';
import { reportedTotals } from '../../../src/store/client/reported-totals.ts';
import { StatusLedger } from '../../../src/store/client/status.ts';
import {
  unattributedInRange,
  unattributedInSessions,
} from '../../../src/store/client/unattributed-spend.ts';
import type { Ledger } from '../../../src/store/connection/open.ts';
import { cheapRuns, fc } from '../../helpers/fast-check.ts';
import { temporaryLedger } from '../../helpers/ledger.ts';

const CENT = 10_000_000;
const START = Date.UTC(2026, 10, 20);
const DAY = 86_400_000;

/** A client that started `START` and shows a counter in cents, `at` milliseconds later. */
function status(sessionId: string, cents: number, at: number): ClientStatus {
  return {
    sessionId,
    clientVersion: '2.1.214',
    modelId: null,
    modelName: null,
    cwd: null,
    costNanoUsd: cents * CENT,
    durationMs: at,
    apiDurationMs: cents * 100,
    linesAdded: null,
    linesRemoved: null,
    contextUsedPercent: null,
    limits: null,
  };
}

class Client {
  readonly db: Ledger = temporaryLedger().db;
  readonly #ledger = new StatusLedger(this.db);

  show(sessionId: string, cents: number, at: number, over: Partial<ClientStatus> = {}): number {
    const shown = { ...status(sessionId, cents, at), ...over };
    const spend = this.#ledger.clientSpend(sessionId, shown, START + at) ?? 0;
    this.#ledger.recordStatus(sessionId, shown, START + at);
    return spend / CENT;
  }

  /** What the ledger holds of a session, in cents. */
  record(sessionId: string, cents: number): void {
    this.db
      .prepare(
        `INSERT INTO sessions (session_id, born_at_ms, first_at_ms, last_at_ms, requests, cost_nano_usd)
         VALUES (@id, @at, @at, @at, 1, @cost)
         ON CONFLICT DO UPDATE SET cost_nano_usd = excluded.cost_nano_usd`,
      )
      .run({ id: sessionId, at: START + 5 * DAY, cost: cents * CENT });
  }

  state(sessionId: string, cents: number, at: number, startedAtMs = START): void {
    this.db
      .prepare(`INSERT INTO client_totals VALUES (?, 'claude-opus-4-8', ?, ?, ?, 0, 0, 0, 0, 0, ?)`)
      .run(sessionId, startedAtMs, at, cents * CENT, START + at);
  }

  start(sessionId: string, at: number): void {
    this.db
      .prepare(
        `INSERT INTO hook_events (key, name, client, session_id, arrived_at_ms, duration_ms)
         VALUES (?, 'SessionStart', 'claude-code', ?, ?, 1)`,
      )
      .run(`${sessionId} ${at}`, sessionId, START + at);
  }

  total(sessionId: string): number {
    return Number(reportedTotals(this.db, [sessionId]).get(sessionId)?.costNanoUsd ?? 0n) / CENT;
  }

  unattributed(...sessions: string[]): number {
    return unattributedInSessions(this.db, sessions, null) / CENT;
  }
}

describe('a status', () => {
  test('of a session after /clear is less what the client showed before', () => {
    const client = new Client();
    expect(client.show('a', 500, 4 * DAY)).toBe(500);
    expect(client.show('b', 500, 4 * DAY + 1000)).toBe(0);
    expect(client.show('b', 503, 4 * DAY + 90_000)).toBe(3);
    client.record('b', 3);
    expect([client.total('a'), client.total('b')]).toEqual([500, 3]);
    expect(client.unattributed('b')).toBe(0);
    expect(client.show('b', 507, 4 * DAY + 99_000)).toBe(7);
    expect(client.unattributed('b')).toBe(4);
    const all = unattributedInRange(client.db, { sinceMs: null, untilMs: null }, null);
    expect(all / CENT).toBe(4);
  });

  test.each<[string, (client: Client) => void, Partial<ClientStatus>]>([
    [
      'the times do not fit, but nothing has changed',
      (c) => c.show('a', 500, 5 * DAY),
      { durationMs: 7 },
    ],
    ['no other session showed it, but the hook saw the start', (c) => c.start('b', 4 * DAY), {}],
    ['no other session showed it, but the session is younger', (c) => c.record('b', 0), {}],
  ])('%s', (_, prepare, over) => {
    const client = new Client();
    prepare(client);
    expect(client.show('b', 500, 5 * DAY + 1000, over)).toBe(0);
    expect(client.show('b', 502, 5 * DAY + 2000, { durationMs: null })).toBe(2);
  });

  test('of a session resumed in a running client adds to what it had', () => {
    const client = new Client();
    client.show('x', 200, DAY, { durationMs: 1000 });
    client.record('x', 200);
    client.show('a', 500, 4 * DAY);
    expect(client.show('x', 500, 4 * DAY + 1000)).toBe(200);
    expect(client.show('x', 510, 4 * DAY + 9000)).toBe(210);
    expect(client.show('a', 510, 4 * DAY + 9500)).toBe(500);
    expect(client.show('a', 511, 4 * DAY + 9900)).toBe(501);
    expect([client.total('x'), client.total('a')]).toEqual([210, 501]);
  });

  test('of another client is its own', () => {
    const client = new Client();
    client.start('a', 0);
    client.show('a', 500, 4 * DAY);
    client.start('b', 4 * DAY);
    expect(client.show('b', 700, 4 * DAY + 60_000, { durationMs: 60_000 })).toBe(700);
    expect(client.show('a', 800, 4 * DAY + 70_000)).toBe(800);
    expect(client.show('b', 900, 4 * DAY + 80_000, { durationMs: 80_000 })).toBe(900);
  });

  test('of a counter that starts again is its own', () => {
    const client = new Client();
    client.show('a', 500, DAY);
    client.show('b', 500, DAY + 1000);
    client.show('b', 503, DAY + 2000);
    expect(client.show('b', 5, DAY + 90_000, { durationMs: 4000 })).toBe(5);
    expect(client.total('b')).toBe(5);
  });

  test('never attributes to the sessions of a client more than it counted', () => {
    const step = fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.nat(50));
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
        const client = new Client();
        const spent: Record<string, number> = { a: 0, b: 0, c: 0 };
        let counter = 0;
        steps.forEach(([id, cents], index) => {
          // The client shows its line when a session starts, and after each of its turns.
          client.show(id, counter, index * 10_000 + 5000);
          counter += cents;
          spent[id] = (spent[id] ?? 0) + cents;
          expect(client.show(id, counter, index * 10_000 + 9000)).toBe(spent[id]);
        });
        for (const [id, cents] of Object.entries(spent)) expect(client.total(id)).toBe(cents);
      }),
      cheapRuns(100),
    );
  });
});

describe('a cost-state', () => {
  test('of a counter that showed other sessions before is less what it showed then', () => {
    const client = new Client();
    client.state('a', 500, DAY);
    client.state('b', 503, 2 * DAY);
    client.state('c', 510, 3 * DAY);
    for (const id of ['a', 'b', 'c']) client.record(id, 0);
    expect(['a', 'b', 'c'].map((id) => client.total(id))).toEqual([500, 3, 7]);
    expect(client.unattributed('b', 'c')).toBe(10);
    const [total] = reportedTotals(client.db, ['c']).get('c')?.models?.values() ?? [];
    expect(Number(total?.costNanoUsd) / CENT).toBe(7);
  });

  test('of a resumed session adds to its own earlier counter', () => {
    const client = new Client();
    client.state('x', 200, 1000, START - 9 * DAY);
    client.state('a', 500, DAY);
    client.state('x', 510, 2 * DAY);
    expect([client.total('x'), client.total('a')]).toEqual([210, 500]);
  });

  test('of a counter that was set back, or of a fork, is not', () => {
    const client = new Client();
    client.state('a', 500, DAY);
    client.state('b', 3, DAY + 1000);
    client.state('f', 900, DAY + 2000);
    client.db.exec(`INSERT INTO sessions (session_id, parent_session_id) VALUES ('f', 'a')`);
    client.state('c', 950, DAY + 3000);
    expect(client.total('b')).toBe(3);
    expect(client.total('c')).toBe(947);
  });
});
