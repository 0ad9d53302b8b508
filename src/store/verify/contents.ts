import type { VerifyCheck } from '../../core/finding.ts';
import type { Ledger } from '../connection/open.ts';
import { listSome } from './list-some.ts';

/**
 * The tables that are read from transcripts, each as a query on the schema `{}`. A row whose first column
 * is a session, a request or a transcript of `settled` must be the same in both ledgers.
 */
interface Compared {
  name: string;
  of: 'session' | 'request' | 'transcript';
  rows: string;
}

/** When a line without a time before it was read decides its time, and so does a marked one's arrival. */
const TIME = (row: string): string =>
  `iif(${row}.id IN (SELECT id FROM temp.undated), NULL, ${row}.occurred_at_ms)`;

/** An event may have reported another result than the transcript; which one was later decides. */
const RESULT = (column: string): string =>
  `iif(u.tool_use_id IN (SELECT tool_use_id FROM temp.reported), NULL, u.${column})`;

/** Which file was read first decides whether a subagent's copy of a main thread's request keeps its row. */
const STEP_OF = `iif(a.agent_id <> '' AND a.is_inline = 0 AND r.claim_flags & 2, NULL, r.id)`;

const FACTS = `message_id trace_id prompt_id agent_type parent_agent_id claim_flags task_type client
  client_version model_raw service_tier speed inference_geo input_tokens output_tokens
  cache_read_tokens cache_write_5m_tokens cache_write_1h_tokens web_search_requests
  is_output_final tool_name cwd git_branch`
  .split(/\s+/)
  .map((name) => `r.${name}`);
const METADATA = `nullif(json_remove(coalesce(r.metadata, '{ }'), '$.statedAtMs'), json('{ }'))`;

const CLAIM = ['isExplicit', 'isCopied', 'isInMainFile', 'isMainThread', 'agentId', 'agentType']
  .concat('promptId')
  .map((name) => `c.claim_json ->> '$.${name}'`);

const COMPARED: readonly Compared[] = [
  {
    name: 'facts about requests',
    of: 'request',
    rows: `SELECT r.id, ${TIME('r')}, ${FACTS.join(', ')}, ${METADATA} FROM {}.cost_records r`,
  },
  {
    name: 'tool uses in the transcripts',
    of: 'request',
    rows: `SELECT r.id, u.tool_use_id, u.name, u.mcp_server, u.skill, u.plugin, u.file_path,
        u.command_word, iif(r.id IN (SELECT id FROM temp.undated), NULL, u.called_at_ms),
        ${RESULT('duration_ms')}, ${RESULT('is_failed')}
      FROM {}.tool_uses u JOIN {}.cost_records r ON r.seq = u.record_seq`,
  },
  {
    name: 'other sessions that contain them',
    of: 'request',
    rows: `SELECT r.id, c.session_id, ${CLAIM.join(', ')}
      FROM {}.record_claims c JOIN {}.cost_records r ON r.seq = c.record_seq`,
  },
  {
    name: 'subagents in the transcripts',
    of: 'session',
    rows: `SELECT session_id, agent_id, agent_type, parent_agent_id, spawn_tool_use_id
      FROM {}.agents`,
  },
  {
    name: 'births and forks of sessions',
    of: 'session',
    rows: 'SELECT session_id, born_at_ms, parent_session_id FROM {}.sessions',
  },
  {
    name: 'pull requests',
    of: 'session',
    rows: 'SELECT session_id, name, linked_at_ms FROM {}.pull_requests',
  },
  {
    name: "the client's totals",
    of: 'session',
    rows: `SELECT session_id, model, started_at_ms, elapsed_ms, cost_nano_usd, input_tokens,
      output_tokens, cache_read_tokens, cache_write_tokens, web_search_requests
      FROM {}.client_totals`,
  },
  {
    name: 'auxiliary requests',
    of: 'session',
    rows: 'SELECT session_id, kind, key, requests FROM {}.auxiliary_requests',
  },
  {
    name: 'replays',
    of: 'session',
    rows: 'SELECT session_id, id FROM {}.replays',
  },
  {
    name: 'steps in the transcripts',
    of: 'transcript',
    rows: `SELECT t.path, a.ordinal, a.agent_id, a.is_inline, a.line_count, a.step_json, ${STEP_OF}
      FROM {}.attribution_steps a JOIN {}.transcripts t ON t.id = a.transcript_id
      LEFT JOIN {}.cost_records r ON r.seq = a.record_seq`,
  },
  {
    name: 'positions in the transcripts',
    of: 'transcript',
    rows: `SELECT t.path, t.session_id, t.tail_hash, s.state_json ->> '$.promptId',
        s.state_json ->> '$.trace.steps'
      FROM {}.transcripts t LEFT JOIN {}.thread_state s ON s.transcript_id = t.id`,
  },
];

/**
 * What both ledgers must have read the same: a session, with its requests and transcripts, of which all
 * files still exist, have been read to their ends and were never rewritten.
 */
const SETTLED = `
  -- What is known about a fork or its parent also comes from the other's file.
  CREATE TEMP TABLE related AS SELECT session_id AS one, parent_session_id AS other
    FROM ledger.sessions WHERE parent_session_id IS NOT NULL;
  INSERT INTO related SELECT other, one FROM related;
  CREATE TEMP TABLE unsettled AS WITH RECURSIVE uncertain(session_id) AS (
    SELECT session_id FROM unread UNION SELECT session_id FROM reduced
    UNION SELECT session_id FROM rewritten
    UNION SELECT r.other FROM uncertain u JOIN related r ON r.one = u.session_id)
    SELECT session_id FROM uncertain;
  CREATE TEMP TABLE settled_session AS
    SELECT DISTINCT session_id AS key FROM main.transcripts
    WHERE session_id NOT IN (SELECT session_id FROM unsettled)
      AND NOT EXISTS (SELECT 1 FROM unsettled WHERE session_id = '');
  CREATE TEMP TABLE settled_request AS SELECT l.id AS key
    FROM ledger.cost_records l JOIN main.cost_records f ON f.id = l.id
    WHERE l.session_id IN (SELECT key FROM settled_session)
      AND f.session_id IN (SELECT key FROM settled_session)
      AND NOT EXISTS (SELECT 1 FROM ledger.record_claims c JOIN unsettled u USING (session_id)
        WHERE c.record_seq = l.seq)
      AND NOT EXISTS (SELECT 1 FROM main.record_claims c JOIN unsettled u USING (session_id)
        WHERE c.record_seq = f.seq);
  CREATE TEMP TABLE settled_transcript AS SELECT l.path AS key
    FROM ledger.transcripts l JOIN main.transcripts f ON f.path = l.path
    WHERE f.cursor_bytes = l.cursor_bytes AND f.size_bytes = l.size_bytes
      AND l.session_id IN (SELECT key FROM settled_session);
  CREATE INDEX temp.settled_session_key ON settled_session (key);
  CREATE INDEX temp.settled_request_key ON settled_request (key);
  CREATE INDEX temp.settled_transcript_key ON settled_transcript (key);
  CREATE TEMP TABLE reported AS SELECT DISTINCT tool_use_id FROM ledger.hook_events
    WHERE tool_use_id IS NOT NULL;
  CREATE INDEX temp.reported_id ON reported (tool_use_id);
  CREATE TEMP TABLE undated AS SELECT id FROM main.cost_records
    WHERE metadata LIKE '%"statedAtMs"%'
      OR occurred_at_ms IN (SELECT CAST(modified_at_ms AS INTEGER) FROM main.transcripts)
    UNION SELECT id FROM ledger.cost_records WHERE metadata LIKE '%"statedAtMs"%';
  CREATE INDEX temp.undated_id ON undated (id);`;

/**
 * Compares everything read from transcripts with a ledger newly built from them, row by row. Both are in
 * the connection, as `ledger` and `main`, with the tables `unread`, `reduced` and `rewritten`.
 */
export function contentChecks(fresh: Ledger): [name: string, check: () => VerifyCheck][] {
  fresh.exec(SETTLED);
  return COMPARED.map((compared) => [compared.name, () => compare(fresh, compared)]);
}

function compare(db: Ledger, { name, of, rows }: Compared): VerifyCheck {
  const select = (schema: string): string =>
    `SELECT * FROM (${rows.replaceAll('{}', schema)}) WHERE 1`;
  const [key = ''] = /(?<=SELECT )\S+(?=,)/.exec(rows) ?? [];
  const within = `${key.replace(/^\w+\./, '')} IN (SELECT key FROM temp.settled_${of})`;
  const [theirs, own] = [select('main'), select('ledger')].map((sql) => `${sql} AND ${within}`);
  const different = db
    .prepare(
      `SELECT * FROM (${theirs} EXCEPT ${own}) UNION SELECT * FROM (${own} EXCEPT ${theirs})`,
    )
    .raw()
    .all() as unknown[][];
  const names = [...new Set(different.map(([first]) => String(first)))];
  const isSound = names.length === 0;
  return {
    name,
    isSound,
    found: isSound ? 'the same' : `${names.length} differ: ${listSome(names)}`,
  };
}
