import { describe, expect, test } from 'vitest';
import { summarize } from '../../src/reports/summary.ts';
import { LedgerReader } from '../../src/store/reader.ts';
import { SessionReader } from '../../src/store/sessions/reader.ts';
import { generatedLedger } from '../helpers/generated-history.ts';
import { expectAllSums, expectSums, requestOf } from '../helpers/report-sums.ts';

const history = {
  sessions: 8,
  requests: 12,
  fromMs: Date.UTC(2026, 9, 20),
  toMs: Date.UTC(2026, 9, 30),
};

describe('every part sums to the whole', () => {
  test.each([1, 2, 3])(
    'by every dimension and every pair of them, in generated history %i',
    async (seed) => {
      await expectAllSums(generatedLedger({ seed, ...history }));
    },
  );

  test('by three at once', async () => {
    const reader = new LedgerReader(generatedLedger({ seed: 4, ...history }));
    const report = await summarize(
      reader,
      requestOf(['day', 'ticket', 'tool'], { hasBreakdown: true, limit: 7 }),
    );
    expectSums(report);
    expect(report.groups).toHaveLength(8);
  });
});

describe('groups', () => {
  test('by ticket are the branches that name it, and all others', async () => {
    const reader = new LedgerReader(generatedLedger({ seed: 5, ...history }));
    const tickets = (await summarize(reader, requestOf(['ticket']))).groups;
    const branches = (await summarize(reader, requestOf(['branch']))).groups;
    const requestsOf = (name: RegExp): number =>
      branches
        .filter(({ key }) => name.test(String(key['branch'] ?? '')))
        .reduce((sum, { requests }) => sum + Number(requests), 0);
    expect(
      Object.fromEntries(tickets.map(({ key, requests }) => [key['ticket'], requests])),
    ).toEqual({
      'SHOP-12': requestsOf(/SHOP-12/),
      'BLOG-7': requestsOf(/BLOG-7/),
      null: requestsOf(/^(main)?$/),
    });
    const own = await summarize(reader, requestOf(['ticket'], { ticketPattern: '^main$' }));
    expect(own.groups.map(({ key }) => key['ticket']).toSorted()).toEqual(['main', null]);
  });

  test('of a limited list of times are the newest, in whatever order', async () => {
    const reader = new LedgerReader(generatedLedger({ seed: 6, ...history }));
    const days = async (order: 'asc' | 'desc', limit: number | null): Promise<unknown[]> =>
      (await summarize(reader, requestOf(['day'], { order, limit }))).groups.map(
        ({ key }) => key['day'],
      );
    const all = await days('asc', null);
    expect(all).toEqual(all.toSorted());
    expect(await days('asc', 3)).toEqual([...all.slice(-3), undefined]);
    expect(await days('desc', 3)).toEqual([...all.slice(-3).toReversed(), undefined]);
  });

  test('of one session say when and where it was', async () => {
    const db = generatedLedger({ seed: 7, ...history });
    const request = requestOf(['session'], { isByActivity: true });
    const report = await summarize(new LedgerReader(db), request, new SessionReader(db));
    const rows = db
      .prepare(
        `SELECT session_id AS session, min(occurred_at_ms) AS first, max(occurred_at_ms) AS last
         FROM cost_records GROUP BY 1 ORDER BY last`,
      )
      .all() as { session: string; first: number; last: number }[];
    expect(
      report.groups.map(({ key, firstAt, lastAt }) => [key['session'], firstAt, lastAt]),
    ).toEqual(
      rows.map(({ session, first, last }) => [
        session,
        new Date(first).toISOString(),
        new Date(last).toISOString(),
      ]),
    );
    for (const { project } of report.groups) expect(project).toMatch(/^\/home\/user\/project-\d$/);
  });
});
