import * as z from 'zod';
import type { RecordJson } from '../../core/record/record-json.ts';
import { recordsAnswer } from '../../schemas/answers/costs.ts';
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
      .regex(/^-?\d{1,16}\.\d{1,16}$/, { error: 'is no cursor that an answer gave' })
      .optional()
      .describe('Goes on where the answer ended that gave it as nextCursor; instead of page'),
  }),
  answer: recordsAnswer,
  thread: (query) => (isQuick(query, []) ? 'reports' : 'rows'),
  respond: ({ query, receivedAtMs }, worker) =>
    worker.ledger(async (db) => {
      const zone = worker.zone(query.timezone);
      const { filter } = await parseFilterParameters(query, db, zone, receivedAtMs);
      const { page, pageSize, cursor } = query;
      if (cursor !== undefined && page > 1) {
        throw new Problem(400, 'bad_parameter', 'either page or cursor', 'cursor');
      }
      const [sums] = await new LedgerReader(db).sums(filter, [], null);
      const total = Number(sums?.measures.requests ?? 0);
      const pages = new RecordPages(db);
      const offset = (page - 1) * pageSize;
      const found =
        cursor !== undefined
          ? pages.behind(filter, parseCursor(cursor), pageSize)
          : offset >= total
            ? []
            : pages.page(filter, offset, pageSize);
      const last = found.at(-1);
      const isMore =
        found.length === pageSize && (cursor !== undefined || offset + pageSize < total);
      return {
        ...answerHead(receivedAtMs),
        records: found.map(withoutPayload),
        total,
        page,
        pageSize,
        nextCursor: isMore && last !== undefined ? `${last.occurredAtMs}.${last.seq}` : null,
      };
    }),
});

function parseCursor(cursor: string): { occurredAtMs: number; seq: number } {
  const [occurredAtMs = 0, seq = 0] = cursor.split('.').map(Number);
  return { occurredAtMs, seq };
}

/** Stored payloads hold what was said; nothing of that leaves the ledger by the network. */
export function withoutPayload(found: RecordJson): RecordJson {
  return { ...found, payloadJson: null };
}
