import type { LossSource } from '../../core/client/total-sources.ts';
import type { Spend } from '../../core/budget/spend.ts';
import { type AuxiliaryCounts, countAuxiliary } from '../client/auxiliary-counts.ts';
import type { Ledger } from '../connection/open.ts';
import { withTranscripts } from './transcripts.ts';

/** A request that was in the ledger, or should be, and is missing. */
export interface LostRecord extends Spend {
  id: string;
  /** The vendor's request id. */
  traceId: string | null;
  sessionId: string;
  model: string;
  occurredAtMs: number;
  /** The source that shows that it was lost. */
  toldBy: LossSource;
}

/** The contents of the transcripts that still exist. */
export interface Reread {
  /** Requests that are missing in the ledger although it has read past them. */
  lost: LostRecord[];
  /** Request ids of all requests in the transcripts. */
  traceIds: Set<string>;
  /** Sessions with at least one existing transcript. */
  sessions: Set<string>;
  /** Includes evidence from before the ledger stored it. */
  evidence: Map<string, AuxiliaryCounts>;
}

const COLUMNS = (row: string): string => `${row}.id, ${row}.trace_id AS traceId,
  ${row}.session_id AS sessionId, ${row}.model, ${row}.occurred_at_ms AS occurredAtMs,
  coalesce(${row}.cost_nano_usd, 0) AS costNanoUsd, ${row}.input_tokens AS inputTokens,
  ${row}.output_tokens AS outputTokens, ${row}.cache_read_tokens AS cacheReadTokens,
  ${row}.web_search_requests AS webSearchRequests`;

/** Rows that were deleted from the ledger by something other than tallyhook. */
export function removedRecords(db: Ledger): LostRecord[] {
  return lostRows(
    db,
    `SELECT ${COLUMNS('l')}, l.cache_write_tokens AS cacheWriteTokens, 'ledger' AS toldBy
     FROM removed_records l
     WHERE NOT EXISTS (SELECT 1 FROM cost_records r WHERE r.id = l.id)
       AND NOT EXISTS (SELECT 1 FROM replays p WHERE p.id = l.id)
     ORDER BY l.occurred_at_ms, l.id`,
  );
}

/**
 * Compares a ledger with one newly built from the transcripts that exist.
 * @param fresh the new ledger; the other one is attached to it
 */
export function reread(fresh: Ledger, ledgerPath: string): Reread {
  return withTranscripts(fresh, ledgerPath, () => ({
    evidence: countAuxiliary(fresh, null),
    lost: lostRows(
      fresh,
      `SELECT ${COLUMNS('f')}, f.cache_write_5m_tokens + f.cache_write_1h_tokens AS cacheWriteTokens,
         'transcript' AS toldBy
       FROM main.cost_records f
       WHERE NOT EXISTS (SELECT 1 FROM ledger.cost_records l WHERE l.id = f.id)
         AND NOT EXISTS (SELECT 1 FROM ledger.replays p WHERE p.id = f.id)
         AND f.session_id NOT IN (SELECT session_id FROM unread)
       ORDER BY f.occurred_at_ms, f.id`,
    ),
    traceIds: new Set(
      fresh
        .prepare('SELECT DISTINCT trace_id FROM main.cost_records WHERE trace_id IS NOT NULL')
        .pluck()
        .all() as string[],
    ),
    sessions: new Set(
      fresh.prepare('SELECT DISTINCT session_id FROM main.transcripts').pluck().all() as string[],
    ),
  }));
}

function lostRows(db: Ledger, sql: string): LostRecord[] {
  const rows = db.prepare(sql).safeIntegers().all() as (Omit<LostRecord, 'occurredAtMs'> & {
    occurredAtMs: bigint;
  })[];
  return rows.map((row) => ({ ...row, occurredAtMs: Number(row.occurredAtMs) }));
}
