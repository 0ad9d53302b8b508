import type { UnpricedRecord } from '../../core/record/cost-record.ts';
import type { Extraction, ToolResultDraft, ToolUseDraft } from '../../core/extract/extraction.ts';
import { isPlaceholder } from '../../core/record/identity.ts';
import type { PriceTable } from '../../pricing/cost.ts';
import { parseThreadState } from '../../core/transcript/thread.ts';
import { AgentWriter } from './agents.ts';
import type { EventDraft, TranscriptBatch, TranscriptCursor } from './batch.ts';
import { type Sql, prepared } from '../connection/prepared.ts';
import type { Ledger } from '../connection/open.ts';
import { ProjectWriter, type ResolveProject } from './projects.ts';
import { SessionProjects } from './session-projects.ts';
import { RecordWriter } from '../records/writer.ts';
import { RollupWriter } from '../rollups/writer.ts';
import { StepWriter, plainToolUse } from './steps.ts';
import { ToolWriter } from './tools.ts';

/** Everything that one transaction writes. */
export interface LedgerWrite {
  batches: TranscriptBatch[];
  event: EventDraft | null;
  /** A request that the event itself reports, while no transcript does. */
  payloadRecord: UnpricedRecord | null;
  toolResult: ToolResultDraft | null;
  /** Written late from the spool: its content counts even if the cursor has moved on. */
  isSpooled: boolean;
}

export interface WriteOutcome {
  /** Paths whose cursor another process had moved: nothing of these was written; read them again. */
  lost: string[];
  addedRequests: number;
  knownRequests: number;
}

interface CursorRow {
  id: number;
  path: string;
  session_id: string | null;
  identity: string;
  size_bytes: number;
  modified_at_ms: number;
  cursor_bytes: number;
  tail_hash: string;
  state_json: string | null;
}

const SELECT_CURSOR: Sql<[string], CursorRow> = `SELECT t.*, s.state_json FROM transcripts t
  LEFT JOIN thread_state s ON s.transcript_id = t.id
  WHERE t.path = ?`;
const SELECT_MODEL: Sql<[string], { model_raw: string }> =
  'SELECT model_raw FROM cost_records WHERE session_id = ? ORDER BY occurred_at_ms DESC LIMIT 1';
const ANY_PENDING: Sql<[]> = 'SELECT 1 FROM rollup_pending LIMIT 1';
const PUT_TRANSCRIPT = `INSERT INTO transcripts
    (path, session_id, identity, size_bytes, modified_at_ms, cursor_bytes, tail_hash, client)
  VALUES (@path, @sessionId, @identity, @sizeBytes, @modifiedAtMs, @toBytes, @tailHash, @client)
  ON CONFLICT DO UPDATE SET identity = excluded.identity, size_bytes = excluded.size_bytes,
    session_id = excluded.session_id, modified_at_ms = excluded.modified_at_ms,
    cursor_bytes = excluded.cursor_bytes, tail_hash = excluded.tail_hash
  RETURNING id`;
const PUT_STATE =
  'INSERT INTO thread_state VALUES (?, ?) ON CONFLICT DO UPDATE SET state_json = excluded.state_json';
const PUT_BIRTH = `INSERT INTO sessions (session_id, born_at_ms) VALUES (@sessionId, @bornAtMs)
  ON CONFLICT DO UPDATE SET born_at_ms = excluded.born_at_ms
  WHERE born_at_ms IS NULL OR born_at_ms > excluded.born_at_ms`;
const PUT_PARENT: Sql<[string, string]> =
  `INSERT INTO sessions (session_id, parent_session_id) VALUES (?, ?)
  ON CONFLICT DO UPDATE SET parent_session_id = excluded.parent_session_id`;
const PUT_CLIENT_TOTAL = `INSERT OR REPLACE INTO client_totals VALUES (@sessionId, @model,
  @startedAtMs, @elapsedMs, @costNanoUsd, @inputTokens, @outputTokens, @cacheReadTokens,
  @cacheWriteTokens, @webSearchRequests, @reportedAtMs)`;
const PUT_AUXILIARY = `INSERT INTO auxiliary_requests VALUES (@sessionId, @kind, @key, @requests, @atMs)
  ON CONFLICT DO UPDATE SET at_ms = excluded.at_ms WHERE at_ms > excluded.at_ms`;
const INSERT_EVENT: Sql<[EventDraft], { id: number }> = `INSERT INTO hook_events
    (key, name, client, session_id, agent_id, tool_name, tool_use_id, arrived_at_ms, duration_ms)
  VALUES (@key, @name, @client, @sessionId, @agentId, @toolName, @toolUseId, @arrivedAtMs, @durationMs)
  ON CONFLICT DO UPDATE SET key = key RETURNING id`;

/**
 * Writes what was read from transcripts and events. Parsing happens before; a write is one IMMEDIATE
 * transaction.
 */
export class LedgerWriter {
  readonly db: Ledger;
  readonly #records: RecordWriter;
  readonly #tools: ToolWriter;
  readonly #agents: AgentWriter;
  readonly #projects: SessionProjects;
  readonly #rollups: RollupWriter;
  readonly #steps: StepWriter;

  constructor(db: Ledger, prices: PriceTable, resolveProject: ResolveProject) {
    this.db = db;
    this.#projects = new SessionProjects(db, new ProjectWriter(db, resolveProject));
    this.#records = new RecordWriter(db, prices, this.#projects);
    this.#tools = new ToolWriter(db);
    this.#agents = new AgentWriter(db);
    this.#rollups = new RollupWriter(db);
    this.#steps = new StepWriter(db);
  }

  getCursor(path: string): TranscriptCursor | null {
    const row = prepared(this.db, SELECT_CURSOR).get(path);
    return row === undefined ? null : cursorFromRow(row);
  }

  /** Updates the sums after a migration that changed records. */
  settleSums(): void {
    if (prepared(this.db, ANY_PENDING).get() === undefined) return;
    this.db.transaction(() => this.#rollups.flush()).immediate();
  }

  /** The model of a session's latest request, as it was sent. */
  getLastModel(sessionId: string | null): string | null {
    if (sessionId === null) return null;
    return prepared(this.db, SELECT_MODEL).get(sessionId)?.model_raw ?? null;
  }

  /** Whether the request that made this tool call is recorded. */
  hasToolCall(toolUseId: string): boolean {
    return this.#records.hasTranscriptCall(toolUseId);
  }

  /** @throws SQLite's own error; then nothing was written */
  write(work: LedgerWrite): WriteOutcome {
    try {
      return this.db.transaction(() => this.#write(work)).immediate();
    } catch (error) {
      this.#projects.begin();
      throw error;
    }
  }

  #write(work: LedgerWrite): WriteOutcome {
    this.#projects.begin();
    const event = work.event === null ? undefined : prepared(this.db, INSERT_EVENT).get(work.event);
    this.#records.begin(event?.id ?? null);
    this.#tools.begin();
    const lost: string[] = [];
    for (const batch of work.batches) {
      const moved = this.#moveCursor(batch);
      if (moved !== null || work.isSpooled) this.#writeBatch(batch, moved);
      else lost.push(batch.path);
    }
    if (work.payloadRecord !== null) this.#writePayload(work.payloadRecord, work.event);
    if (work.toolResult !== null) this.#tools.putResults([work.toolResult]);
    this.#projects.settle();
    this.#rollups.flush();
    return { lost, addedRequests: this.#records.added, knownRequests: this.#records.known };
  }

  /**
   * Compare-and-swap.
   * @returns the transcript's row; null if the cursor is no longer the one that was read
   */
  #moveCursor(batch: TranscriptBatch): number | null {
    const stored = prepared(this.db, SELECT_CURSOR).get(batch.path)?.cursor_bytes ?? null;
    if (stored !== batch.expectedCursorBytes) return null;
    const row = prepared(this.db, PUT_TRANSCRIPT).get({ client: 'claude-code', ...batch }) as {
      id: number;
    };
    prepared(this.db, PUT_STATE).run(row.id, JSON.stringify(batch.state));
    return row.id;
  }

  /** @param movedId the transcript's row, if its cursor was just moved */
  #writeBatch({ path, state, extraction }: TranscriptBatch, movedId: number | null): void {
    const seqs = this.#writeExtraction(extraction);
    if (extraction.steps.length === 0 && extraction.pullRequests.length === 0) return;
    const transcriptId = movedId ?? prepared(this.db, SELECT_CURSOR).get(path)?.id;
    // Spooled before the ledger contained the file: its steps are written when the file is read from its
    // start.
    if (transcriptId === undefined) return;
    this.#steps.put(extraction, { transcriptId, generation: state.trace.generation }, seqs);
  }

  /** @returns the rows of its requests, by request id */
  #writeExtraction(extraction: Extraction): Map<string, number> {
    for (const birth of extraction.births) {
      if (prepared(this.db, PUT_BIRTH).run(birth).changes > 0)
        this.#records.reconsiderOwners(birth.sessionId);
    }
    for (const [sessionId, parent] of extraction.parents)
      prepared(this.db, PUT_PARENT).run(sessionId, parent);
    const agents = [...extraction.agents.values()];
    this.#agents.put(agents);
    const seqs = new Map<string, number>();
    for (const draft of placeholdersLast(extraction.records.values())) {
      const seq = this.#records.write(draft);
      if (seq !== null) seqs.set(draft.id, seq);
    }
    const calls: [number, ToolUseDraft][] = [];
    for (const call of extraction.toolUses) {
      const recordSeq = seqs.get(call.recordId);
      if (recordSeq !== undefined) calls.push([recordSeq, call]);
    }
    const results = new Map(extraction.toolResults.map((result) => [result.toolUseId, result]));
    const uses = calls.map(([, call]) => call);
    this.#records.replacePayloads(uses);
    this.#tools.putCalls(calls, results);
    this.#tools.putResults(results.values());
    this.#agents.settle(agents);
    this.#agents.settleSpawned(uses);
    for (const total of extraction.clientTotals) {
      // A total that an earlier version spooled has no time.
      prepared(this.db, PUT_CLIENT_TOTAL).run({
        ...total,
        reportedAtMs: total.reportedAtMs ?? null,
      });
    }
    for (const auxiliary of extraction.asides) prepared(this.db, PUT_AUXILIARY).run(auxiliary);
    return seqs;
  }

  #writePayload(draft: UnpricedRecord, event: EventDraft | null): void {
    const toolUseId = event?.toolUseId ?? null;
    if (toolUseId !== null && this.#records.hasTranscriptCall(toolUseId)) return;
    // A payload without a model belongs to its session's, which may have come with this event.
    const modelRaw = draft.modelRaw || (this.getLastModel(draft.claim.sessionId) ?? 'unknown');
    const recordSeq = this.#records.write({ ...draft, modelRaw });
    if (recordSeq === null || toolUseId === null) return;
    const call = plainToolUse({
      recordId: draft.id,
      toolUseId,
      name: event?.toolName ?? 'unknown',
      calledAtMs: draft.occurredAtMs,
    });
    this.#tools.putCalls([[recordSeq, call]], new Map());
  }
}

/** Written first, a placeholder's row would be replaced while its calls still refer to it. */
function placeholdersLast(drafts: Iterable<UnpricedRecord>): UnpricedRecord[] {
  const placeholders: UnpricedRecord[] = [];
  const others: UnpricedRecord[] = [];
  for (const draft of drafts) (isPlaceholder(draft.id) ? placeholders : others).push(draft);
  return placeholders.length === 0 ? others : [...others, ...placeholders];
}

function cursorFromRow(row: CursorRow): TranscriptCursor {
  return {
    path: row.path,
    sessionId: row.session_id,
    identity: row.identity,
    sizeBytes: row.size_bytes,
    modifiedAtMs: row.modified_at_ms,
    cursorBytes: row.cursor_bytes,
    tailHash: row.tail_hash,
    state: parseThreadState(row.state_json),
  };
}
