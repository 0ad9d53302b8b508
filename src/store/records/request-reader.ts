import type { UnpricedRecord } from '../../core/record/cost-record.ts';
import { type RecordJson, recordJson } from '../../core/record/record-json.ts';
import type { Ledger } from '../connection/open.ts';
import { type RecordFilter, buildWhere } from './filter.ts';
import type { RecordRow } from '../../core/record/record-columns.ts';
import { toUnpricedRecord } from './row.ts';

/** One request as it is stored. */
export interface RequestRow {
  record: RecordJson;
  /** The draft that it was written from. */
  draft: () => UnpricedRecord;
}

/** One tool call, and the request that made it. */
export interface ToolCallRow {
  name: string;
  calledAtMs: number;
  /** Null if its result was not seen. */
  durationMs: number | null;
  isFailed: boolean | null;
  model: string;
  /** The cost of the complete request, which may have called other tools too. */
  requestCostNanoUsd: number | null;
}

/** Rows fetched at once: an open iterator would let the log next to the ledger grow. */
const PAGE_ROWS = 1000;

/** Reads single requests, in pages. */
export class RequestReader {
  readonly #db: Ledger;

  constructor(db: Ledger) {
    this.#db = db;
  }

  /** Requests ordered by time; those of the same millisecond by arrival. */
  async *pages(
    filter: RecordFilter,
    order: 'asc' | 'desc',
    limit = Number.MAX_SAFE_INTEGER,
  ): AsyncGenerator<RequestRow[]> {
    const { where, values } = buildWhere(filter);
    const [compared, edge] = order === 'asc' ? ['>', -1] : ['<', Number.MAX_SAFE_INTEGER];
    const page = this.#db.prepare(
      `SELECT r.*, p.root AS project FROM cost_records r LEFT JOIN projects p ON p.id = r.project_id
       ${where === '' ? 'WHERE' : `${where} AND`} (r.occurred_at_ms, r.seq) ${compared} (?, ?)
       ORDER BY r.occurred_at_ms ${order}, r.seq ${order} LIMIT ?`,
    );
    let [atMs, seq, left] = [edge, edge, limit];
    while (left > 0) {
      const size = Math.min(left, PAGE_ROWS);
      const rows = page.all(...values, atMs, seq, size) as RecordRow[];
      if (rows.length > 0) {
        yield rows.map((row) => ({
          record: recordJson({ ...row }),
          draft: () => toUnpricedRecord(row),
        }));
      }
      const last = rows.at(-1);
      if (last === undefined || rows.length < size) return;
      [atMs, seq, left] = [last.occurred_at_ms, last.seq, left - rows.length];
    }
  }

  /** Tool calls of the most expensive requests; within a request the longest first. */
  async topToolCalls(filter: RecordFilter, limit: number): Promise<ToolCallRow[]> {
    const { where, values } = buildWhere(filter);
    const rows = this.#db
      .prepare(
        `SELECT t.name, t.called_at_ms AS calledAtMs, t.duration_ms AS durationMs,
           t.is_failed AS isFailed, r.model, r.cost_nano_usd AS requestCostNanoUsd
         FROM cost_records r JOIN tool_uses t ON t.record_seq = r.seq
           LEFT JOIN projects p ON p.id = r.project_id ${where}
         ORDER BY r.cost_nano_usd DESC NULLS LAST, r.seq, t.duration_ms DESC, t.called_at_ms
         LIMIT ?`,
      )
      .all(...values, limit) as (Omit<ToolCallRow, 'isFailed'> & { isFailed: number | null })[];
    return rows.map((row) => ({
      ...row,
      isFailed: row.isFailed === null ? null : row.isFailed === 1,
    }));
  }
}
