import { type RecordJson, recordJson } from '../core/record-json.ts';
import type { Ledger } from './open.ts';
import { type RecordFilter, whereOf } from './record-filter.ts';
import { prepared } from './prepared.ts';
import { planRollup } from './rollup-plan.ts';
import { type Slot, slotsOf } from './rollup-slots.ts';

/** Where a page ends, and the next one goes on. */
export interface RecordKey {
  occurredAtMs: number;
  seq: number;
}

const SELECTED = `SELECT r.*, p.root AS project FROM cost_records r
  LEFT JOIN projects p ON p.id = r.project_id`;
const NEWEST_FIRST = 'ORDER BY r.occurred_at_ms DESC, r.seq DESC LIMIT ? OFFSET ?';

/**
 * Reads records newest first, a page at a time. A page far back is not counted off row by row: roll-ups
 * tell how many records lie in each month, day and quarter of an hour.
 */
export class RecordPages {
  readonly #db: Ledger;

  constructor(db: Ledger) {
    this.#db = db;
  }

  /** The records behind the first `offset`, at most `size`. */
  page(filter: RecordFilter, offset: number, size: number): RecordJson[] {
    const slots = filter.sessionId === null ? this.#slots(filter) : null;
    if (slots === null) return this.#rows(filter, null, size, offset);
    const found: RecordJson[] = [];
    let before = offset;
    for (const slot of slots.from(offset)) {
      if (before >= slot.requests) {
        before -= slot.requests;
        continue;
      }
      const within = { ...filter, sinceMs: slot.sinceMs, untilMs: slot.untilMs };
      found.push(...this.#rows(within, null, size - found.length, before));
      before = 0;
      if (found.length >= size) break;
    }
    return found;
  }

  /** The records behind a key, at most `size`. */
  behind(filter: RecordFilter, key: RecordKey, size: number): RecordJson[] {
    const untilMs = Math.min(filter.untilMs ?? Infinity, key.occurredAtMs + 1);
    return this.#rows({ ...filter, untilMs }, key, size, 0);
  }

  /** Records in the order of their arrival, behind a `seq`. */
  arrivedAfter(seq: number, size: number): RecordJson[] {
    const rows = this.#db.prepare(`${SELECTED} WHERE r.seq > ? ORDER BY r.seq LIMIT ?`);
    return (rows.all(seq, size) as Record<string, unknown>[]).map(recordJson);
  }

  #slots(filter: RecordFilter): { from: (offset: number) => Iterable<Slot> } | null {
    const plan = planRollup(filter, []);
    if (plan === null || plan.finest === 'day') return null;
    const count = (sinceMs: number, untilMs: number): number => {
      const { where, values } = whereOf({ ...filter, sinceMs, untilMs });
      const sql = `SELECT count(*) FROM cost_records r LEFT JOIN projects p ON p.id = r.project_id ${where}`;
      return this.#db
        .prepare(sql)
        .pluck()
        .get(...values) as number;
    };
    return { from: (offset) => slotsOf(this.#db, plan, filter, count, offset) };
  }

  #rows(filter: RecordFilter, key: RecordKey | null, size: number, offset: number): RecordJson[] {
    const { where, values } = whereOf(filter);
    const behind = key === null ? '' : '(r.occurred_at_ms, r.seq) < (?, ?)';
    const condition =
      behind === '' ? where : where === '' ? `WHERE ${behind}` : `${where} AND ${behind}`;
    const bound = key === null ? values : [...values, key.occurredAtMs, key.seq];
    const rows = prepared(this.#db, `${SELECTED} ${condition} ${NEWEST_FIRST}`);
    return (rows.all(...bound, size, offset) as Record<string, unknown>[]).map(recordJson);
  }
}
