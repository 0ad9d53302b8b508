import type { UnpricedRecord } from '../../core/record/cost-record.ts';
import { type RecordRow, WRITTEN_COLUMNS } from '../../core/record/record-columns.ts';
import { messageRange } from '../../core/record/identity.ts';
import type { PriceTable } from '../../pricing/cost.ts';
import { priceRecord } from '../../pricing/price-record.ts';
import { type Sql, prepared } from '../connection/prepared.ts';
import type { Ledger } from '../connection/open.ts';
import { preferBetterPrice } from './price-precedence.ts';
import type { SessionProjects } from '../ingest/session-projects.ts';
import { type DraftColumns, toColumns, toUnpricedRecord } from './row.ts';

const DRAFT_COLUMNS = WRITTEN_COLUMNS.filter(
  (name): name is keyof DraftColumns => name !== 'project_id' && name !== 'hook_event_id',
);
const COLUMNS = [...DRAFT_COLUMNS, 'project_id', 'hook_event_id'] as const;
const CHANGING = COLUMNS.filter((name) => name !== 'id' && name !== 'hook_event_id');

const SELECT_MESSAGE: Sql<[string, string, string], RecordRow> =
  'SELECT * FROM cost_records WHERE id >= ? AND id < ? AND message_id = ?';
const SELECT_ID: Sql<[string], RecordRow> = 'SELECT * FROM cost_records WHERE id = ?';
const SELECT_CALLED_AT: Sql<[number, string], { at_ms: number | null }> =
  'SELECT min(called_at_ms) AS at_ms FROM tool_uses WHERE record_seq = ? AND name = ?';
const INSERT = `INSERT INTO cost_records (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map(() => '?').join(', ')})`;
const UPDATE = `UPDATE cost_records SET ${CHANGING.map((name) => `${name} = @${name}`).join(', ')} WHERE seq = @seq`;
const DELETE: Sql<[number]> = 'DELETE FROM cost_records WHERE seq = ?';
const FORGET: Sql<[number]> = 'DELETE FROM removed_records WHERE seq = ?';

/** Finds, prices and writes the rows of `cost_records`. */
export class RecordRows {
  readonly #db: Ledger;
  readonly #prices: PriceTable;
  readonly #projects: SessionProjects;
  /** The event that reported the rows being written. */
  hookEventId: number | null = null;

  constructor(db: Ledger, prices: PriceTable, projects: SessionProjects) {
    this.#db = db;
    this.#prices = prices;
    this.#projects = projects;
  }

  /** The rows of the draft's message, including its own. */
  siblings(draft: UnpricedRecord): RecordRow[] {
    if (draft.messageId === null) {
      const row = prepared(this.#db, SELECT_ID).get(draft.id);
      return row === undefined ? [] : [row];
    }
    const { from, before } = messageRange(draft.messageId);
    return prepared(this.#db, SELECT_MESSAGE).all(from, before, draft.messageId);
  }

  /**
   * The draft of a row, for merging with `other`. If their tools differ, it includes the time of the
   * tool call.
   */
  toUnpriced(row: RecordRow, other?: UnpricedRecord): UnpricedRecord {
    const draft = toUnpricedRecord(row);
    if (draft.toolName === null || other?.toolName === null) return draft;
    if (other?.toolName === draft.toolName) return draft;
    const toolAtMs =
      prepared(this.#db, SELECT_CALLED_AT).get(row.seq, draft.toolName)?.at_ms ?? null;
    return { ...draft, toolAtMs };
  }

  /** @returns the row's number */
  insert(draft: UnpricedRecord): number {
    const columns = toColumns(draft, priceRecord(draft, this.#prices));
    const values: unknown[] = [];
    // By position: looking up forty names takes longer than writing the row.
    for (const name of DRAFT_COLUMNS) values.push(columns[name]);
    values.push(this.#findProject(draft), this.hookEventId);
    return Number(prepared(this.#db, INSERT).run(...values).lastInsertRowid);
  }

  update(row: RecordRow, draft: UnpricedRecord): void {
    const columns = toColumns(draft, priceRecord(draft, this.#prices));
    // These may come from another source than the lines of this request, so a line without them keeps
    // them.
    if (columns.session_id === row.session_id && columns.agent_id === row.agent_id) {
      columns.prompt_id ??= row.prompt_id;
      columns.agent_type ??= row.agent_type;
    }
    preferBetterPrice(columns, row);
    this.#projects.touch(row.session_id);
    const project_id = this.#findProject(draft);
    const next: Partial<RecordRow> = { ...columns, project_id };
    const names = Object.keys(next) as (keyof RecordRow)[];
    if (names.every((name) => next[name] === row[name])) return;
    prepared(this.#db, UPDATE).run({ ...next, seq: row.seq });
  }

  #findProject({ claim }: UnpricedRecord): number | null {
    return this.#projects.findId(claim.cwd, claim.sessionId);
  }

  /** Deletes a row on purpose, because another record replaces it. */
  drop(seq: number): void {
    prepared(this.#db, DELETE).run(seq);
    prepared(this.#db, FORGET).run(seq);
  }
}
