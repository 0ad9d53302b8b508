import { appendFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { claudeCode } from '../../src/agents/claude-code/index.ts';
import { transcripts } from '../../src/agents/claude-code/source.ts';
import { latestArrival } from '../../src/core/extract/line-time.ts';
import { Collector } from '../../src/ingest/collect.ts';
import { Spool, emptyWork } from '../../src/store/ingest/spool.ts';
import { findLastSession } from '../../src/store/sessions/last.ts';
import type { Ledger } from '../../src/store/connection/open.ts';
import {
  callsOf,
  faultsOf,
  importInto,
  recordsOf,
  temporaryFolder,
  temporaryLedger,
  writerOf,
} from '../helpers/ledger.ts';
import { type Line, assistantLine, promptLine, textOf, writeTree } from '../helpers/transcripts.ts';

const MODIFIED_MS = Date.UTC(2026, 10, 20, 18);
const HOUR_MS = 3_600_000;

function request(session: string, at: number, timestamp?: string): Line {
  const line = assistantLine({
    session,
    message: `m${session}${at}`,
    request: `r${at}`,
    at,
    tools: [{ id: `t${session}${at}`, name: 'Bash' }],
  });
  return timestamp === undefined ? line : { ...line, timestamp };
}

function withoutTime(line: Line): Line {
  return { ...line, timestamp: undefined };
}

/** Writes transcripts that were last changed at `modifiedMs`. */
function writeAt(tree: Record<string, Line[]>, modifiedMs = MODIFIED_MS): string {
  const folder = temporaryFolder();
  for (const [name, lines] of Object.entries(tree)) {
    writeTree(folder, { [name]: textOf(lines) });
    setTime(join(folder, name), modifiedMs);
  }
  return folder;
}

function setTime(path: string, modifiedMs: number): void {
  utimesSync(path, modifiedMs / 1000, modifiedMs / 1000);
}

interface Dated {
  at: number;
  stated: number | null;
}

function timesIn(db: Ledger): Record<string, Dated> {
  const rows = db
    .prepare(
      `SELECT message_id AS id, occurred_at_ms AS at, metadata ->> '$.statedAtMs' AS stated
       FROM cost_records ORDER BY id`,
    )
    .all() as (Dated & { id: string })[];
  return Object.fromEntries(rows.map(({ id, ...dated }) => [id, dated]));
}

describe('a timestamp from after its arrival', () => {
  const future = '2099-01-01T00:00:00.000Z';
  const stated = Date.parse(future);

  test('is replaced by the time of the last change, and marked', () => {
    const folder = writeAt({ 'p/s.jsonl': [request('s', 1), request('s', 2, future)] });
    const { db } = temporaryLedger();
    importInto(db, folder);
    expect(timesIn(db)).toEqual({
      ms1: { at: Date.UTC(2026, 10, 20, 12, 0, 1), stated: null },
      ms2: { at: MODIFIED_MS, stated },
    });
    expect(db.prepare('SELECT max(called_at_ms) FROM tool_uses').pluck().get()).toBe(MODIFIED_MS);
    expect(db.prepare('SELECT max(bucket_ms) FROM rollups').pluck().get()).toBe(MODIFIED_MS);
    expect(db.prepare('SELECT last_at_ms FROM sessions').pluck().get()).toBe(MODIFIED_MS);
    expect(faultsOf(db)).toEqual([]);
  });

  test.each([
    ['23 h', 23, null],
    ['24 h', 24, null],
    ['25 h', 25, 25],
    ['a year', 365 * 24, 365 * 24],
  ])('%s ahead', (_, hours, expected) => {
    const at = MODIFIED_MS + hours * HOUR_MS;
    const folder = writeAt({ 'p/s.jsonl': [request('s', 1, new Date(at).toISOString())] });
    const { db } = temporaryLedger();
    importInto(db, folder);
    expect(timesIn(db)['ms1']).toEqual({
      at: expected === null ? at : MODIFIED_MS,
      stated: expected === null ? null : at,
    });
  });

  test.each(['2099-01-01T00:00:00+14:00', '9999-12-31T23:59:59.999Z', 'Jan 1 2099 00:00:00 UTC'])(
    '%s',
    (text) => {
      const folder = writeAt({ 'p/s.jsonl': [request('s', 1, text)] });
      const { db } = temporaryLedger();
      importInto(db, folder);
      expect(timesIn(db)['ms1']).toEqual({ at: MODIFIED_MS, stated: Date.parse(text) });
    },
  );

  test.each([
    '0000-01-01T00:00:00Z',
    '1970-01-01T00:00:00Z',
    '+275760-09-13T00:00:00Z',
    'soon',
    '',
  ])('an unreadable time (%s) is replaced by that of the line before', (text) => {
    const folder = writeAt({ 'p/s.jsonl': [request('s', 1), request('s', 2, text)] });
    const { db } = temporaryLedger();
    importInto(db, folder);
    expect(timesIn(db)['ms2']).toEqual({ at: Date.UTC(2026, 10, 20, 12, 0, 1), stated: null });
  });

  test('dates no later line', () => {
    const lines = [request('s', 1), request('s', 2, future), withoutTime(request('s', 3))];
    const { db } = temporaryLedger();
    importInto(db, writeAt({ 'p/s.jsonl': lines }));
    expect(timesIn(db)['ms3']).toEqual({ at: Date.UTC(2026, 10, 20, 12, 0, 1), stated: null });
  });

  test('is not when a session began', () => {
    const prompt = { ...promptLine('s', 0, 'p'), timestamp: future };
    const { db } = temporaryLedger();
    importInto(db, writeAt({ 'p/s.jsonl': [prompt, request('s', 7)] }));
    const born = db.prepare('SELECT born_at_ms FROM sessions').pluck().get();
    expect(born).toBe(Date.UTC(2026, 10, 20, 12, 0, 7));
  });

  test('is never that of the last session', () => {
    const { db } = temporaryLedger();
    const tree = { 'p/a.jsonl': [request('a', 1), request('a', 2, future)] };
    importInto(db, writeAt(tree));
    expect(findLastSession(db, null)?.sessionId).toBe('a');
    importInto(db, writeAt({ 'p/b.jsonl': [request('b', 60)] }));
    expect(findLastSession(db, null)).toEqual({
      sessionId: 'b',
      lastAtMs: Date.UTC(2026, 10, 20, 12, 1),
    });
    expect(findLastSession(db, '/home/user/project')?.sessionId).toBe('b');
  });

  test('of a session without another time is the last one only if there is no other', () => {
    const { db } = temporaryLedger();
    importInto(db, writeAt({ 'p/a.jsonl': [request('a', 2, future)] }));
    expect(findLastSession(db, null)?.sessionId).toBe('a');
    importInto(db, writeAt({ 'p/b.jsonl': [request('b', 1)] }));
    expect(findLastSession(db, null)?.sessionId).toBe('b');
  });

  test('a believable line of the same request dates it', () => {
    const [early, late] = [request('s', 1), request('s', 1, future)];
    for (const lines of [
      [early, late],
      [late, early],
    ]) {
      const { db } = temporaryLedger();
      importInto(db, writeAt({ 'p/s.jsonl': lines }));
      expect(timesIn(db)['ms1']).toEqual({ at: Date.UTC(2026, 10, 20, 12, 0, 1), stated: null });
    }
  });

  test('copies in other files give the earliest arrival, in any order', () => {
    const lines = [request('s', 1), request('s', 2, future)];
    const fork = lines.map((line) => ({ ...line, sessionId: 'f' }));
    const folder = writeAt({ 'p/s.jsonl': lines, 'p/f.jsonl': fork, 'q/s.jsonl': lines });
    setTime(join(folder, 'p/f.jsonl'), MODIFIED_MS + HOUR_MS);
    setTime(join(folder, 'q/s.jsonl'), MODIFIED_MS - HOUR_MS);
    const [first, second] = [temporaryLedger().db, temporaryLedger().db];
    importInto(first, folder);
    importInto(second, folder, { order: (paths) => paths.toReversed() });
    expect(timesIn(first)['ms2']).toEqual({ at: MODIFIED_MS - HOUR_MS, stated });
    expect(recordsOf(second)).toEqual(recordsOf(first));
    expect(callsOf(second)).toEqual(callsOf(first));
    expect([...faultsOf(first), ...faultsOf(second)]).toEqual([]);
  });

  test('a hook stores when it ran; an import of the file later changes nothing', () => {
    const folder = writeAt({ 'p/s.jsonl': [request('s', 1), request('s', 2, future)] });
    const path = join(folder, 'p/s.jsonl');
    const { db } = temporaryLedger();
    const writer = writerOf(db);
    const collector = new Collector(writer, new Spool(''), 'hook');
    const before = Date.now();
    const file = { agent: claudeCode, source: transcripts, path };
    collector.collect([file], { maxBytes: 1e6, deadlineMs: Number.POSITIVE_INFINITY });
    writer.write({ ...emptyWork(), batches: collector.batches });
    const recorded = timesIn(db)['ms2'];
    expect(recorded?.stated).toBe(stated);
    expect(recorded?.at).toBeGreaterThanOrEqual(before);
    expect(recorded?.at).toBeLessThanOrEqual(Date.now());
    appendFileSync(path, textOf([request('s', 3)]));
    importInto(db, folder);
    expect(timesIn(db)['ms2']).toEqual(recorded);
    expect(faultsOf(db)).toEqual([]);
  });
});

test.each([
  ['a hook', true, 1e12 + 7, Date.UTC(2026, 5, 1), Date.UTC(2026, 5, 1)],
  ['an import', false, Date.UTC(2026, 4, 1) + 0.5, Date.UTC(2026, 5, 1), Date.UTC(2026, 4, 1)],
  ['a file from the future', false, Date.UTC(2099, 0), Date.UTC(2026, 5, 1), Date.UTC(2026, 5, 1)],
  ['a file without a date', false, 0, Date.UTC(2026, 5, 1), Date.UTC(2026, 5, 1)],
  ['a clock that was reset', true, Date.UTC(2026, 4, 1), 5000, Number.POSITIVE_INFINITY],
  ['a reset clock at an import', false, Date.UTC(2026, 4, 1), 5000, Date.UTC(2026, 4, 1)],
])('the latest arrival: %s', (_, isHook, modifiedMs, nowMs, expected) => {
  expect(latestArrival(isHook, modifiedMs, nowMs)).toBe(expected);
});
