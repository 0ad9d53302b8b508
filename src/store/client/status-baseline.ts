import type { ClientStatus } from '../../core/client/status.ts';
import { DAY_MS } from '../../core/time/units.ts';
import type { Ledger } from '../connection/open.ts';

type Counter = Pick<ClientStatus, 'costNanoUsd' | 'durationMs' | 'apiDurationMs'>;

interface Stored {
  cost: number | null;
  baseline: number;
  highest: number | null;
  seen: number;
}

const SELECT_STORED = `SELECT cost_nano_usd AS cost, baseline_nano_usd AS baseline,
 highest_cost_nano_usd AS highest, seen_at_ms AS seen FROM client_status WHERE session_id = ?`;
const SELECT_SPENT = 'SELECT cost_nano_usd FROM sessions WHERE session_id = ?';

/**
 * Whether another session has shown this counter since the session's last status: it has not changed since, or
 * both started at the same time (a status is computed up to two seconds before it is seen). For its first status
 * also whether the counter is older than the session: by ten seconds if the hook saw the session start, by twelve
 * hours if only its first line is known, because a client may wait long for that.
 */
const IS_CONTINUED = `SELECT EXISTS (SELECT 1 FROM client_status
 WHERE session_id <> @id AND seen_at_ms >= @from AND cost_nano_usd <= @cost
 AND (cost_nano_usd = @cost AND api_duration_ms = @api
 OR abs(seen_at_ms - duration_ms - @start) <= 2000))
 OR @since = 0 AND @start < coalesce((SELECT min(arrived_at_ms) - 10000
 FROM (SELECT * FROM hook_events ORDER BY id DESC LIMIT 200)
 WHERE session_id = @id AND name = 'SessionStart'),
 (SELECT born_at_ms - 43200000 FROM sessions WHERE session_id = @id AND parent_session_id IS NULL), @start)`;

/**
 * The part of a client's counter that was spent before the session began in that client, nano-USD. When a session
 * continues a counter, what the client spent for it until the first status is not known and not counted.
 */
export function findBaseline(db: Ledger, id: string, counter: Counter, nowMs: number): number {
  const stored = db.prepare(SELECT_STORED).get(id) as Stored | undefined;
  const { costNanoUsd: cost, durationMs, apiDurationMs: api } = counter;
  const { baseline, highest, seen: since, cost: before } = stored ?? NONE;
  if (cost === null) return baseline;
  const start = nowMs - (durationMs ?? 0);
  // Not all that were ever stored: those that this client can have shown, or of the last day.
  const from = Math.max(since, Math.min(start, nowMs - DAY_MS));
  const facts = { id, cost, api, since, start, from };
  if (db.prepare(IS_CONTINUED).pluck().get(facts) === 1) {
    const spent = db.prepare(SELECT_SPENT).pluck().get(id) as number | undefined;
    return Math.max(0, cost - Math.max(highest ?? 0, spent ?? 0));
  }
  // Below what it was, the counter has started again.
  return cost < (before ?? 0) ? 0 : baseline;
}

const NONE: Stored = { cost: null, baseline: 0, highest: null, seen: 0 };
