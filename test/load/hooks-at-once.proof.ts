import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { faultsOf, temporaryFolder } from '../helpers/ledger.ts';
import { World } from './world.ts';

const SESSIONS = 16;
const MEGABYTE = 1024 * 1024;
const LOG_LIMIT = 8 * MEGABYTE;

/** Runs rounds of hooks; in every third round each is killed at a random moment. */
async function storm(world: World, rounds: number, hooksPerSession: number): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    const isDeadly = round % 3 === 2;
    const hooks: Promise<void>[] = [];
    for (let n = 0; n < hooksPerSession; n++) {
      for (let session = 0; session < SESSIONS; session++) {
        world.turn(session);
        hooks.push(world.hook(session, isDeadly ? Math.random() * 400 : null));
      }
    }
    await Promise.all(hooks);
  }
}

describe('hooks at once', () => {
  test.each([
    ['16 sessions, 16 hooks each in turn', 16, 1],
    ['256 hooks at once', 6, 16],
  ])(
    '%s, an import and a tail beside them: nothing lost, nothing doubled',
    async (_name, rounds, hooksPerSession) => {
      const folder = temporaryFolder();
      const world = new World(folder);
      for (let session = 0; session < SESSIONS; session++) world.turn(session);
      const tail = world.start('tail', '--json', '--no-refresh', '--since', '2020-01-01');
      const storming = new AbortController();
      const imports = (async () => {
        let runs = 0;
        while (!storming.signal.aborted) {
          const run = world.start('import', '--projects', world.projects);
          expect(await run.ended, run.output()).toBe(0);
          runs++;
        }
        return runs;
      })();
      await storm(world, rounds, hooksPerSession);
      storming.abort();
      expect(await imports).toBeGreaterThan(0);
      await checkLogShrinks(world);
      // The next catch-up, by whatever reads next.
      const summary = world.start(
        'summary',
        '--json',
        '--by',
        'session',
        '--projects',
        world.projects,
      );
      expect(await summary.ended, summary.output()).toBe(0);
      const report = JSON.parse(summary.output()) as { totals: { requests: number } };
      expect(report.totals.requests).toBe(world.messages.length);

      const db = new Database(world.ledger, { readonly: true });
      const ids = db.prepare('SELECT message_id FROM cost_records ORDER BY seq').pluck().all();
      expect([...ids].sort()).toEqual([...world.messages].sort());
      expect(
        db
          .prepare(
            `SELECT count(*) FROM cost_records WHERE message_id LIKE 'm%' AND output_tokens = 1`,
          )
          .pluck()
          .get(),
      ).toBe(0);
      expect(faultsOf(db)).toEqual([]);
      db.close();
      expect(spooled(folder)).toBe(false);

      // Tail finds the last rows within its poll; then it has shown each row once.
      await until(() => tail.output().trim().split('\n').length >= world.messages.length);
      tail.child.kill('SIGINT');
      expect(await tail.ended).toBe(0);
      const shown = tail
        .output()
        .split('\n')
        .filter((line) => line.startsWith('{'));
      const shownIds = shown.map((line) => (JSON.parse(line) as { messageId: string }).messageId);
      expect([...shownIds].sort()).toEqual([...world.messages].sort());
      console.log(
        `log at most ${(world.walBytes / MEGABYTE).toFixed(1)} MB, ${world.messages.length} requests`,
      );
      expect(problems(folder).filter((line) => !line.includes('SQLITE_BUSY'))).toEqual([]);
    },
  );
});

/**
 * SQLite starts its log over only at a moment when no process reads from it. How large it grows until
 * then depends on how long the machine keeps a reading process waiting, so only what it comes back to
 * is checked: the limit of `store/connection/open.ts`, while `tail` goes on reading.
 */
async function checkLogShrinks(world: World): Promise<void> {
  for (let tries = 0; tries < 20 && world.logBytes() > LOG_LIMIT; tries++) {
    world.turn(0);
    await world.hook(0, null);
  }
  expect(world.logBytes()).toBeLessThanOrEqual(LOG_LIMIT);
}

/** What stays in the spool after a catch-up would be lost. */
function spooled(folder: string): boolean {
  const spool = join(folder, 'spool');
  return existsSync(spool) && readdirSync(spool).some((name) => name.endsWith('.json'));
}

function problems(folder: string): string[] {
  const log = join(folder, 'hook.log');
  return existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [];
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 200 && !holds(); tries++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
