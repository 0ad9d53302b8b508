import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Ledger, openLedger } from '../../../src/store/connection/open.ts';
import { RollupWriter } from '../../../src/store/rollups/writer.ts';
import { emptyWork } from '../../../src/store/ingest/spool.ts';
import {
  allFaultsOf,
  faultsOf,
  importInto,
  temporaryFolder,
  temporaryLedger,
  writerOf,
} from '../../helpers/ledger.ts';
import { assistantLine, promptLine, textOf, time, writeTree } from '../../helpers/transcripts.ts';

const main = { session: 's-a' };
const side = { session: 's-a', agent: 'a1' };
const call = (id: string, name: string): { id: string; name: string } => ({ id, name });

const parentLines = [
  promptLine('s-a', 0, 'p1'),
  assistantLine({ ...main, message: 'm1', request: 'r1', at: 1, tools: [call('t1', 'Agent')] }),
  {
    type: 'user',
    uuid: 'u-result',
    sessionId: 's-a',
    timestamp: time(30),
    message: { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't1' }] },
    toolUseResult: { agentId: 'a1', agentType: 'Explore', totalDurationMs: 29000 },
  },
  assistantLine({ ...main, message: 'm2', request: 'r2', at: 31, tools: [call('t2', 'Bash')] }),
  assistantLine({ ...main, message: 'm2', request: 'r2', at: 31, tools: [call('t3', 'Read')] }),
  assistantLine({ ...main, message: 'm3', request: 'r3', at: 40, write5m: 900, write1h: 80 }),
  { type: 'pr-link', sessionId: 's-a', timestamp: time(41), prNumber: 7, prRepository: 'o/shop' },
  { type: 'ai-title', sessionId: 's-a', timestamp: time(42), aiTitle: 'x' },
  {
    type: 'cost-state',
    sessionId: 's-a',
    timestamp: time(43),
    startTime: Date.parse(time(0)),
    totalDuration: 40000,
    modelUsage: { 'claude-opus-4-8': { costUSD: 0.5, inputTokens: 5, outputTokens: 6 } },
  },
];
const TREE = {
  'p/s-a.jsonl': textOf(parentLines),
  'p/s-a/subagents/agent-a1.jsonl': textOf([
    assistantLine({ ...side, message: 'm9', request: 'r9', at: 10, tools: [call('t9', 'Grep')] }),
    // A replay of the main thread.
    assistantLine({ ...side, message: 'm1', request: 'other', at: 11 }),
  ]),
  'p/s-b.jsonl': textOf([
    { type: 'queue-operation', sessionId: 's-b', timestamp: time(200) },
    ...parentLines.slice(0, 2).map((line) => ({ ...line, sessionId: 's-b' })),
    assistantLine({ session: 's-b', message: 'm5', request: 'r5', at: 210, model: 'gpt-4o' }),
  ]),
};

/** A ledger with something in each table that is read from transcripts, and its transcripts. */
function recorded(): { path: string; projects: string; db: Ledger } {
  const folder = temporaryFolder();
  const projects = join(folder, 'projects');
  writeTree(projects, TREE);
  const { db, path } = temporaryLedger(folder);
  importInto(db, projects);
  const event = { name: 'PostToolUse', client: 'claude-code', sessionId: 's-a', agentId: null };
  for (const key of ['e1', 'e2', 'e3']) {
    const at = { arrivedAtMs: Date.parse(time(50)), durationMs: 1 };
    const tool = { toolName: null, toolUseId: null };
    writerOf(db).write({ ...emptyWork(), event: { key, ...event, ...tool, ...at } });
  }
  return { path, projects, db };
}

const R1 = `(SELECT seq FROM cost_records WHERE message_id = 'm1')`;

/** Name → SQL. Every one leaves a file that SQLite finds intact. */
const MUTATIONS: Record<string, string> = {
  'cost_records: a cost and its part':
    'UPDATE cost_records SET cost_nano_usd = cost_nano_usd + 5000000000, output_cost_nano_usd = output_cost_nano_usd + 5000000000 WHERE seq = 1',
  'cost_records: a nano-dollar':
    'UPDATE cost_records SET cost_nano_usd = cost_nano_usd + 1, output_cost_nano_usd = output_cost_nano_usd + 1 WHERE seq = 1',
  'cost_records: one part to another':
    'UPDATE cost_records SET input_cost_nano_usd = input_cost_nano_usd + 9, output_cost_nano_usd = output_cost_nano_usd - 9 WHERE seq = 1',
  'cost_records: no cost': 'UPDATE cost_records SET cost_nano_usd = NULL WHERE seq = 1',
  'cost_records: no parts':
    'UPDATE cost_records SET input_cost_nano_usd = NULL, output_cost_nano_usd = NULL WHERE seq = 1',
  'cost_records: another price': `UPDATE cost_records SET price_id = 'claude-haiku-4-5@2025-10-15'`,
  'cost_records: an unknown price': `UPDATE cost_records SET price_id = 'evil' WHERE seq = 1`,
  'cost_records: the basis': `UPDATE cost_records SET price_basis = 'provider' WHERE seq = 1`,
  'cost_records: the counts': 'UPDATE cost_records SET output_tokens = output_tokens + 1',
  'cost_records: the tier': `UPDATE cost_records SET service_tier = 'batch' WHERE seq = 1`,
  'cost_records: the speed': `UPDATE cost_records SET speed = 'fast' WHERE message_id = 'm5'`,
  'cost_records: the model': `UPDATE cost_records SET model_raw = 'evil' WHERE seq = 1`,
  'cost_records: the time': 'UPDATE cost_records SET occurred_at_ms = occurred_at_ms - 9',
  'cost_records: the prompt': `UPDATE cost_records SET prompt_id = 'evil' WHERE seq = 1`,
  'cost_records: the session': `UPDATE cost_records SET session_id = 'evil' WHERE seq = 2`,
  'cost_records: the agent': `UPDATE cost_records SET agent_id = 'evil' WHERE message_id = 'm9'`,
  'cost_records: the agent type': `UPDATE cost_records SET agent_type = 'evil' WHERE message_id = 'm9'`,
  'cost_records: the task': `UPDATE cost_records SET task_type = 'advisor' WHERE seq = 1`,
  'cost_records: the tool': `UPDATE cost_records SET tool_name = 'Evil' WHERE seq = 1`,
  'cost_records: no tool': `UPDATE cost_records SET tool_name = NULL WHERE seq = 1`,
  'cost_records: the branch': `UPDATE cost_records SET git_branch = 'evil' WHERE seq = 1`,
  'cost_records: the folder': `UPDATE cost_records SET cwd = '/evil' WHERE seq = 1`,
  'cost_records: the project': 'UPDATE cost_records SET project_id = NULL',
  'cost_records: metadata': `UPDATE cost_records SET metadata = '{"iterations":[]}' WHERE seq = 1`,
  'cost_records: malformed metadata': `UPDATE cost_records SET metadata = '{' WHERE seq = 1`,
  'cost_records: final': 'UPDATE cost_records SET is_output_final = 0 WHERE seq = 1',
  'cost_records: deleted': `DELETE FROM tool_uses WHERE record_seq = ${R1};
    DELETE FROM record_claims WHERE record_seq = ${R1}; DELETE FROM cost_records WHERE seq = ${R1}`,
  'cost_records: deleted with its mark': `DELETE FROM cost_records WHERE message_id = 'm3';
    DELETE FROM removed_records`,
  'tool_uses: deleted': `DELETE FROM tool_uses WHERE tool_use_id = 't1'`,
  'tool_uses: a second one deleted': `DELETE FROM tool_uses WHERE tool_use_id = 't3'`,
  'tool_uses: all deleted': 'DELETE FROM tool_uses',
  'tool_uses: renamed': `UPDATE tool_uses SET name = 'Evil' WHERE tool_use_id = 't9'`,
  'tool_uses: renamed with its request': `UPDATE tool_uses SET name = 'Evil' WHERE tool_use_id = 't9';
    UPDATE cost_records SET tool_name = 'Evil' WHERE message_id = 'm9'`,
  'tool_uses: moved': `UPDATE tool_uses SET record_seq = ${R1} WHERE tool_use_id = 't9'`,
  'tool_uses: orphaned': `UPDATE tool_uses SET record_seq = 999 WHERE tool_use_id = 't9'`,
  'tool_uses: duration': `UPDATE tool_uses SET duration_ms = 5 WHERE tool_use_id = 't1'`,
  'tool_uses: result': `UPDATE tool_uses SET is_failed = 1 WHERE tool_use_id = 't1'`,
  'tool_uses: file': `UPDATE tool_uses SET file_path = '/evil' WHERE tool_use_id = 't3'`,
  'tool_uses: server': `UPDATE tool_uses SET mcp_server = 'evil' WHERE tool_use_id = 't3'`,
  'tool_uses: time': `UPDATE tool_uses SET called_at_ms = 5 WHERE tool_use_id = 't9'`,
  'tool_uses: added': `INSERT INTO tool_uses SELECT record_seq, 'evil', name, mcp_server, skill,
    called_at_ms, duration_ms, is_failed, plugin, file_path, command_word FROM tool_uses LIMIT 1`,
  'agents: deleted': 'DELETE FROM agents',
  'agents: type': `UPDATE agents SET agent_type = 'evil'`,
  'agents: no call': 'UPDATE agents SET spawn_tool_use_id = NULL',
  'agents: parent': `UPDATE agents SET parent_agent_id = 'evil'`,
  'agents: added': `INSERT INTO agents VALUES ('s-a', 'evil', NULL, NULL, NULL)`,
  'attribution_steps: all deleted': 'DELETE FROM attribution_steps',
  'attribution_steps: one deleted': 'DELETE FROM attribution_steps WHERE ordinal = 1',
  'attribution_steps: the last deleted': `DELETE FROM attribution_steps WHERE transcript_id = 1
    AND ordinal = (SELECT max(ordinal) FROM attribution_steps WHERE transcript_id = 1)`,
  'attribution_steps: altered': `UPDATE attribution_steps SET step_json = '{"in":[],"out":[]}'`,
  'attribution_steps: malformed': `UPDATE attribution_steps SET step_json = 'evil'`,
  'attribution_steps: of no request': 'UPDATE attribution_steps SET record_seq = NULL',
  'attribution_steps: of another': `UPDATE attribution_steps SET record_seq = ${R1}`,
  'projects: renamed': `UPDATE projects SET name = 'evil'`,
  'projects: moved': `UPDATE projects SET root = '/evil'`,
  'projects: deleted': 'DELETE FROM projects',
  'project_paths: deleted': 'DELETE FROM project_paths',
  'project_paths: another project': `INSERT INTO projects VALUES (9, '/x', 'x');
    UPDATE project_paths SET project_id = 9`,
  'sessions: deleted': `DELETE FROM sessions WHERE session_id = 's-a'`,
  'sessions: birth': 'UPDATE sessions SET born_at_ms = 5',
  'sessions: no birth': 'UPDATE sessions SET born_at_ms = NULL',
  'sessions: no parent': 'UPDATE sessions SET parent_session_id = NULL',
  'sessions: parent': `UPDATE sessions SET parent_session_id = 'evil' WHERE session_id = 's-b'`,
  'sessions: project': 'UPDATE sessions SET project_id = NULL',
  'sessions: sums': 'UPDATE sessions SET cost_nano_usd = cost_nano_usd + 1',
  'sessions: last time': 'UPDATE sessions SET last_at_ms = last_at_ms + 1',
  'rollups: a sum': 'UPDATE rollups SET cost_nano_usd = cost_nano_usd + 1',
  'rollups: deleted': `DELETE FROM rollups WHERE dimension = 'tool'`,
  'rollup_pending: left': `INSERT INTO rollup_pending (occurred_at_ms, session_id, requests)
    VALUES (1, 's-a', 1)`,
  'hook_events: deleted': `DELETE FROM hook_events WHERE key = 'e1'`,
  'transcripts: cursor': 'UPDATE transcripts SET cursor_bytes = cursor_bytes + 5000',
  'transcripts: end': `UPDATE transcripts SET tail_hash = 'evil'`,
  'transcripts: deleted': 'DELETE FROM transcripts WHERE id = 1',
  'thread_state: deleted': 'DELETE FROM thread_state',
  'thread_state: malformed': `UPDATE thread_state SET state_json = '{'`,
  'thread_state: prompt': `UPDATE thread_state
    SET state_json = json_set(state_json, '$.promptId', 'evil')`,
  'pull_requests: deleted': 'DELETE FROM pull_requests',
  'pull_requests: altered': `UPDATE pull_requests SET name = 'evil#1'`,
  'client_totals: altered': 'UPDATE client_totals SET cost_nano_usd = 1',
  'client_totals: deleted': 'DELETE FROM client_totals',
  'auxiliary_requests: deleted': 'DELETE FROM auxiliary_requests',
  'auxiliary_requests: altered': 'UPDATE auxiliary_requests SET requests = 7',
  'record_claims: deleted': 'DELETE FROM record_claims',
  'record_claims: altered': `UPDATE record_claims SET session_id = 'evil'`,
  'record_claims: prompt': `UPDATE record_claims
    SET claim_json = json_set(claim_json, '$.promptId', 'evil')`,
  'replays: deleted': 'DELETE FROM replays',
  'replays: altered': `UPDATE replays SET id = 'evil'`,
  'removed_records: left': `INSERT INTO removed_records
    VALUES (77, 'x', 's', NULL, 1, 'm', 0, 0, 0, 0, 0, 0, 1)`,
  'repricings: a gap': `INSERT INTO repricings VALUES (5, 'x', 1, 'a', 'exact', NULL, 2, 'b', 'exact',
    NULL, 1, 'reprice')`,
};
/**
 * What only the user, a channel, an event or the client knows: nothing else shows that it was altered.
 */
const UNVERIFIABLE =
  'meta tool_results client_status client_requests budgets budget_allowances rollup_scopes alerts notification_outbox alert_scan sqlite_sequence'.split(
    ' ',
  );

/** Whatever runs next books the change into the roll-ups, so that these agree with it. */
function flush(db: Ledger, sql: string): void {
  const isBooked = !/^(?:UPDATE|DELETE FROM|INSERT INTO) (?:rollup|session)/.test(sql);
  if (isBooked) db.transaction(() => new RollupWriter(db).flush())();
}

describe('verify', () => {
  const start = (): { db: Ledger; path: string; projects: string } => {
    const { path, projects, db } = recorded();
    db.pragma('wal_checkpoint(TRUNCATE)');
    return { db, path, projects };
  };

  test('finds no fault before', () => {
    const { db, path, projects } = start();
    expect(allFaultsOf(db, path, projects)).toEqual([]);
    for (const table of new Set(Object.keys(MUTATIONS).map((name) => name.split(':')[0]))) {
      if (/^(?:rollup_pending|removed_records|repricings)$/.test(table ?? '')) continue;
      expect([table, db.prepare(`SELECT count(*) > 0 FROM ${table}`).pluck().get()]).toEqual([
        table,
        1,
      ]);
    }
  });

  test('knows every table', () => {
    const { db } = start();
    const tables = db
      .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY 1`)
      .pluck()
      .all();
    const covered = Object.keys(MUTATIONS).map((name) => name.split(':')[0]);
    expect([...new Set([...covered, ...UNVERIFIABLE])].sort()).toEqual(tables);
  });

  test.each(Object.entries(MUTATIONS))('finds what was altered in %s', (_, sql) => {
    const { db, path, projects } = start();
    db.pragma('foreign_keys = OFF');
    db.exec(sql);
    flush(db, sql);
    expect(allFaultsOf(db, path, projects)).not.toEqual([]);
  });

  const objects = (() => {
    const db = openLedger('', { busyTimeoutMs: 0 });
    const rows = db
      .prepare(
        `SELECT type, name, sql FROM sqlite_schema
         WHERE type IN ('index', 'trigger', 'view') AND sql IS NOT NULL`,
      )
      .all() as Record<'type' | 'name' | 'sql', string>[];
    db.close();
    return rows;
  })();

  test.each(objects)('finds that $type $name is missing or altered', ({ type, name, sql }) => {
    const { db } = temporaryLedger();
    db.exec(`DROP ${type} ${name}`);
    expect(faultsOf(db)).toEqual([
      expect.stringContaining(`tables, indexes and triggers: ${type} ${name} is missing`),
    ]);
    const altered =
      type === 'trigger'
        ? sql.replace(/BEGIN[^]*/, 'BEGIN SELECT 1; END')
        : type === 'index'
          ? `CREATE INDEX ${name} ON meta (value)`
          : `CREATE VIEW ${name} AS SELECT 1`;
    db.exec(altered);
    expect(faultsOf(db)).toEqual([expect.stringContaining(`${type} ${name} was altered`)]);
    db.exec(`DROP ${type} ${name}; ${sql}`);
    expect(faultsOf(db)).toEqual([]);
  });

  test('finds a trigger that was added, and leaves an index that was added alone', () => {
    const { db } = temporaryLedger();
    db.exec('CREATE INDEX mine ON cost_records (cwd)');
    expect(faultsOf(db)).toEqual([]);
    db.exec('CREATE TRIGGER evil AFTER INSERT ON cost_records BEGIN DELETE FROM replays; END');
    expect(faultsOf(db)).toEqual([expect.stringContaining('trigger evil was added')]);
  });
});
