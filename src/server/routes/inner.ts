// Requests that the server sends to its own workers: routes without an address.
import * as z from 'zod';
import { summarize } from '../../reports/summary.ts';
import { totals } from '../../schemas/parts.ts';
import { status } from '../../schemas/budgets.ts';
import { findLastSession } from '../../store/sessions/last.ts';
import { LedgerReader } from '../../store/reader.ts';
import { RecordPages } from '../../store/records/pages.ts';
import { record } from '../../schemas/record.ts';
import { route } from '../http/route.ts';
import { statusesAt } from './budgets.ts';
import { withoutPayload } from './records.ts';
import { toSummaryRequest } from './summary.ts';

const inner = { method: 'get', access: 'token', thread: 'reports' } as const;

/** Fails if the ledger can't be used. */
export const ledgerCheck = route({
  ...inner,
  path: 'ledger-check',
  summary: '',
  query: z.strictObject({}),
  answer: z.strictObject({ path: z.string() }),
  respond: (_, worker) =>
    worker.ledger((db) => {
      new RecordPages(db).arrivedAfter(0, 1);
      return { path: worker.ledgerPath };
    }),
});

export const figures = z.object({
  models: z.array(z.object({ model: z.string().nullable(), totals })),
  budgets: z.array(status),
});

/** The figures of the ledger for the metrics. */
export const ledgerFigures = route({
  ...inner,
  path: 'ledger-figures',
  summary: '',
  query: z.strictObject({}),
  answer: figures,
  respond: ({ receivedAtMs }, worker) =>
    worker.ledger(async (db) => {
      const request = await toSummaryRequest({}, ['model'], db, worker, receivedAtMs);
      const { groups } = await summarize(new LedgerReader(db), request);
      const session = findLastSession(db, null)?.sessionId ?? null;
      return {
        models: groups.map(({ key, ...rest }) => ({
          model: typeof key['model'] === 'string' ? key['model'] : null,
          totals: rest,
        })),
        budgets: statusesAt(db, worker, session, receivedAtMs, request.offset),
      };
    }),
});

/** Records that a listener of the stream has missed. */
export const recordsAfter = route({
  ...inner,
  path: 'records-after',
  summary: '',
  query: z.strictObject({ seq: z.int() }),
  answer: z.array(record),
  respond: ({ query }, worker) =>
    worker.ledger((db) => new RecordPages(db).arrivedAfter(query.seq, 1000).map(withoutPayload)),
});
