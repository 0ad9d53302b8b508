import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { unattributedInSessions } from '../../../src/store/client/unattributed-spend.ts';
import { reportedTotals } from '../../../src/store/client/reported-totals.ts';
import { putClientRequests } from '../../../src/store/client/requests.ts';
import type { Ledger } from '../../../src/store/connection/open.ts';
import { LedgerReader } from '../../../src/store/reader.ts';
import { StatusLedger } from '../../../src/store/client/status.ts';
import { append, costState, request } from '../../helpers/lines.ts';
import { importInto, temporaryFolder, temporaryLedger } from '../../helpers/ledger.ts';

const OPUS = 'claude-opus-4-5';
const COST = 0.00255;
const NANO = 2_550_000n;
/** The counter of a session and of its forks begins once. */
const startedAtMs = Date.parse('2026-11-20T09:59:59.000Z');

const said = (count: number, elapsedMs: number, session: string, beyond = 0): string => {
  const counts = { input: 10 * count, output: 100 * count };
  return costState(
    session,
    { [OPUS]: { cost: count * COST + beyond, ...counts } },
    { startedAtMs, elapsedMs },
  );
};

/** As the client copies a line into a fork's file. */
function copied(line: string, from: string, to: string): string {
  return line.replace(`"sessionId":"${from}"`, `"sessionId":"${to}","requestSessionId":"${from}"`);
}

/** A session that was forked at eleven, and went on at twelve; pauses are in no counter. */
function forked(forkLines: (copy: string) => string[]): Ledger {
  const folder = join(temporaryFolder(), 'projects');
  const first = request({ session: 's1', id: 'a', at: '2026-11-20T10:00:00.000Z' });
  append(
    join(folder, 'p/s1.jsonl'),
    first,
    said(1, 1000, 's1'),
    request({ session: 's1', id: 'b', at: '2026-11-20T12:00:00.000Z' }),
    said(2, 2000, 's1'),
  );
  append(
    join(folder, 'p/s2.jsonl'),
    ...forkLines(copied(first, 's1', 's2')),
    request({ session: 's2', id: 'c', at: '2026-11-20T11:00:00.000Z' }),
    said(2, 1500, 's2', 0.001),
  );
  const { db } = temporaryLedger();
  importInto(db, folder);
  return db;
}

const queued = JSON.stringify({
  type: 'queue-operation',
  sessionId: 's2',
  timestamp: '2026-11-20T10:59:59.000Z',
});

describe("a fork's baseline is what its parent had cost when it was made", () => {
  test.each([
    ['where its file begins with a line of its own', (copy: string) => [queued, copy]],
    ['where its file begins with a copy, which keeps its time', (copy: string) => [copy]],
  ])('%s', async (_, lines) => {
    const db = forked(lines);
    const words = reportedTotals(db, ['s1', 's2']);
    expect(words.get('s1')).toMatchObject({ source: 'cost-state', costNanoUsd: 2n * NANO });
    expect(words.get('s2')).toMatchObject({ source: 'cost-state', costNanoUsd: NANO + 1_000_000n });
    expect(words.get('s2')?.models?.get(OPUS)).toMatchObject({
      inputTokens: 10n,
      outputTokens: 100n,
    });
    expect(await new LedgerReader(db).clientSpend('s2')).toBe(NANO + 1_000_000n);
    expect(unattributedInSessions(db, ['s2'], null)).toBe(1_000_000);
  });

  test('also where a person typed long after, and the parent had gone on by then', () => {
    const db = forked((copy) => [copy]);
    // The fork's client started at 10:30, worked 30 minutes, and the parent's second word is of 10:45.
    const at = (time: string): number => Date.parse(`2026-11-20T${time}:00.000Z`);
    const put = db.prepare(
      'UPDATE client_totals SET reported_at_ms = ?, elapsed_ms = ? WHERE session_id = ? AND elapsed_ms = ?',
    );
    put.run(at('10:45'), 61_000, 's1', 2000);
    put.run(at('11:00'), 1000 + 30 * 60_000, 's2', 1500);
    expect(reportedTotals(db, ['s2']).get('s2')?.costNanoUsd).toBe(NANO + 1_000_000n);
  });

  test('is nothing where its counter is another', () => {
    const db = forked((copy) => [queued, copy]);
    db.exec(`UPDATE client_totals SET started_at_ms = started_at_ms + 1 WHERE session_id = 's2'`);
    expect(reportedTotals(db, ['s2']).get('s2')?.costNanoUsd).toBe(2n * NANO + 1_000_000n);
  });
});

test('a resumed session goes on counting: its last word is that of all its runs', () => {
  const db = forked((copy) => [queued, copy]);
  const { models, reportedAtMs } = reportedTotals(db, ['s1']).get('s1') ?? {};
  expect(models?.get(OPUS)).toMatchObject({ inputTokens: 20n, outputTokens: 200n });
  expect(reportedAtMs).toBe(Date.parse('2026-11-20T12:00:00.000Z'));
});

describe('of several words', () => {
  const event = {
    requestId: 'req_c',
    sessionId: 's2',
    promptId: null,
    agentId: null,
    occurredAtMs: 5,
    model: `${OPUS}-20251101`,
    querySource: 'sdk',
    costNanoUsd: 9_000_000,
    inputTokens: 1,
    outputTokens: 2,
    cacheReadTokens: 3,
    cacheWriteTokens: 4,
    clientVersion: '2.1.330',
  };

  test('the highest counts; events are of their own session, without a baseline', () => {
    const db = forked((copy) => [queued, copy]);
    putClientRequests(db, [event]);
    putClientRequests(db, [event, { ...event, requestId: 'req_d', costNanoUsd: 1 }]);
    expect(reportedTotals(db, ['s2']).get('s2')).toEqual({
      source: 'telemetry',
      costNanoUsd: 9_000_001n,
      reportedAtMs: 5,
      models: new Map([
        [
          OPUS,
          {
            costNanoUsd: 9_000_001n,
            inputTokens: 2n,
            outputTokens: 4n,
            cacheReadTokens: 6n,
            cacheWriteTokens: 8n,
            webSearchRequests: 0n,
          },
        ],
      ]),
    });
  });

  test("a status is less what the fork's parent told", () => {
    const db = forked((copy) => [queued, copy]);
    const status = { costNanoUsd: 90_000_000, durationMs: 1, apiDurationMs: 1, modelId: OPUS };
    const rest = {
      sessionId: 's2',
      clientVersion: '2.1.330',
      modelName: null,
      cwd: null,
      linesAdded: null,
      linesRemoved: null,
      contextUsedPercent: null,
      limits: null,
    };
    new StatusLedger(db).recordStatus('s2', { ...rest, ...status }, 1000);
    expect(reportedTotals(db, ['s2']).get('s2')).toEqual({
      source: 'statusline',
      costNanoUsd: 90_000_000n - NANO,
      models: null,
      reportedAtMs: 1000,
    });
  });

  test('below what its parent told, a status is of a counter of its own', () => {
    const db = forked((copy) => [queued, copy]);
    db.exec(`DELETE FROM client_totals WHERE session_id = 's2'`);
    db.exec(
      `INSERT INTO client_status (session_id, seen_at_ms, highest_cost_nano_usd) VALUES ('s2', 7, 5), ('s1', 7, 9)`,
    );
    expect(reportedTotals(db, ['s2']).get('s2')?.costNanoUsd).toBe(5n);
  });

  test('nobody has said anything: there is none', () => {
    const { db } = temporaryLedger();
    expect(reportedTotals(db, ['s1'])).toEqual(new Map());
  });
});
