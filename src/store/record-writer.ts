import {
  type Claimant,
  type Holding,
  type RecordDraft,
  mergeDrafts,
  mergeHoldings,
  ownsRather,
} from '../core/cost-record.ts';
import { baseIdentity, messageRange } from '../core/identity.ts';
import type { PriceTable } from '../core/price.ts';
import { priceRecord } from '../core/priced.ts';
import { LazyStatement } from './lazy-statement.ts';
import type { Ledger } from './open.ts';
import { keepBetterPrice } from './price-precedence.ts';
import type { ProjectWriter } from './project-writer.ts';
import { type DraftColumns, type RecordRow, columnsOf, draftOf } from './rows.ts';

const DRAFT_COLUMNS: (keyof DraftColumns)[] = [
  'id',
  'message_id',
  'occurred_at_ms',
  'described_at_ms',
  'session_id',
  'prompt_id',
  'agent_id',
  'agent_type',
  'holding_flags',
  'client',
  'client_version',
  'model',
  'model_raw',
  'provider',
  'model_class',
  'task_type',
  'input_tokens',
  'output_tokens',
  'cache_read_tokens',
  'cache_write_5m_tokens',
  'cache_write_1h_tokens',
  'web_search_requests',
  'service_tier',
  'speed',
  'inference_geo',
  'cost_nano_usd',
  'input_cost_nano_usd',
  'output_cost_nano_usd',
  'cache_read_cost_nano_usd',
  'cache_write_cost_nano_usd',
  'web_search_cost_nano_usd',
  'price_id',
  'price_basis',
  'price_dated',
  'is_output_final',
  'tool_name',
  'trace_id',
  'cwd',
  'git_branch',
  'source',
  'metadata',
];
const COLUMNS = [...DRAFT_COLUMNS, 'project_id', 'hook_event_id'] as const;

/** Writes drafts under the rules of identity, merging and ownership; inside a transaction. */
export class RecordWriter {
  readonly #prices: PriceTable;
  readonly #projects: ProjectWriter;
  readonly #selectMessage: LazyStatement<[string, string, string], RecordRow>;
  readonly #selectId: LazyStatement<[string], RecordRow>;
  readonly #insert: LazyStatement;
  readonly #update: LazyStatement;
  readonly #delete: LazyStatement<[number]>;
  readonly #forget: LazyStatement<[number]>;
  readonly #selectHolder: LazyStatement<[number, string], { holding_json: string }>;
  readonly #selectHolders: LazyStatement<[number], { holding_json: string }>;
  readonly #putHolder: LazyStatement<[number, string, string]>;
  readonly #dropHolder: LazyStatement<[number, string]>;
  readonly #selectHeld: LazyStatement<[string], RecordRow>;
  readonly #selectBirth: LazyStatement<[string], { born_at_ms: number | null }>;
  readonly #setParent: LazyStatement<[string, string]>;
  readonly #putReplay: LazyStatement<[string, string, string]>;
  readonly #takeReplay: LazyStatement<[string, string], { draft_json: string }>;
  readonly #anyReplay: LazyStatement<[]>;
  readonly #anyPayload: LazyStatement<[]>;
  readonly #selectPayloads: LazyStatement<[string], { seq: number }>;
  readonly #selectCall: LazyStatement<[string]>;
  readonly #selectCalledAt: LazyStatement<[number, string], { at_ms: number | null }>;
  /** The event that brought the rows being written. */
  hookEventId: number | null = null;
  added = 0;
  known = 0;
  /** False where no replay waits: as a rule there are none, and nobody need ask at every request. */
  hasReplays = true;

  constructor(db: Ledger, prices: PriceTable, projects: ProjectWriter) {
    this.#prices = prices;
    this.#projects = projects;
    this.#selectMessage = new LazyStatement(
      db,
      'SELECT * FROM cost_records WHERE id >= ? AND id < ? AND message_id = ?',
    );
    this.#selectId = new LazyStatement(db, 'SELECT * FROM cost_records WHERE id = ?');
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
    this.#selectHolder = new LazyStatement(
      db,
      'SELECT holding_json FROM record_holders WHERE record_seq = ? AND session_id = ?',
    );
    this.#selectHolders = new LazyStatement(
      db,
      'SELECT holding_json FROM record_holders WHERE record_seq = ?',
    );
    this.#putHolder = new LazyStatement(
      db,
      'INSERT INTO record_holders VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET holding_json = excluded.holding_json',
    );
    this.#dropHolder = new LazyStatement(
      db,
      'DELETE FROM record_holders WHERE record_seq = ? AND session_id = ?',
    );
    this.#selectHeld = new LazyStatement(
      db,
      'SELECT r.* FROM record_holders h JOIN cost_records r ON r.seq = h.record_seq WHERE h.session_id = ?',
    );
    this.#putReplay = new LazyStatement(db, 'INSERT INTO replays VALUES (?, ?, ?)');
    this.#takeReplay = new LazyStatement(
      db,
      'DELETE FROM replays WHERE id = ? AND session_id = ? RETURNING draft_json',
    );
    this.#anyReplay = new LazyStatement(db, 'SELECT 1 FROM replays LIMIT 1');
    this.#anyPayload = new LazyStatement(
      db,
      `SELECT 1 FROM cost_records WHERE source = 'payload' LIMIT 1`,
    );
    const calls = `SELECT r.seq FROM tool_uses t JOIN cost_records r ON r.seq = t.record_seq
      WHERE t.tool_use_id = ? AND r.source`;
    this.#selectPayloads = new LazyStatement(db, `${calls} = 'payload'`);
    this.#selectCall = new LazyStatement(db, `${calls} <> 'payload' LIMIT 1`);
    this.#selectCalledAt = new LazyStatement(
      db,
      'SELECT min(called_at_ms) AS at_ms FROM tool_uses WHERE record_seq = ? AND name = ?',
    );
    this.#selectBirth = new LazyStatement(
      db,
      'SELECT born_at_ms FROM sessions WHERE session_id = ?',
    );
    this.#setParent = new LazyStatement(
      db,
      'UPDATE sessions SET parent_session_id = ? WHERE session_id = ? AND parent_session_id IS NULL',
    );
  }

  /** At the start of a transaction: nobody else writes until its end. */
  begin(hookEventId: number | null): void {
    this.hookEventId = hookEventId;
    this.added = 0;
    this.known = 0;
    this.hasReplays = this.#anyReplay.get() !== undefined;
  }

  /** A transcript now holds these calls: what a payload had told of them is told better. */
  replacePayloads(calls: Iterable<{ toolUseId: string }>): void {
    if (this.#anyPayload.get() === undefined) return;
    for (const { toolUseId } of calls) {
      for (const { seq } of this.#selectPayloads.all(toolUseId)) this.#drop(seq);
    }
  }

  /** Whether a transcript's record made this tool call. */
  hasTranscriptCall(toolUseId: string): boolean {
    return this.#selectCall.get(toolUseId) !== undefined;
  }

  /** @returns the row's number; null where the draft is a replay of a request already there */
  write(found: RecordDraft): number | null {
    const siblings = this.#siblings(found);
    const own = siblings.find((row) => row.id === found.id);
    if (found.messageId !== null && this.#isReplay(found, siblings, own)) return null;
    const draft = this.#withReplay(found);
    if (own === undefined) return this.#insertDraft(draft);
    this.known++;
    if (own.session_id === draft.holding.sessionId) {
      this.#updateRow(own, mergeDrafts(this.#knownOf(own, draft), draft));
    } else {
      this.#mergeAcrossSessions(own, draft);
    }
    return own.seq;
  }

  /** A session turned out to be born earlier than was known: it may own what it holds. */
  reconsiderOwners(sessionId: string): void {
    for (const row of this.#selectHeld.all(sessionId)) {
      const holding = this.#holderOf(row, sessionId);
      if (holding !== null) this.#settleOwner(row, draftOf(row), holding);
    }
  }

  #siblings(draft: RecordDraft): RecordRow[] {
    if (draft.messageId === null) {
      const row = this.#selectId.get(draft.id);
      return row === undefined ? [] : [row];
    }
    const { from, before } = messageRange(draft.messageId);
    return this.#selectMessage.all(from, before, draft.messageId);
  }

  /**
   * Settles a draft with the other requests of its message id: a payload's record gives way to
   * the transcript's; a subagent's copy of what its session's main transcript holds is a replay,
   * in whatever order the two come.
   */
  #isReplay(draft: RecordDraft, siblings: RecordRow[], own: RecordRow | undefined): boolean {
    const { sessionId, isInMainFile } = draft.holding;
    const isKnownToMain = own !== undefined && this.#heldBy(own, sessionId)?.isInMainFile === true;
    const base = baseIdentity(draft.id);
    for (const row of siblings) {
      if (baseIdentity(row.id) === base) continue;
      if (draft.source === 'payload') return true;
      if (row.source === 'payload') {
        this.#drop(row.seq);
        continue;
      }
      const held = this.#heldBy(row, sessionId);
      if (held === null) continue;
      if (held.isInMainFile && !isInMainFile && !isKnownToMain) {
        this.#setAside(draft);
        return true;
      }
      if (!held.isInMainFile && isInMainFile) this.#release(row, held);
    }
    return false;
  }

  /** What a row tells, to be merged with `other`: when its tool was called matters where they differ. */
  #knownOf(row: RecordRow, other?: RecordDraft): RecordDraft {
    const known = draftOf(row);
    if (known.toolName === null || other?.toolName === null) return known;
    if (other?.toolName === known.toolName) return known;
    const toolAtMs = this.#selectCalledAt.get(row.seq, known.toolName)?.at_ms ?? null;
    return { ...known, toolAtMs };
  }

  #heldBy(row: RecordRow, sessionId: string): Holding | null {
    return row.session_id === sessionId ? draftOf(row).holding : this.#holderOf(row, sessionId);
  }

  #setAside(draft: RecordDraft): void {
    this.hasReplays = true;
    const known = this.#takeReplay.get(draft.id, draft.holding.sessionId);
    const merged = known === undefined ? draft : mergeDrafts(parseDraft(known), draft);
    this.#putReplay.run(draft.id, draft.holding.sessionId, JSON.stringify(merged));
  }

  /** What was set aside of a request that turns out to be the main thread's. */
  #withReplay(draft: RecordDraft): RecordDraft {
    if (!draft.holding.isInMainFile || !this.hasReplays) return draft;
    const replay = this.#takeReplay.get(draft.id, draft.holding.sessionId);
    return replay === undefined ? draft : mergeDrafts(draft, parseDraft(replay));
  }

  /** Takes a request out of a session that only replayed it. */
  #release(row: RecordRow, held: Holding): void {
    const { sessionId } = held;
    this.#setAside({ ...this.#knownOf(row), holding: held });
    if (row.session_id !== sessionId) {
      this.#dropHolder.run(row.seq, sessionId);
      return;
    }
    const others = this.#selectHolders.all(row.seq).map((holder) => parseHolding(holder));
    const heir = others.reduce<Holding | null>(
      (best, other) => (best === null || this.#owns(other, best) ? other : best),
      null,
    );
    if (heir === null) {
      this.#drop(row.seq);
      return;
    }
    this.#dropHolder.run(row.seq, heir.sessionId);
    this.#updateRow(row, { ...draftOf(row), holding: heir });
  }

  /** Takes out a row on purpose: what it told is told by another. */
  #drop(seq: number): void {
    this.#delete.run(seq);
    this.#forget.run(seq);
  }

  #insertDraft(draft: RecordDraft): number {
    this.added++;
    const columns = columnsOf(draft, priceRecord(draft, this.#prices));
    const values: unknown[] = [];
    // By position: looking up forty names takes longer than writing the row.
    for (const name of DRAFT_COLUMNS) values.push(columns[name]);
    values.push(this.#projects.idOf(draft.holding.cwd), this.hookEventId);
    return Number(this.#insert.run(...values).lastInsertRowid);
  }

  #updateRow(row: RecordRow, draft: RecordDraft): void {
    const columns = columnsOf(draft, priceRecord(draft, this.#prices));
    // Found by another way than the lines of this request; a line without them can't unsay them.
    if (columns.session_id === row.session_id && columns.agent_id === row.agent_id) {
      columns.prompt_id ??= row.prompt_id;
      columns.agent_type ??= row.agent_type;
    }
    keepBetterPrice(columns, row);
    const project_id = this.#projects.idOf(draft.holding.cwd);
    const next: Partial<RecordRow> = { ...columns, project_id };
    const names = Object.keys(next) as (keyof RecordRow)[];
    if (names.every((name) => next[name] === row[name])) return;
    this.#update.run({ ...next, seq: row.seq });
  }

  #mergeAcrossSessions(own: RecordRow, draft: RecordDraft): void {
    const current = this.#knownOf(own, draft);
    const merged = mergeDrafts(current, { ...draft, holding: current.holding });
    const before = this.#holderOf(own, draft.holding.sessionId);
    const holding = before === null ? draft.holding : mergeHoldings(before, draft.holding);
    this.#settleOwner(own, merged, holding);
  }

  /** Gives the request to its session or to the one that `holding` tells of, whichever owns it. */
  #settleOwner(row: RecordRow, draft: RecordDraft, holding: Holding): void {
    const isOwner = this.#owns(holding, draft.holding);
    const [owner, loser] = isOwner ? [holding, draft.holding] : [draft.holding, holding];
    if (isOwner) this.#dropHolder.run(row.seq, owner.sessionId);
    this.#putHolder.run(row.seq, loser.sessionId, JSON.stringify(loser));
    this.#updateRow(row, { ...draft, holding: owner });
    this.#setParent.run(owner.sessionId, loser.sessionId);
  }

  #owns(a: Holding, b: Holding): boolean {
    return ownsRather(this.#claimant(a), this.#claimant(b));
  }

  #claimant({ sessionId, isExplicit }: Holding): Claimant {
    const bornAtMs = this.#selectBirth.get(sessionId)?.born_at_ms ?? null;
    return { sessionId, isExplicit, bornAtMs };
  }

  #holderOf(row: RecordRow, sessionId: string): Holding | null {
    const holder = this.#selectHolder.get(row.seq, sessionId);
    return holder === undefined ? null : parseHolding(holder);
  }
}

function parseDraft(replay: { draft_json: string }): RecordDraft {
  return JSON.parse(replay.draft_json) as RecordDraft;
}

function parseHolding(holder: { holding_json: string }): Holding {
  return JSON.parse(holder.holding_json) as Holding;
}
