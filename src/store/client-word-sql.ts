/**
 * When a cost-state of `client_totals` was said. Ledgers of earlier schemas know only for how long the
 * counter had run, which is earlier: pauses do not count.
 */
export const SAID_AT = 'coalesce(said_at_ms, started_at_ms + elapsed_ms)';

/**
 * When a fork `s` was made. Copies in its file keep their times, so its first line may be older than what
 * was copied: then its own first request tells.
 */
export const FORKED_AT = `iif(s.born_at_ms >= coalesce((SELECT max(r.occurred_at_ms) FROM record_holders h
  JOIN cost_records r ON r.seq = h.record_seq WHERE h.session_id = s.session_id), 0),
  s.born_at_ms, s.first_at_ms)`;
