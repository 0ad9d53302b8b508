import { type RecordJson, recordJson } from '../../core/record/record-json.ts';
import type { Ledger } from '../connection/open.ts';
import { type RecordFilter, buildConditions, buildWhere } from './filter.ts';
import { prepared } from '../connection/prepared.ts';
import { planRollup } from '../rollups/plan.ts';
import { type Slot, listSlots } from '../rollups/slots.ts';

/** Where a page ends and the next one continues. */
export interface RecordKey {
  occurredAtMs: number;
  seq: number;
}

const SELECTED = `SELECT r.*, p.root AS project FROM cost_records r
  LEFT JOIN projects p ON p.id = r.project_id`;
const NEWEST_FIRST = 'ORDER BY r.occurred_at_ms DESC, r.seq DESC LIMIT ? OFFSET ?';

/**
 * Reads records newest first, one page at a time. To find a page far back, no rows are counted: roll-ups
 * contain the number of records in each month, day and quarter of an hour.
 */
export class RecordPages {
  readonly #db: Ledger;

  constructor(db: Ledger) {
    this.#db = db;
  }

  /** At most `size` records after the first `offset`. */
  page(filter: RecordFilter, offset: number, size: number): RecordJson[] {
    const slots = filter.sessionId === null ? this.#slots(filter) : null;
    if (slots === null) return this.#rows(filter, null, size, offset);
    const within: Slot[] = [];
    let [skipped, covered] = [offset, 0];
    for (const slot of slots.from(offset)) {
      if (within.length === 0 && skipped >= slot.requests) {
        skipped -= slot.requests;
        continue;
      }
      within.push(slot);
      covered += slot.requests;
      if (covered >= skipped + size) break;
    }
    return this.#inSlots(filter, within, size, skipped);
  }

  /** At most `size` records after a key. */
  behind(filter: RecordFilter, key: RecordKey, size: number): RecordJson[] {
    const untilMs = Math.min(filter.untilMs ?? Infinity, key.occurredAtMs + 1);
    return this.#rows({ ...filter, untilMs }, key, size, 0);
  }

  /** Records in order of arrival, after a `seq`. */
  arrivedAfter(seq: number, size: number): RecordJson[] {
    const rows = this.#db.prepare(`${SELECTED} WHERE r.seq > ? ORDER BY r.seq LIMIT ?`);
    return (rows.all(seq, size) as Record<string, unknown>[]).map(recordJson);
  }

  #slots(filter: RecordFilter): { from: (offset: number) => Iterable<Slot> } | null {
    const plan = planRollup(filter, []);
    if (plan === null || plan.finest === 'day') return null;
    const count = (sinceMs: number, untilMs: number): number => {
      const { where, values } = buildWhere({ ...filter, sinceMs, untilMs });
      const sql = `SELECT count(*) FROM cost_records r LEFT JOIN projects p ON p.id = r.project_id ${where}`;
      return this.#db
        .prepare(sql)
        .pluck()
        .get(...values) as number;
    };
    return { from: (offset) => listSlots(this.#db, plan, filter, count, offset) };
  }

  /**
   * For a selective filter the records of a page are in hundreds of slots; they are read by one
   * statement.
   */
  #inSlots(filter: RecordFilter, slots: Slot[], size: number, offset: number): RecordJson[] {
    const { conditions, values } = buildConditions({ ...filter, sinceMs: null, untilMs: null });
    const where = ['r.occurred_at_ms >= w.value ->> 0', 'r.occurred_at_ms < w.value ->> 1'];
    const sql = `SELECT r.*, p.root AS project FROM json_each(?) w CROSS JOIN cost_records r
      LEFT JOIN projects p ON p.id = r.project_id
      WHERE ${[...where, ...conditions].join(' AND ')} ${NEWEST_FIRST}`;
    const ranges = JSON.stringify(slots.map(({ sinceMs, untilMs }) => [sinceMs, untilMs]));
    const rows = prepared(this.#db, sql).all(ranges, ...values, size, offset);
    return (rows as Record<string, unknown>[]).map(recordJson);
  }

  #rows(filter: RecordFilter, key: RecordKey | null, size: number, offset: number): RecordJson[] {
    const { where, values } = buildWhere(filter);
    const behind = key === null ? '' : '(r.occurred_at_ms, r.seq) < (?, ?)';
    const condition =
      behind === '' ? where : where === '' ? `WHERE ${behind}` : `${where} AND ${behind}`;
    const bound = key === null ? values : [...values, key.occurredAtMs, key.seq];
    const rows = prepared(this.#db, `${SELECTED} ${condition} ${NEWEST_FIRST}`);
    return (rows.all(...bound, size, offset) as Record<string, unknown>[]).map(recordJson);
  }
}
