import type { Ledger } from '../connection/open.ts';

export interface LastModel {
  /** The canonical name. */
  model: string;
  provider: string;
}

/**
 * The model and provider of a thread's latest request; null if it has made none.
 * @param agentId null for the main thread
 */
export function selectLastModel(
  db: Ledger,
  sessionId: string,
  agentId: string | null,
): LastModel | null {
  const row = db
    .prepare(
      `SELECT model, provider FROM cost_records WHERE session_id = ? AND agent_id IS ?
       ORDER BY occurred_at_ms DESC LIMIT 1`,
    )
    .get(sessionId, agentId) as LastModel | undefined;
  return row ?? null;
}

/** The highest cost among a session's last requests, nano-USD; null if none has a cost. */
export function highestRecentCost(db: Ledger, sessionId: string): number | null {
  return db
    .prepare(
      `SELECT max(cost_nano_usd) FROM (SELECT cost_nano_usd FROM cost_records
         WHERE session_id = ? ORDER BY occurred_at_ms DESC LIMIT 20)`,
    )
    .pluck()
    .get(sessionId) as number | null;
}
