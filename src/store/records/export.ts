import { type RecordJson, recordFields, recordJson } from '../../core/record/record-json.ts';
import type { Ledger } from '../connection/open.ts';
import { type RecordFilter, buildWhere } from './filter.ts';

/** Rows fetched at once; limits the memory that an export needs. */
const PAGE_ROWS = 250;

type Row = Record<string, unknown> & { seq: number; occurred_at_ms: number };

/**
 * Returns records oldest first, one page at a time. Each page is a separate query that continues after
 * the previous one: an open iterator would keep SQLite from checkpointing its log while hooks write. A
 * record that arrives after its page was read is not in the export.
 */
export class ExportReader {
  readonly #db: Ledger;

  constructor(db: Ledger) {
    this.#db = db;
    // Each page of the file is read once or in order, so a cache would only take memory.
    db.pragma('cache_size = -2048');
  }

  /** The fields of every record, in order; also if there are no records. */
  fields(): (keyof RecordJson)[] {
    const columns = this.#db.prepare(`${SELECTED} WHERE false`).columns();
    return recordFields(columns.map(({ name }) => name));
  }

  *pages(filter: RecordFilter): Generator<RecordJson[]> {
    const { where, values } = buildWhere(filter);
    // Forced, because the planner would sort all rows of a project for every page.
    const index = filter.sessionId === null ? 'cost_records_by_time' : 'cost_records_by_session';
    const page = this.#db.prepare<unknown[], Row>(
      `${SELECTED.replace('cost_records r', `cost_records r INDEXED BY ${index}`)}
       ${where === '' ? 'WHERE' : `${where} AND`} (r.occurred_at_ms, r.seq) > (?, ?)
       ORDER BY r.occurred_at_ms, r.seq LIMIT ${PAGE_ROWS}`,
    );
    let after = { occurred_at_ms: Number.MIN_SAFE_INTEGER, seq: 0 };
    for (;;) {
      const rows = page.all(...values, after.occurred_at_ms, after.seq);
      const last = rows.at(-1);
      if (last === undefined) return;
      after = last;
      yield rows.map((row) => recordJson(this.#exact(row)));
      if (rows.length < PAGE_ROWS) return;
    }
  }

  /** Numbers beyond 2^53 have lost digits: such a row is read again, with strings for these numbers. */
  #exact(row: Row): Record<string, unknown> {
    if (!Object.values(row).some(isInexact)) return row;
    const exact = this.#db
      .prepare<unknown[], Record<string, unknown>>(`${SELECTED} WHERE r.seq = ?`)
      .safeIntegers()
      .get(row.seq);
    return Object.fromEntries(
      Object.entries(exact ?? row).map(([name, value]) => [name, withoutBigInt(value)]),
    );
  }
}

const SELECTED = `SELECT r.*, p.root AS project FROM cost_records r
  LEFT JOIN projects p ON p.id = r.project_id`;

function isInexact(value: unknown): boolean {
  return typeof value === 'number' && !Number.isSafeInteger(value);
}

function withoutBigInt(value: unknown): unknown {
  if (typeof value !== 'bigint') return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}
