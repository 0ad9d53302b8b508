import type { UnpricedRecord } from '../../core/record/cost-record.ts';
import { knownAgentType } from '../../core/record/agent-type.ts';
import { type RecordRow, WRITTEN_COLUMNS } from '../../core/record/record-columns.ts';
import { countsRange, messageRange, placeholderIdentity } from '../../core/record/identity.ts';
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
/** Without the other requests of the message's id that have no request id: a gateway may send one id for all. */
const SELECT_RELATED: Sql<[string, string, string, string, string, string, string], RecordRow> =
  `SELECT * FROM cost_records WHERE message_id = ? AND (id = ? OR id = ?
    OR (id >= ? AND id < ?) OR (id >= ? AND id < ?))`;
const SELECT_HOSTS: Sql<[string, string, string, string], RecordRow> =
  `SELECT * FROM cost_records WHERE id >= ? AND id < ? AND message_id = ? AND id <> ?
    AND source <> 'payload' AND id NOT LIKE '%#%' ORDER BY id LIMIT 2`;
const MOVE_CALLS: Sql<[number, number]> =
  'UPDATE OR IGNORE tool_uses SET record_seq = ? WHERE record_seq = ?';
const MOVE_STEPS: Sql<[number, number]> =
  'UPDATE attribution_steps SET record_seq = ? WHERE record_seq = ?';
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
  #hookEventId: number | null = null;
  /** When the tool of a row written in this transaction was called: its calls are written later. */
  readonly #toolTimes = new Map<number, Pick<UnpricedRecord, 'toolName' | 'toolAtMs'>>();

  constructor(db: Ledger, prices: PriceTable, projects: SessionProjects) {
    this.#db = db;
    this.#prices = prices;
    this.#projects = projects;
  }

  /** @param hookEventId the event that reports the rows that will be written */
  begin(hookEventId: number | null): void {
    this.#hookEventId = hookEventId;
    this.#toolTimes.clear();
  }

  find(id: string): RecordRow | undefined {
    return prepared(this.#db, SELECT_ID).get(id);
  }

  /** The rows that the draft may belong to, or replace, including its own. */
  siblings({ id, messageId, requestId }: UnpricedRecord): RecordRow[] {
    if (messageId === null) {
      const row = this.find(id);
      return row === undefined ? [] : [row];
    }
    const { from, before } = messageRange(messageId);
    const counts = countsRange(messageId);
    if (requestId !== null || id < counts.from || id >= counts.before) {
      return prepared(this.#db, SELECT_MESSAGE).all(from, before, messageId);
    }
    const other = placeholderIdentity(messageId);
    const ranges = [from, counts.from, counts.before, before] as const;
    return prepared(this.#db, SELECT_RELATED).all(messageId, id, other, ...ranges);
  }

  /** The requests that placeholders of a message may belong to: at most two, by id. */
  hosts(messageId: string): RecordRow[] {
    const { from, before } = messageRange(messageId);
    const placeholder = placeholderIdentity(messageId);
    return prepared(this.#db, SELECT_HOSTS).all(from, before, messageId, placeholder);
  }

  /** Deletes a row whose lines belong to another one. */
  moveInto(row: RecordRow, hostSeq: number): void {
    prepared(this.#db, MOVE_CALLS).run(hostSeq, row.seq);
    prepared(this.#db, MOVE_STEPS).run(hostSeq, row.seq);
    this.drop(row.seq);
  }

  /**
   * The draft of a row, for merging with `other`. If both called a tool, it includes the time of the call.
   */
  toUnpriced(row: RecordRow, other?: UnpricedRecord): UnpricedRecord {
    const draft = toUnpricedRecord(row);
    if (draft.toolName === null) return draft;
    const recent = this.#toolTimes.get(row.seq);
    if (recent?.toolName === draft.toolName) return { ...draft, toolAtMs: recent.toolAtMs };
    if (other?.toolName === null) return draft;
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
    values.push(this.#findProject(draft), this.#hookEventId);
    const seq = Number(prepared(this.#db, INSERT).run(...values).lastInsertRowid);
    this.#noteTool(seq, draft);
    return seq;
  }

  update(row: RecordRow, draft: UnpricedRecord): void {
    this.#noteTool(row.seq, draft);
    const columns = toColumns(draft, priceRecord(draft, this.#prices));
    // These may come from another source than the lines of this request, so a line without them keeps
    // them.
    if (columns.session_id === row.session_id && columns.agent_id === row.agent_id) {
      columns.prompt_id ??= row.prompt_id;
      if (!draft.claim.isMainThread) {
        columns.agent_type = knownAgentType(columns.agent_type) ?? row.agent_type;
      }
    }
    preferBetterPrice(columns, row);
    this.#projects.touch(row.session_id);
    const project_id = this.#findProject(draft);
    const next: Partial<RecordRow> = { ...columns, project_id };
    const names = Object.keys(next) as (keyof RecordRow)[];
    if (names.every((name) => next[name] === row[name])) return;
    prepared(this.#db, UPDATE).run({ ...next, seq: row.seq });
  }

  #noteTool(seq: number, { toolName, toolAtMs }: UnpricedRecord): void {
    if (toolName !== null && toolAtMs !== null) this.#toolTimes.set(seq, { toolName, toolAtMs });
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
