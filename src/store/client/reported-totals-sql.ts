/**
 * When a cost-state in `client_totals` was reported. Rows without that time only have how long the
 * counter had run, which gives an earlier time because pauses do not count.
 */
export const REPORTED_AT = 'coalesce(reported_at_ms, started_at_ms + elapsed_ms)';

/** Other sessions, except forks, with a cost-state of the counter of a session `t`. */
const SHARING = `client_totals t JOIN client_totals o ON o.started_at_ms = t.started_at_ms
  AND o.session_id <> t.session_id AND t.started_at_ms > 0 WHERE NOT EXISTS (SELECT 1 FROM sessions f
    WHERE f.session_id = o.session_id AND f.parent_session_id IS NOT NULL)`;
export const SELECT_SHARED = `SELECT DISTINCT t.session_id AS id, o.session_id AS other FROM ${SHARING}
  AND t.session_id IN (SELECT value FROM json_each(?))`;
/** Whether the counter of a session `s` is not its own alone. */
export const SHARES_COUNTER = `EXISTS (SELECT 1 FROM ${SHARING} AND t.session_id = s.session_id)`;

/**
 * Selects the `ForkTimes` of forks `s`. Copied lines in a fork's file keep their times, so its first
 * line may be older than what was copied.
 */
export const FORK_TIMES = `copiedAtMs, iif(bornAtMs > copiedAtMs, bornAtMs, NULL) AS bornAtMs, firstAtMs
  FROM (SELECT s.session_id AS sessionId, s.parent_session_id AS parent, s.born_at_ms AS bornAtMs,
    s.first_at_ms AS firstAtMs, max(
      coalesce((SELECT max(r.occurred_at_ms) FROM record_claims h
        JOIN cost_records r ON r.seq = h.record_seq WHERE h.session_id = s.session_id), 0),
      coalesce((SELECT max(a.at_ms) FROM auxiliary_requests a JOIN auxiliary_requests p USING (kind, key)
        WHERE a.session_id = s.session_id AND p.session_id = s.parent_session_id
          AND a.kind <> 'title'), 0)) AS copiedAtMs
  FROM sessions s WHERE s.parent_session_id IS NOT NULL AND s.session_id IN (SELECT value FROM json_each(?)))`;
