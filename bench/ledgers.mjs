import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { benchEnvironment, root } from './measure.mjs';

/** Benchmarks' files; what takes long to make is kept between runs. */
export const benchFolder = join(tmpdir(), 'tallyhook-bench');

/** @param build the checkout whose hook it is, with a slash at its end */
export function hookCommand(build = root) {
  return `${process.execPath} ${build}dist/hooks/record.cjs`;
}

let serial = 0;

/** A turn of a session: a prompt's answer on two lines, and a tool's result. */
export function turn(session, paddingBytes = 0) {
  const n = ++serial;
  const unique = `${process.pid}-${n}`;
  const base = {
    sessionId: session,
    timestamp: new Date().toISOString(),
    version: '2.1.330',
    cwd: '/home/user/project',
    gitBranch: 'main',
    isSidechain: false,
  };
  const usage = {
    input_tokens: 8,
    output_tokens: 300,
    cache_read_input_tokens: 40000,
    cache_creation_input_tokens: 900,
    cache_creation: { ephemeral_5m_input_tokens: 900, ephemeral_1h_input_tokens: 0 },
    service_tier: 'standard',
  };
  const message = {
    id: `msg_${unique}`,
    role: 'assistant',
    model: 'claude-opus-4-8',
    stop_reason: 'tool_use',
    usage,
  };
  const lines = [
    {
      ...base,
      type: 'assistant',
      uuid: `a${unique}`,
      requestId: `req_${unique}`,
      message: { ...message, content: [{ type: 'text', text: 'x'.repeat(200) }] },
    },
    {
      ...base,
      type: 'assistant',
      uuid: `b${unique}`,
      requestId: `req_${unique}`,
      message: {
        ...message,
        content: [
          { type: 'tool_use', id: `toolu_${unique}`, name: 'Bash', input: { command: 'ls' } },
        ],
      },
    },
    {
      ...base,
      type: 'user',
      uuid: `c${unique}`,
      promptId: 'p',
      message: {
        role: 'user',
        content: [
          {
            type: 'tool_result',
            tool_use_id: `toolu_${unique}`,
            content: 'y'.repeat(400 + paddingBytes),
          },
        ],
      },
    },
  ];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

/**
 * A ledger, a transcript and the event that points to it.
 * @param options `build`: the checkout whose programs are measured, with a slash at its end
 */
export function scene(
  name,
  { ledgerRows = 0, transcriptMegabytes = 0, budgets = 0, build = root } = {},
) {
  const folder = join(benchFolder, name);
  rmSync(folder, { recursive: true, force: true });
  const transcript = join(folder, 'projects/p/session.jsonl');
  mkdirSync(dirname(transcript), { recursive: true });
  const ledger = join(folder, 'telemetry.db');
  if (ledgerRows > 0) copyFileSync(bigLedger(ledgerRows), ledger);
  appendFileSync(transcript, turn('session'));
  for (let written = 0; written < transcriptMegabytes * 1e6;) {
    const text = Array.from({ length: 200 }, () => turn('session', 3000)).join('');
    appendFileSync(transcript, text);
    written += text.length;
  }
  const env = benchEnvironment({ HOME: folder, TELEMETRY_DB_PATH: ledger });
  const event = {
    hook_event_name: budgets > 0 ? 'PostToolBatch' : 'PostToolUse',
    session_id: 'session',
    transcript_path: transcript,
    cwd: '/home/user/project',
    tool_name: 'Bash',
    tool_use_id: 't',
    duration_ms: 5,
  };
  // The cursor is brought to the end first: a session that goes on is what is measured.
  const started = spawnSync(
    process.execPath,
    [`${build}dist/cli.cjs`, 'import', '--projects', join(folder, 'projects')],
    { env },
  );
  if (started.status !== 0) throw new Error(String(started.stderr));
  setBudgets(env, budgets);
  const command = hookCommand(build);
  return { folder, transcript, ledger, env, command, event: JSON.stringify(event) };
}

/** Budgets of every period and of many scopes, all of which count in the scene's folder, none of them spent. */
export function setBudgets(env, count) {
  const pers = ['session', 'prompt', 'day', 'week', 'month', 'total'];
  const scopes = [
    [],
    ['--model', 'claude-opus-4-8'],
    ['--tool', 'Bash'],
    ['--agent-type', 'Explore', '--model', 'claude-haiku-4-5'],
    ['--provider', 'anthropic'],
  ];
  for (let index = 0; index < count; index++) {
    const per = pers[index % pers.length];
    const args = ['budget', 'set', `b${index}`, '--limit', '900000', '--per', per];
    const set = spawnSync(
      process.execPath,
      [`${root}dist/cli.cjs`, ...args, ...scopes[index % scopes.length], '--action', 'stop'],
      { env },
    );
    if (set.status !== 0) throw new Error(String(set.stderr));
  }
}

/** A turn whose tool calls are asked about, and the event that asks: PostToolBatch of the last turn. */
export function askedEvent(side) {
  const event = JSON.parse(side.event);
  const id = `toolu_${process.pid}-${serial}`;
  const call = { tool_name: 'Bash', tool_input: { command: 'ls' }, tool_use_id: id };
  return JSON.stringify({ ...event, tool_calls: [call] });
}

/**
 * A ledger of so many rows over a year, made once through the program's own schema and triggers: eight
 * sessions at a time of 90 requests each, in 40 projects, a third of them by subagents.
 */
export function bigLedger(rows) {
  const path = join(benchFolder, `ledger-${rows}-${SCHEMA}.db`);
  if (existsSync(path)) return path;
  console.log(`making a ledger of ${rows} rows ...`);
  mkdirSync(benchFolder, { recursive: true });
  const making = `${path}.part`;
  for (const suffix of ['', '-wal', '-shm']) rmSync(making + suffix, { force: true });
  const env = benchEnvironment({ TELEMETRY_DB_PATH: making });
  spawnSync(process.execPath, [`${root}dist/cli.cjs`, 'import', '--projects', root], { env });
  const db = new Database(making);
  db.pragma('synchronous = OFF');
  db.exec(`INSERT INTO projects (root, name)
    WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 40)
    SELECT '/home/user/p' || i, 'p' || i FROM n`);
  const insert = db.prepare(INSERT_ROWS);
  for (let from = 0; from < rows; from += CHUNK_ROWS) {
    insert.run({ from, before: Math.min(rows, from + CHUNK_ROWS), step: YEAR_MS / rows });
    // The next writer folds the queued roll-ups in.
    const fold = spawnSync(process.execPath, [`${root}dist/hooks/record.cjs`], {
      env,
      input: '{"usage":{"input_tokens":1,"output_tokens":1},"session_id":"fold"}',
    });
    if (fold.status !== 0) throw new Error(String(fold.stderr));
  }
  const waiting = db.prepare('SELECT count(*) FROM rollup_pending').pluck().get();
  if (waiting !== 0) throw new Error(`${String(waiting)} rows are not rolled up`);
  db.pragma('wal_checkpoint(TRUNCATE)');
  db.close();
  renameSync(making, path);
  return path;
}

/** Part of the file's name: another schema needs another ledger. */
const schemaFolder = join(root, 'src/store/migrations/first');
const SCHEMA = readdirSync(schemaFolder)
  .reduce((hash, name) => hash.update(readFileSync(join(schemaFolder, name))), createHash('sha256'))
  .digest('hex')
  .slice(0, 8);
const CHUNK_ROWS = 100_000;
const YEAR_MS = 365 * 86_400_000;

/** Row `i`: session s is the (i mod 8)th of those that run at that time. */
const INSERT_ROWS = `
  WITH RECURSIVE n (i) AS (VALUES (@from) UNION ALL SELECT i + 1 FROM n WHERE i < @before - 1),
  f AS (SELECT i, i / 720 * 8 + i % 8 AS s, i / 8 % 90 AS k FROM n),
  g AS (SELECT *, iif(k % 9 >= 6, CASE s % 3 WHEN 0 THEN 'Explore' WHEN 1 THEN 'general-purpose' ELSE 'reviewer' END, NULL) AS agent,
    CASE WHEN k % 9 >= 6 THEN 'claude-haiku-4-5' WHEN s % 4 = 0 THEN 'claude-sonnet-5' ELSE 'claude-opus-4-8' END AS m,
    CASE (i * 7 + s) % 11 WHEN 0 THEN 'Bash' WHEN 1 THEN 'Read' WHEN 2 THEN 'Edit' WHEN 3 THEN 'Grep' WHEN 4 THEN 'Write'
      WHEN 5 THEN 'Glob' WHEN 6 THEN 'Agent' WHEN 7 THEN 'WebFetch' WHEN 8 THEN 'TodoWrite' END AS tool FROM f)
  INSERT INTO cost_records (id, message_id, occurred_at_ms, described_at_ms, session_id, prompt_id, agent_id, agent_type,
    claim_flags, client, client_version, model, model_raw, provider, model_class, task_type, input_tokens, output_tokens,
    cache_read_tokens, cache_write_5m_tokens, cache_write_1h_tokens, web_search_requests, cost_nano_usd, price_id,
    price_basis, is_output_final, tool_name, trace_id, cwd, project_id, git_branch, source)
  SELECT 'msg_' || hex(randomblob(12)) || '|req_' || i, 'msg_' || i, 1764000000000 + CAST(i * @step AS INTEGER), 0,
    printf('%08x-0000-4000-8000-000000000000', s), printf('%08x-0000-4000-8000-%012d', s, k / 9),
    iif(agent IS NULL, NULL, 'a' || s || '-' || k / 9), agent, 6, 'claude-code', '2.1.330', m, m, 'anthropic', 'coding',
    iif(agent IS NULL, 'main', 'subagent'), i % 50, i % 3000, 40000, 900, 0, 0, (i * 7919) % 90000000, m || '@2026-01-01',
    'exact', 1, tool, 'req_' || i, '/home/user/p', 1 + s % 40, 'branch-' || (s / 160 % 30), 'import' FROM g`;
