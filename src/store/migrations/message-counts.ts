import type { Migration } from './migration.ts';

const SUBAGENT = '(claim_flags & 4) = 0';

/**
 * Requests without a request id were told apart by their session, so that a fork's copies counted again
 * and a gateway's constant id counted once; now their counts tell them apart. A subagent of unknown type
 * was stored like the main thread. The transcripts of both are read again, from the start: they show
 * what a gateway's constant id merged, and which type a call asked for.
 */
export const messageCounts: Migration = {
  number: 2,
  sql: `
ALTER TABLE tool_uses ADD COLUMN subagent_type TEXT;

CREATE TEMP TABLE renamed AS
SELECT r.seq, r.session_id, b.message_id || '|@' || b.input_tokens || ':' || b.cache_read_tokens || ':'
    || (b.cache_write_5m_tokens + b.cache_write_1h_tokens) || substr(r.id, length(b.id) + 1) AS id,
  coalesce(s.born_at_ms, 9e18) AS born_at_ms
FROM cost_records b
JOIN cost_records r ON r.id >= b.id AND r.id < b.id || '$'
LEFT JOIN sessions s ON s.session_id = r.session_id
WHERE b.trace_id IS NULL AND b.id = b.message_id || '|@' || b.session_id;

UPDATE transcripts SET cursor_bytes = 0, size_bytes = 0, tail_hash = '811c03f29e3779b9' WHERE session_id IN (
  SELECT session_id FROM renamed
  UNION SELECT session_id FROM cost_records WHERE agent_type IS NULL AND ${SUBAGENT});
UPDATE thread_state SET state_json = json_object('trace', json_object(
    'generation', coalesce(json_extract(state_json, '$.trace.generation'), 0),
    'hasBegun', json('false'), 'steps', 0, 'threads', json('{}')))
  WHERE transcript_id IN (SELECT id FROM transcripts WHERE cursor_bytes = 0);

CREATE TEMP TABLE copies AS SELECT seq FROM (
  SELECT seq, row_number() OVER (PARTITION BY id ORDER BY born_at_ms, session_id) AS place FROM renamed)
  WHERE place > 1;
DELETE FROM cost_records WHERE seq IN (SELECT seq FROM copies);
DELETE FROM removed_records WHERE seq IN (SELECT seq FROM copies);
UPDATE cost_records SET id = n.id FROM renamed n WHERE n.seq = cost_records.seq;
DROP TABLE copies;
DROP TABLE renamed;

UPDATE cost_records SET agent_type = 'subagent (unknown type)'
  WHERE agent_type IS NULL AND ${SUBAGENT} AND coalesce(agent_id, '') NOT LIKE 'acompact-%';
`,
};
