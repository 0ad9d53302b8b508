import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type FollowFrom, LedgerFollower } from '../../../src/store/records/follow.ts';
import { type Ledger, openLedger } from '../../../src/store/connection/open.ts';
import { temporaryFolder } from '../../helpers/ledger.ts';

/** More than a follower remembers. */
const MANY = 10_500;
const FROM_NOW_ON: FollowFrom = { sinceMs: null, laterLedgersFromMs: null };

/** A ledger file that is written to, deleted and made again; request `n` happens in millisecond `n`. */
class World {
  readonly path = join(temporaryFolder(), 'telemetry.db');
  #db: Ledger | null = null;

  constructor() {
    onTestFinished(() => this.remove());
  }

  /** Requests from the first number up to the second, left out. */
  write(from: number, before: number, source = 'hook', name = 'req'): void {
    this.#db ??= openLedger(this.path, { busyTimeoutMs: 5000 });
    this.#db
      .prepare(
        `WITH RECURSIVE n (i) AS (VALUES (?) UNION ALL SELECT i + 1 FROM n WHERE i < ? - 1)
         INSERT INTO cost_records (id, message_id, occurred_at_ms, described_at_ms, session_id, claim_flags,
           client, model, model_raw, task_type, input_tokens, output_tokens, cache_read_tokens,
           cache_write_5m_tokens, cache_write_1h_tokens, web_search_requests, price_basis,
           is_output_final, source)
         SELECT 'msg_' || i || '|${name}_' || i, 'msg_' || i, i, i, 's', 6, 'claude-code', 'm', 'm', 'main',
           1, 1, 0, 0, 0, 0, 'exact', 1, ? FROM n`,
      )
      .run(from, before, source);
  }

  remove(): void {
    this.#db?.close();
    this.#db = null;
    for (const end of ['', '-wal', '-shm']) rmSync(this.path + end, { force: true });
  }
}

function times(follower: LedgerFollower): number[] {
  return follower.poll().map(({ occurredAtMs }) => occurredAtMs);
}

function range(from: number, before: number): number[] {
  return Array.from({ length: before - from }, (_, index) => from + index);
}

test('of a long ledger that is read anew only what was not there before is news', () => {
  const world = new World();
  world.write(0, MANY);
  const follower = new LedgerFollower(world.path, FROM_NOW_ON);
  expect(times(follower)).toEqual([]);
  world.write(MANY, MANY + 3);
  expect(times(follower)).toEqual(range(MANY, MANY + 3));
  world.remove();
  expect(times(follower)).toEqual([]);
  world.write(0, MANY + 4);
  expect(times(follower)).toEqual([MANY + 3]);
  // Later as well, when more of the transcripts has been read.
  world.write(MANY + 4, MANY + 6);
  expect(times(follower)).toEqual(range(MANY + 4, MANY + 6));
});

test('of a short one also what was requested long before, and not recorded', () => {
  const world = new World();
  world.write(100, 200);
  const follower = new LedgerFollower(world.path, FROM_NOW_ON);
  expect(times(follower)).toEqual([]);
  world.remove();
  world.write(99, 201);
  expect(times(follower)).toEqual([99, 200]);
});

test('what it handed out it knows again, however much that was', () => {
  const world = new World();
  world.write(0, MANY + 10);
  const follower = new LedgerFollower(world.path, { ...FROM_NOW_ON, sinceMs: 5 });
  expect(times(follower)).toEqual(range(5, MANY + 10));
  world.remove();
  world.write(0, MANY + 11);
  expect(times(follower)).toEqual([MANY + 10]);
});

test('what is recorded late is news, whenever it was requested', () => {
  const world = new World();
  world.write(1000, 1010);
  const follower = new LedgerFollower(world.path, { ...FROM_NOW_ON, sinceMs: 1008 });
  expect(times(follower)).toEqual([1008, 1009]);
  world.write(0, 2);
  expect(times(follower)).toEqual([0, 1]);
});

test('a ledger that comes later is news from the time that was asked for', () => {
  const world = new World();
  const all = new LedgerFollower(world.path, FROM_NOW_ON);
  const fromTen = new LedgerFollower(world.path, { sinceMs: null, laterLedgersFromMs: 10 });
  expect([times(all), times(fromTen)]).toEqual([[], []]);
  world.write(8, 12);
  expect([times(all), times(fromTen)]).toEqual([range(8, 12), [10, 11]]);
});

test("a transcript's record of what a payload had told before is no news", () => {
  const world = new World();
  world.write(1, 2, 'payload', 'payload');
  const follower = new LedgerFollower(world.path, FROM_NOW_ON);
  expect(times(follower)).toEqual([]);
  world.write(2, 3, 'payload', 'payload');
  expect(times(follower)).toEqual([2]);
  world.write(1, 4);
  expect(times(follower)).toEqual([3]);
});
