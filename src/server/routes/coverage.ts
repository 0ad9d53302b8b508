import * as z from 'zod';
import { sumOf } from '../../reports/report.ts';
import { sum, time } from '../../schemas/parts.ts';
import { LedgerReader } from '../../store/reader.ts';
import { SessionList } from '../../store/session-list.ts';
import { answer, pageShape } from '../documents.ts';
import { filterParameters, pageParameters } from '../parameters.ts';
import { route } from '../route.ts';

const covered = z
  .looseObject({
    sessionId: z.string(),
    project: z.string().nullable(),
    lastAt: time,
    ledgerCostNanoUsd: sum,
    clientCostNanoUsd: sum.nullable().describe("The client's own total; null: it told of none"),
    unattributedCostNanoUsd: sum
      .nullable()
      .describe('What the client says it spent on top; signed'),
    coverage: z.number().nullable().describe("The ledger's part of the client's total"),
  })
  .meta({ id: 'covered' });

export const coverageRoute = route({
  method: 'get',
  path: '/api/costs/coverage',
  summary: "The ledger against the client's own totals, by session, the latest first",
  access: 'token',
  query: z.strictObject({ ...pageParameters, sessionId: filterParameters.sessionId }),
  answer: answer('coverage', { sessions: z.array(covered), ...pageShape }),
  thread: 'reports',
  respond: ({ query, receivedAtMs }, desk) =>
    desk.ledger(async (db) => {
      const { page, pageSize, sessionId } = query;
      const list = new SessionList(db);
      const reader = new LedgerReader(db);
      const all = { projectRoot: null, sinceMs: null, untilMs: null };
      const one = sessionId === undefined ? null : list.one(sessionId);
      const found =
        sessionId === undefined
          ? list.page(all, (page - 1) * pageSize, pageSize)
          : one === null || page > 1
            ? []
            : [one];
      const sessions: object[] = [];
      for (const { sessionId: id, project, lastAtMs, measures } of found) {
        const ledger = measures.cost_nano_usd;
        const client = await reader.clientSpend(id);
        sessions.push({
          sessionId: id,
          project,
          lastAt: new Date(lastAtMs).toISOString(),
          ledgerCostNanoUsd: sumOf(ledger),
          clientCostNanoUsd: client === null ? null : sumOf(client),
          unattributedCostNanoUsd: client === null ? null : sumOf(client - ledger),
          coverage: client === null || client <= 0n ? null : Number(ledger) / Number(client),
        });
      }
      return {
        schemaVersion: 1,
        generatedAt: new Date(receivedAtMs).toISOString(),
        sessions,
        total: sessionId === undefined ? list.count(all) : one === null ? 0 : 1,
        page,
        pageSize,
      };
    }),
});
