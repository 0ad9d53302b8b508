import * as z from 'zod';
import type { RecordJson } from '../../core/record/record-json.ts';
import { recordsAnswer } from '../../schemas/answers/costs.ts';
import { emptyNote } from '../../reports/empty-note.ts';
import { LedgerReader } from '../../store/reader.ts';
import { RecordPages } from '../../store/records/pages.ts';
import {
  parseFilterParameters,
  filterParameters,
  isQuick,
  pageParameters,
  rangeParameter,
} from '../http/parameters.ts';
import { Problem } from '../http/problem.ts';
import { answerHead } from '../http/answer-head.ts';
import { route } from '../http/route.ts';

export const recordsRoute = route({
  method: 'get',
  path: '/api/costs',
  summary: 'Records, newest first',
  access: 'token',
  query: z.strictObject({
    ...pageParameters,
    ...filterParameters,
    range: rangeParameter,
    cursor: z
      .string()
      .regex(/^-?\d{1,16}\.\d{1,16}$/, {
        error: 'is not a cursor: use the nextCursor of an answer',
      })
      .optional()
      .describe('The nextCursor of the previous answer, to continue after it; instead of page'),
  }),
  answer: recordsAnswer,
  thread: (query) => (isQuick(query, []) ? 'reports' : 'rows'),
  respond: ({ query, receivedAtMs }, worker) =>
    worker.ledger(async (db) => {
      const zone = worker.zone(query.timezone);
      const parsed = await parseFilterParameters(query, db, zone, receivedAtMs);
      const { filter } = parsed;
      const { page, pageSize, cursor } = query;
      if (cursor !== undefined && page > 1) {
        throw new Problem(400, 'bad_parameter', 'use either page or cursor', 'cursor');
      }
      const reader = new LedgerReader(db);
      const [sums] = await reader.sums(filter, [], null);
      const total = Number(sums?.measures.requests ?? 0);
      const pages = new RecordPages(db);
      const offset = (page - 1) * pageSize;
      const rows =
        cursor !== undefined
          ? pages.behind(filter, parseCursor(cursor), pageSize)
          : offset >= total
            ? []
            : pages.page(filter, offset, pageSize);
      const last = rows.at(-1);
      const isMore =
        rows.length === pageSize && (cursor !== undefined || offset + pageSize < total);
      return {
        ...answerHead(receivedAtMs),
        records: rows.map(withoutPayload),
        total,
        page,
        pageSize,
        ...(total > 0 ? {} : { note: await emptyNote(reader, { ...parsed, ...zone }) }),
        nextCursor: isMore && last !== undefined ? `${last.occurredAtMs}.${last.seq}` : null,
      };
    }),
});

function parseCursor(cursor: string): { occurredAtMs: number; seq: number } {
  const [occurredAtMs = 0, seq = 0] = cursor.split('.').map(Number);
  return { occurredAtMs, seq };
}

/** Stored payloads contain conversation text, which must not leave the ledger over the network. */
export function withoutPayload(record: RecordJson): RecordJson {
  return { ...record, payloadJson: null };
}
