// Compares the hook's whole process on an event of each agent with a bare `node -e 0` and with an event of Claude
// Code, interleaved. With BENCH_BESIDE, the path of another built checkout, also with its hook on Claude Code's event.
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { benchFolder, hookCommand, scene, turn } from './ledgers.mjs';
import { benchEnvironment, besideBare, printTable, record, timeProcess } from './measure.mjs';

const RUNS = Number(process.env.BENCH_RUNS ?? 100);
const SESSION = '11111111-2222-4333-8444-555555555555';
const lineOf = (value) => `${JSON.stringify(value)}\n`;
const now = () => new Date().toISOString();
const hookEvent = (path) => ({
  hook_event_name: 'PostToolUse',
  session_id: SESSION,
  transcript_path: path,
  cwd: '/home/user/project',
});

/**
 * By agent: its file below the home folder, its event, and what a request adds to the file.
 * @type {Record<string, any>}
 */
const AGENTS = {
  codex: {
    file: `.codex/sessions/2026/01/01/rollout-2026-01-01T00-00-00-${SESSION}.jsonl`,
    event: hookEvent,
    grow: (path, n) =>
      appendFileSync(
        path,
        lineOf({
          timestamp: now(),
          type: 'token_usage_record',
          payload: {
            thread_id: SESSION,
            session_id: SESSION,
            turn_id: 't',
            response_id: `resp_${n}`,
            usage: { input_tokens: 100, cached_input_tokens: 60, output_tokens: 10 },
          },
        }),
      ),
  },
  gemini: {
    file: '.gemini/tmp/p/chats/session-2026-01-01T00-00-11111111.jsonl',
    event: (path) => ({ ...hookEvent(path), hook_event_name: 'AfterTool' }),
    grow: (path, n) => {
      const tokens = { input: 100, output: 10, cached: 60, thoughts: 0, tool: 0, total: 110 };
      const message = { id: `m${n}`, timestamp: now(), type: 'gemini', model: 'gemini-2.5-pro' };
      appendFileSync(path, lineOf({ ...message, tokens }));
    },
  },
  qwen: {
    file: `.qwen/projects/-w/chats/${SESSION}.jsonl`,
    event: hookEvent,
    grow: (path, n) => {
      const uiEvent = {
        'event.name': 'qwen-code.api_response',
        model: 'qwen3-coder-plus',
        input_token_count: 100,
        output_token_count: 10,
      };
      const line = { uuid: `u${n}`, sessionId: SESSION, timestamp: now(), cwd: '/w' };
      const kind = { type: 'system', subtype: 'ui_telemetry', systemPayload: { uiEvent } };
      appendFileSync(path, lineOf({ ...line, ...kind }));
    },
  },
  copilot: {
    file: '.copilot/session-store.db',
    event: () => ({ hook_event_name: 'PostToolUse', session_id: SESSION }),
    schema: `CREATE TABLE sessions (id TEXT PRIMARY KEY, cwd TEXT, branch TEXT, created_at TEXT);
      CREATE TABLE assistant_usage_events (id INTEGER PRIMARY KEY, session_id TEXT, turn_index INTEGER,
        agent_id TEXT, parent_tool_call_id TEXT, model TEXT, input_tokens INTEGER, output_tokens INTEGER,
        cache_read_tokens INTEGER, cache_write_tokens INTEGER, reasoning_tokens INTEGER, created_at TEXT);`,
    insert: (db) =>
      db
        .prepare(
          `INSERT INTO assistant_usage_events (session_id, turn_index, model, input_tokens, output_tokens, created_at)
           VALUES (?, 1, 'gpt-5.4', 100, 10, ?)`,
        )
        .run(SESSION, now()),
  },
  opencode: {
    file: '.local/share/opencode/opencode.db',
    event: () => ({ hook_event_name: 'session.idle', properties: { sessionID: SESSION } }),
    schema: `CREATE TABLE session (id TEXT PRIMARY KEY, parent_id TEXT, directory TEXT, version TEXT,
        time_created INTEGER);
      CREATE TABLE message (id TEXT PRIMARY KEY, session_id TEXT, time_created INTEGER,
        time_updated INTEGER, data TEXT);`,
    insert: (db, n) => {
      // A minute apart: the rows of the last seconds are read again.
      const at = 1.77e12 + n * 60_000;
      const tokens = { input: 100, output: 10, reasoning: 0, cache: { read: 60, write: 0 } };
      const time = { created: at, completed: at };
      const data = { role: 'assistant', modelID: 'gpt-5.4', providerID: 'openai', tokens, time };
      const values = [`m${n}`, SESSION, at, at, JSON.stringify(data)];
      db.prepare('INSERT INTO message VALUES (?, ?, ?, ?, ?)').run(...values);
    },
  },
  cline: {
    file: `.cline/data/sessions/${SESSION}/${SESSION}.messages.json`,
    event: () => ({ hookName: 'PostToolUse', taskId: SESSION }),
    grow: (path, n) => {
      const messages = Array.from({ length: n + 1 }, (_, index) => ({
        id: `m${index}`,
        role: 'assistant',
        ts: 1.77e12 + index,
        modelInfo: { id: 'gpt-5.4', provider: 'openai-native' },
        metrics: { inputTokens: 100, outputTokens: 10, cacheReadTokens: 60 },
      }));
      writeFileSync(path, JSON.stringify({ messages }));
    },
  },
  droid: {
    file: `.factory/sessions/-w/${SESSION}.settings.json`,
    event: (path) => hookEvent(path.replace('.settings.json', '.jsonl')),
    grow: (path, n) => {
      const tokenUsage = { inputTokens: 100 * (n + 1), outputTokens: 10 * (n + 1) };
      writeFileSync(path, JSON.stringify({ model: 'gpt-5.4', tokenUsage }));
    },
  },
  pi: {
    file: `.pi/agent/sessions/--w--/2026-01-01T00-00-00-000Z_${SESSION}.jsonl`,
    event: (path) => ({ name: 'turn_end', file: path, cwd: '/w' }),
    grow: (path, n) => {
      const usage = { input: 40, output: 10, cacheRead: 60, cacheWrite: 0 };
      const message = { role: 'assistant', model: 'gpt-5.4', provider: 'openai', usage };
      const line = { type: 'message', id: `e${n}`, timestamp: now() };
      appendFileSync(path, lineOf({ ...line, message: { ...message, responseId: `r${n}` } }));
    },
  },
};

/**
 * @param {string} name
 * @param {any} agent
 */
function agentScene(name, { file, event, grow, schema, insert }) {
  const folder = join(benchFolder, `agent-${name}`);
  rmSync(folder, { recursive: true, force: true });
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  const env = benchEnvironment({ HOME: folder, TELEMETRY_DB_PATH: join(folder, 'telemetry.db') });
  const input = join(folder, 'event.json');
  writeFileSync(input, JSON.stringify(event(path)));
  /** @type {any} */
  const db = schema === undefined ? null : new Database(path);
  db?.pragma('journal_mode = WAL');
  db?.exec(schema);
  const add = (n) => (db === null ? grow(path, n) : insert(db, n));
  return { command: `${hookCommand()} --agent ${name}`, env, input, add };
}

/**
 * @param {string} name
 * @param {string} [build]
 */
function claudeScene(name, build) {
  const { command, env, folder, event, transcript } = scene(name, build && { build });
  const input = join(folder, 'event.json');
  writeFileSync(input, event);
  const add = (_n) => appendFileSync(transcript, turn('session'));
  return { command, env, input, add };
}

const sides = { 'claude-code': claudeScene('agent-claude-code') };
const beside = process.env.BENCH_BESIDE;
if (beside !== undefined) {
  sides['claude-code, the other build'] = claudeScene('agent-claude-code-beside', beside);
}
for (const [name, agent] of Object.entries(AGENTS)) sides[name] = agentScene(name, agent);

const times = { 'node -e 0': [] };
for (let run = 0; run < RUNS; run++) {
  const { env } = sides['claude-code'];
  times['node -e 0'].push(timeProcess(`${process.execPath} -e 0`, env, '/dev/null'));
  for (const [name, side] of Object.entries(sides)) {
    side.add(run);
    (times[name] ??= []).push(timeProcess(side.command, side.env, side.input));
  }
}
const rows = besideBare(times);
console.log(`${RUNS} interleaved runs, milliseconds, whole processes`);
printTable(rows);
record('agents', { runs: RUNS, rows });
