import type { UnpricedRecord } from '../../core/record/cost-record.ts';
import { type RecordRow, WRITTEN_COLUMNS } from '../../core/record/record-columns.ts';
import { messageRange } from '../../core/record/identity.ts';
import type { PriceTable } from '../../pricing/cost.ts';
import { priceRecord } from '../../pricing/price-record.ts';
import { LazyStatement } from '../connection/lazy-statement.ts';
import type { Ledger } from '../connection/open.ts';
import { preferBetterPrice } from './price-precedence.ts';
import type { ProjectWriter } from '../ingest/projects.ts';
import { type DraftColumns, columnsOf, draftOf } from './row.ts';

const DRAFT_COLUMNS = WRITTEN_COLUMNS.filter(
  (name): name is keyof DraftColumns => name !== 'project_id' && name !== 'hook_event_id',
);
const COLUMNS = [...DRAFT_COLUMNS, 'project_id', 'hook_event_id'] as const;

/** The rows of `cost_records`: found, and written as drafts have them and prices price them. */
export class RecordRows {
  readonly #prices: PriceTable;
  readonly #projects: ProjectWriter;
  readonly #selectMessage: LazyStatement<[string, string, string], RecordRow>;
  readonly #selectId: LazyStatement<[string], RecordRow>;
  readonly #selectCalledAt: LazyStatement<[number, string], { at_ms: number | null }>;
  readonly #insert: LazyStatement;
  readonly #update: LazyStatement;
  readonly #delete: LazyStatement<[number]>;
  readonly #forget: LazyStatement<[number]>;
  /** The event that brought the rows being written. */
  hookEventId: number | null = null;

  constructor(db: Ledger, prices: PriceTable, projects: ProjectWriter) {
    this.#prices = prices;
    this.#projects = projects;
    this.#selectMessage = new LazyStatement(
      db,
      'SELECT * FROM cost_records WHERE id >= ? AND id < ? AND message_id = ?',
    );
    this.#selectId = new LazyStatement(db, 'SELECT * FROM cost_records WHERE id = ?');
    this.#selectCalledAt = new LazyStatement(
      db,
      'SELECT min(called_at_ms) AS at_ms FROM tool_uses WHERE record_seq = ? AND name = ?',
    );
    this.#insert = new LazyStatement(
      db,
      `INSERT INTO cost_records (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map(() => '?').join(', ')})`,
    );
    const changing = COLUMNS.filter((name) => name !== 'id' && name !== 'hook_event_id');
    this.#update = new LazyStatement(
      db,
      `UPDATE cost_records SET ${changing.map((name) => `${name} = @${name}`).join(', ')} WHERE seq = @seq`,
    );
    this.#delete = new LazyStatement(db, 'DELETE FROM cost_records WHERE seq = ?');
    this.#forget = new LazyStatement(db, 'DELETE FROM removed_records WHERE seq = ?');
  }

  /** The rows of the draft's message, its own among them. */
  siblings(draft: UnpricedRecord): RecordRow[] {
    if (draft.messageId === null) {
      const row = this.#selectId.get(draft.id);
      return row === undefined ? [] : [row];
    }
    const { from, before } = messageRange(draft.messageId);
    return this.#selectMessage.all(from, before, draft.messageId);
  }

  /** What a row tells, to be merged with `other`: when its tool was called matters where they differ. */
  knownOf(row: RecordRow, other?: UnpricedRecord): UnpricedRecord {
    const known = draftOf(row);
    if (known.toolName === null || other?.toolName === null) return known;
    if (other?.toolName === known.toolName) return known;
    const toolAtMs = this.#selectCalledAt.get(row.seq, known.toolName)?.at_ms ?? null;
    return { ...known, toolAtMs };
  }

  /** @returns the row's number */
  insert(draft: UnpricedRecord): number {
    const columns = columnsOf(draft, priceRecord(draft, this.#prices));
    const values: unknown[] = [];
    // By position: looking up forty names takes longer than writing the row.
    for (const name of DRAFT_COLUMNS) values.push(columns[name]);
    values.push(this.#projects.idOf(draft.holding.cwd), this.hookEventId);
    return Number(this.#insert.run(...values).lastInsertRowid);
  }

  update(row: RecordRow, draft: UnpricedRecord): void {
    const columns = columnsOf(draft, priceRecord(draft, this.#prices));
    // Found by another way than the lines of this request; a line without them can't unsay them.
    if (columns.session_id === row.session_id && columns.agent_id === row.agent_id) {
      columns.prompt_id ??= row.prompt_id;
      columns.agent_type ??= row.agent_type;
    }
    preferBetterPrice(columns, row);
    const project_id = this.#projects.idOf(draft.holding.cwd);
    const next: Partial<RecordRow> = { ...columns, project_id };
    const names = Object.keys(next) as (keyof RecordRow)[];
    if (names.every((name) => next[name] === row[name])) return;
    this.#update.run({ ...next, seq: row.seq });
  }

  /** Takes out a row on purpose: what it told is told by another. */
  drop(seq: number): void {
    this.#delete.run(seq);
    this.#forget.run(seq);
  }
}
