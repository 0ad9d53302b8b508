import type { UnpricedRecord } from '../../core/record/cost-record.ts';
import { messageRange } from '../../core/record/identity.ts';
import { type Sql, prepared } from '../connection/prepared.ts';
import type { Ledger } from '../connection/open.ts';
import type { RecordRow } from '../../core/record/record-columns.ts';
import { toUnpricedRecord } from './row.ts';

/** A record with everything that its price was computed from. */
export interface StoredRecord {
  id: string;
  /** Canonical name. */
  model: string;
  costNanoUsd: number | null;
  /** The model had no price and was priced as another one. */
  isFallback: boolean;
  draft: UnpricedRecord;
}

const PAGE_ROWS = 500;

const SELECT_ID: Sql<[string]> = 'SELECT 1 FROM cost_records WHERE id = ?';
const SELECT_MESSAGE: Sql<[string, string]> =
  'SELECT 1 FROM cost_records WHERE id >= ? AND id < ? LIMIT 1';

/** Reads records back as unpriced drafts. */
export class UnpricedRecordReader {
  readonly #db: Ledger;

  constructor(db: Ledger) {
    this.#db = db;
  }

  /** Records in a time range, `untilMs` exclusive. */
  *between(sinceMs: number, untilMs: number): Generator<StoredRecord> {
    const page = this.#db.prepare<unknown[], RecordRow>(
      `SELECT * FROM cost_records INDEXED BY cost_records_by_time
       WHERE (occurred_at_ms, seq) > (?, ?) AND occurred_at_ms < ?
       ORDER BY occurred_at_ms, seq LIMIT ${PAGE_ROWS}`,
    );
    let after = { occurred_at_ms: sinceMs - 1, seq: Number.MAX_SAFE_INTEGER };
    for (;;) {
      const rows = page.all(after.occurred_at_ms, after.seq, untilMs);
      for (const row of rows) {
        const { id, model, cost_nano_usd: costNanoUsd } = row;
        const isFallback = row.price_basis === 'fallback';
        yield { id, model, costNanoUsd, isFallback, draft: toUnpricedRecord(row) };
      }
      const last = rows.at(-1);
      if (last === undefined || rows.length < PAGE_ROWS) return;
      after = last;
    }
  }

  has(id: string): boolean {
    return prepared(this.#db, SELECT_ID).get(id) !== undefined;
  }

  /** Whether any request of a message is recorded. */
  hasMessage(messageId: string): boolean {
    const { from, before } = messageRange(messageId);
    return prepared(this.#db, SELECT_MESSAGE).get(from, before) !== undefined;
  }
}
