import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Budget, type BudgetScope, WHOLE_SCOPE } from '../../src/core/budget/budget.ts';
import { type ZoneOffset, zoneOffset } from '../../src/core/time/period.ts';
import type { UnpricedRule } from '../../src/core/settings/price-rules.ts';
import { budgetStates } from '../../src/budgets/evaluate.ts';
import { builtinPrices } from '../../src/pricing/builtin/table.ts';
import type { Ledger } from '../../src/store/connection/open.ts';
import { append, request } from '../helpers/lines.ts';
import { importInto, temporaryFolder, temporaryLedger } from '../helpers/ledger.ts';

const zone = (name: string): ZoneOffset => zoneOffset(name) as ZoneOffset;
const UTC = zone('UTC');
const NOW = Date.parse('2026-11-20T12:00:00Z');

function budget(per: Budget['per'], scope: Partial<BudgetScope> = {}): Budget {
  return {
    name: per,
    limitNanoUsd: 1_000_000_000,
    per,
    scope: { ...WHOLE_SCOPE, ...scope },
    warnPercent: 80,
    criticalPercent: 95,
    action: 'warn',
    isFailClosed: false,
    origin: 'command',
  };
}

/** A ledger of requests of 100 output tokens, unless they say otherwise. */
function ledgerOf(...facts: Parameters<typeof request>[0][]): Ledger {
  const folder = temporaryFolder();
  const projects = join(folder, 'projects');
  for (const one of facts) append(join(projects, 'p', `${one.session}.jsonl`), request(one));
  const { db } = temporaryLedger(folder);
  importInto(db, projects);
  return db;
}

interface StateOptions {
  sessionId?: string;
  nowMs?: number;
  offset?: ZoneOffset;
  unpriced?: UnpricedRule;
}

function stateOf(
  db: Ledger,
  one: Budget,
  { sessionId = 's1', nowMs = NOW, offset = UTC, unpriced = 'count' }: StateOptions = {},
) {
  const place = { sessionId, promptId: null };
  const counting = { unpriced, prices: builtinPrices };
  const [state] = budgetStates(db, [one], place, nowMs, offset, counting);
  if (state === undefined) throw new Error('no window');
  return state;
}

test('days, weeks and months roll over at midnight of the user, also where the clock is changed', () => {
  // Powers of two times 2,500 nano-USD; in Berlin the 25th of October has 25 hours, and ends a week.
  const times = [
    '2026-10-18T21:59:59.999Z',
    '2026-10-18T22:00:00.000Z',
    '2026-10-24T21:59:59.999Z',
    '2026-10-24T22:00:00.000Z',
    '2026-10-25T00:30:00.000Z',
    '2026-10-25T01:30:00.000Z',
    '2026-10-25T22:59:59.999Z',
    '2026-10-25T23:00:00.000Z',
    '2026-10-31T22:59:59.999Z',
    '2026-10-31T23:00:00.000Z',
  ];
  const db = ledgerOf(
    ...times.map((at, index) => ({
      session: 's1',
      id: `msg_${index}`,
      at,
      model: 'claude-opus-4-8',
      input: 0,
      output: 2 ** index,
    })),
  );
  const spent = (per: Budget['per'], at: string): number[] => {
    const offset = zone('Europe/Berlin');
    const { spentNanoUsd } = stateOf(db, budget(per), { nowMs: Date.parse(at), offset });
    const bits = spentNanoUsd / 25_000;
    return times.flatMap((_, index) => ((bits >> index) & 1 ? [index] : []));
  };
  expect(spent('day', '2026-10-24T21:59:59.999Z')).toEqual([2]);
  expect(spent('day', '2026-10-24T22:00:00.000Z')).toEqual([3, 4, 5, 6]);
  expect(spent('day', '2026-10-25T22:59:59.999Z')).toEqual([3, 4, 5, 6]);
  expect(spent('day', '2026-10-25T23:00:00.000Z')).toEqual([7]);
  expect(spent('week', '2026-10-25T22:59:59.999Z')).toEqual([1, 2, 3, 4, 5, 6]);
  expect(spent('week', '2026-10-25T23:00:00.000Z')).toEqual([7, 8, 9]);
  expect(spent('month', '2026-10-31T22:59:59.999Z')).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  expect(spent('month', '2026-10-31T23:00:00.000Z')).toEqual([9]);
  expect(spent('total', '2026-10-31T23:00:00.000Z')).toHaveLength(10);
});

describe('requests without a price of their own', () => {
  const own = { session: 's1', id: 'a', model: 'claude-opus-4-8', input: 0, output: 1000 };
  const unknown = { ...own, id: 'b', model: 'acme-9' };

  test('count as they were priced', () => {
    const db = ledgerOf(own, unknown);
    const { total } = { total: stateOf(db, budget('total')).spentNanoUsd };
    const rows = db.prepare('SELECT sum(cost_nano_usd) FROM cost_records').pluck().get();
    expect(total).toBe(rows);
  });

  test.each(['session', 'day', 'total'] as const)(
    'count as the most expensive model: %s',
    (per) => {
      const [all, alone] = [ledgerOf(own, unknown), ledgerOf(own)];
      const { spentNanoUsd } = stateOf(all, budget(per), { unpriced: 'highest-price' });
      const known = stateOf(alone, budget(per), { unpriced: 'highest-price' }).spentNanoUsd;
      expect(known).toBe(25_000_000);
      const top = Math.max(
        ...[...builtinPrices().models.values()].map(({ rows }) => rows().at(-1)?.output ?? 0),
      );
      // Femto-USD a token, a thousand of them.
      expect(spentNanoUsd - known).toBe(top / 1000);
    },
  );

  test('block: over, whatever is spent', () => {
    const blocked = stateOf(ledgerOf(unknown), budget('day'), { unpriced: 'block' });
    expect(blocked).toMatchObject({ level: 'over', isBlockedByUnpriced: true });
    const fine = stateOf(ledgerOf(own), budget('day'), { unpriced: 'block' });
    expect(fine).toMatchObject({ level: 'fine', isBlockedByUnpriced: false });
  });
});

describe('what the client says beyond the records', () => {
  const COST = 25_000_000;
  const one = { session: 's1', id: 'a', model: 'claude-opus-4-8', input: 0, output: 1000 };

  /** What it told its status line. */
  function running(db: Ledger, session: string, nanoUsd: number): void {
    db.prepare(
      `INSERT INTO client_status (session_id, seen_at_ms, cost_nano_usd, highest_cost_nano_usd) VALUES (?, 1, ?, ?)`,
    ).run(session, nanoUsd, nanoUsd);
  }

  /** A cost-state of its transcript, of two models. */
  function closing(
    db: Ledger,
    session: string,
    nanoUsd: number,
    startedAtMs = 1,
    elapsedMs = 1,
  ): void {
    const put = db.prepare(`INSERT INTO client_totals VALUES (?, ?, ?, ?, ?, 0, 0, 0, 0, 0, NULL)`);
    put.run(session, 'm', startedAtMs, elapsedMs, nanoUsd - 1);
    put.run(session, 'n', startedAtMs, elapsedMs, 1);
  }

  test.each(['session', 'day', 'week', 'month', 'total'] as const)('counts in a %s', (per) => {
    const db = ledgerOf(one);
    running(db, 's1', COST + 7);
    expect(stateOf(db, budget(per))).toMatchObject({
      spentNanoUsd: COST + 7,
      unattributedNanoUsd: 7,
    });
    expect(db.prepare('SELECT sum(cost_nano_usd) FROM cost_records').pluck().get()).toBe(COST);
  });

  test('is the higher of both words, never negative', () => {
    const db = ledgerOf(one);
    closing(db, 's1', COST + 5);
    running(db, 's1', COST - 20);
    expect(stateOf(db, budget('session')).unattributedNanoUsd).toBe(5);
    const less = ledgerOf(one, { ...one, session: 's2', id: 'b' });
    running(less, 's1', COST - 20);
    closing(less, 's2', COST + 3);
    expect(stateOf(less, budget('session')).unattributedNanoUsd).toBe(0);
    expect(stateOf(less, budget('day')).unattributedNanoUsd).toBe(3);
  });

  test('by telemetry too, while the session runs', () => {
    const db = ledgerOf(one);
    db.exec(
      `INSERT INTO client_requests VALUES ('r1', 's1', NULL, NULL, 1, 'm', 'compact', ${COST + 4}, 0, 0, 0, 0, NULL)`,
    );
    expect(stateOf(db, budget('session')).unattributedNanoUsd).toBe(4);
    expect(stateOf(db, budget('day')).unattributedNanoUsd).toBe(4);
  });

  test('of the last cost-state only', () => {
    const db = ledgerOf(one);
    closing(db, 's1', COST + 5, 1, 1);
    closing(db, 's1', COST + 9, 1, 2);
    expect(stateOf(db, budget('session')).unattributedNanoUsd).toBe(9);
  });

  test('is of the day of the last request, and of its project', () => {
    const at = '2026-11-19T23:59:59.999Z';
    const db = ledgerOf({ ...one, at, cwd: '/home/user/a' });
    running(db, 's1', COST + 7);
    expect(stateOf(db, budget('day')).spentNanoUsd).toBe(0);
    const nowMs = Date.parse(at);
    expect(stateOf(db, budget('day'), { nowMs }).unattributedNanoUsd).toBe(7);
    for (const [project, excess] of [
      ['/home/user/a', 7],
      ['/home/user/b', 0],
    ] as const) {
      const scoped = budget('day', { project });
      expect(stateOf(db, scoped, { nowMs }).unattributedNanoUsd).toBe(excess);
      expect(stateOf(db, budget('session', { project })).unattributedNanoUsd).toBe(excess);
    }
  });

  test('is of no model, tool or branch', () => {
    const db = ledgerOf(one);
    running(db, 's1', COST + 7);
    const scoped = budget('session', { model: 'claude-opus-4-8' });
    expect(stateOf(db, scoped)).toMatchObject({ spentNanoUsd: COST, unattributedNanoUsd: 0 });
    expect(stateOf(db, budget('day', { branch: 'main' })).unattributedNanoUsd).toBe(0);
  });

  test('of a fork without what its parent had cost', () => {
    const db = ledgerOf(one, { ...one, session: 's2', id: 'b' });
    db.prepare(
      `UPDATE sessions SET parent_session_id = 's1', born_at_ms = 100 WHERE session_id = 's2'`,
    ).run();
    closing(db, 's1', COST + 5, 1, 50);
    closing(db, 's2', COST + 5 + COST + 3, 1, 200);
    for (const sessionId of ['s1', 's2']) {
      const state = stateOf(db, budget('session'), { sessionId });
      expect(state).toMatchObject({ spentNanoUsd: 2 * COST + 8, unattributedNanoUsd: 8 });
    }
    running(db, 's2', COST + 5 + COST + 4);
    expect(stateOf(db, budget('session')).unattributedNanoUsd).toBe(9);
    expect(stateOf(db, budget('day')).unattributedNanoUsd).toBe(9);
  });
});
