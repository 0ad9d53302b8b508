import { expect, test } from 'vitest';
import type { RecordFilter } from '../../../src/store/records/filter.ts';
import { NO_FILTER } from '../../../src/store/records/filter.ts';
import { type RecordKey, RecordPages } from '../../../src/store/records/pages.ts';
import { ExportReader } from '../../../src/store/records/export.ts';
import { append, request } from '../../helpers/lines.ts';
import { importInto, temporaryFolder, temporaryLedger } from '../../helpers/ledger.ts';
import type { Ledger } from '../../../src/store/connection/open.ts';
import { fc, cheapRuns } from '../../helpers/fast-check.ts';

const START_MS = Date.parse('2026-03-30T22:00:00Z');
const MODELS = ['claude-opus-4-8', 'claude-haiku-4-5'];

/** Requests at the given minutes, many of one quarter, day and month. */
function ledgerOf(minutes: number[]): Ledger {
  const { db } = temporaryLedger();
  const folder = temporaryFolder();
  const lines = minutes.map((minute, index) =>
    request({
      session: 's1',
      id: `m${index}`,
      at: new Date(START_MS + minute * 60_000 + (index % 3)).toISOString(),
      model: MODELS[index % 2] ?? '',
      ...(index % 3 === 0 ? { tools: [[`t${index}`, 'Bash']] as [string, string][] } : {}),
    }),
  );
  append(`${folder}/projects/p/s1.jsonl`, ...lines);
  importInto(db, `${folder}/projects`);
  return db;
}

/** All records of a filter, newest first: those of an export turned around. */
function newestFirst(db: Ledger, filter: RecordFilter): number[] {
  return [...new ExportReader(db).pages(filter)]
    .flat()
    .map(({ seq }) => seq)
    .toReversed();
}

const filters = fc.constantFrom<Partial<RecordFilter>>(
  {},
  { model: 'claude-haiku-4-5' },
  { tool: 'Bash' },
  { sessionId: 's1' },
  { model: 'claude-opus-4-8', tool: 'Bash' },
  { project: '/home/user/shop' },
  { project: 'nowhere' },
);
const moment = fc.option(
  fc.integer({ min: -60, max: 90_000 }).map((minute) => START_MS + minute * 60_000 + 1),
);

test('pages of any size, one after another, are the records newest first', () => {
  const minutes = fc.array(fc.oneof(fc.nat(40), fc.nat(3000), fc.nat(80_000)), { maxLength: 60 });
  fc.assert(
    fc.property(
      minutes,
      filters,
      moment,
      moment,
      fc.integer({ min: 1, max: 25 }),
      (at, some, sinceMs, untilMs, size) => {
        const db = ledgerOf(at);
        const filter = { ...NO_FILTER, ...some, sinceMs, untilMs };
        const wanted = newestFirst(db, filter);
        const pages = new RecordPages(db);
        const paged: number[] = [];
        const followed: number[] = [];
        let key: RecordKey = { occurredAtMs: Number.MAX_SAFE_INTEGER - 1, seq: 0 };
        for (let offset = 0; offset <= wanted.length; offset += size) {
          paged.push(...pages.page(filter, offset, size).map(({ seq }) => seq));
          const next = pages.behind(filter, key, size);
          followed.push(...next.map(({ seq }) => seq));
          key = next.at(-1) ?? key;
        }
        expect(paged).toEqual(wanted);
        expect(followed).toEqual(wanted);
        db.close();
      },
    ),
    cheapRuns(60),
  );
});
