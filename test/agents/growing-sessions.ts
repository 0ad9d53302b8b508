import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { endEvent } from '../helpers/agent-home.ts';

/** A small session of an agent that grows in a home folder. */
export interface GrowingSession {
  agent: string;
  /** What the agent's hook receives after each step. */
  event: object;
  steps: (() => void)[];
  /** What keeps the agent's files open. */
  close(): void;
}

type Grow = (home: string, turns: number, cut: (length: number) => number[]) => GrowingSession;

const SESSION = '11111111-2222-4333-8444-555555555555';
const START_MS = Date.parse('2026-03-04T05:06:07.000Z');
const timeOf = (turn: number): string => new Date(START_MS + turn * 1000).toISOString();
const turnsTo = (turns: number): number[] => Array.from({ length: turns }, (_, turn) => turn);

/** Appends text to a file, cut at any byte. */
function growLines(
  agent: string,
  path: string,
  lines: readonly object[],
  cut: (length: number) => number[],
): GrowingSession {
  const bytes = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const ends = [...cut(bytes.length), bytes.length].toSorted((a, b) => a - b);
  mkdirSync(dirname(path), { recursive: true });
  const steps = ends.map((end, index) => () => {
    appendFileSync(path, bytes.subarray(ends[index - 1] ?? 0, end));
  });
  const event = agent === 'pi' ? { name: 'turn_end', file: path } : eventAfterTool(agent, path);
  return { agent, event, steps, close: () => {} };
}

function eventAfterTool(agent: string, path: string): object {
  return { ...endEvent(agent, SESSION, path), hook_event_name: 'PostToolUse' };
}

/** Writes a whole document anew for each step. */
function growDocument(agent: string, path: string, documents: readonly object[]): GrowingSession {
  mkdirSync(dirname(path), { recursive: true });
  const steps = documents.map((document) => () => writeFileSync(path, JSON.stringify(document)));
  const transcript = path.replace(/\.settings\.json$/, '.jsonl');
  const event =
    agent === 'gemini'
      ? { hook_event_name: 'AfterTool', session_id: SESSION, transcript_path: path }
      : eventAfterTool(agent, transcript);
  return { agent, event, steps, close: () => {} };
}

/** Runs statements on a database whose rows are all in the write-ahead log while it is open. */
function growTable(
  agent: string,
  path: string,
  schema: string,
  statements: readonly [sql: string, ...values: unknown[]][],
  event: object,
): GrowingSession {
  mkdirSync(dirname(path), { recursive: true });
  for (const ending of ['', '-wal', '-shm']) rmSync(path + ending, { force: true });
  const db = new Database(path);
  db.pragma('journal_mode = WAL');
  db.pragma('wal_autocheckpoint = 0');
  db.exec(schema);
  const steps = statements.map(([sql, ...values]) => () => {
    db.prepare(sql).run(...values);
  });
  return { agent, event, steps, close: () => db.close() };
}

const codex: Grow = (home, turns, cut) => {
  const path = join(
    home,
    `.codex/sessions/2026/03/04/rollout-2026-03-04T05-06-07-${SESSION}.jsonl`,
  );
  const meta = { id: SESSION, session_id: SESSION, cwd: '/w', cli_version: '0.171.0' };
  const lines = turnsTo(turns).flatMap((turn) => [
    {
      timestamp: timeOf(turn),
      type: 'turn_context',
      payload: {
        turn_id: `t${turn}`,
        model: turn % 2 === 0 ? 'gpt-5.4' : 'gpt-5.4-mini',
        cwd: '/w',
      },
    },
    {
      timestamp: timeOf(turn),
      type: 'token_usage_record',
      payload: {
        thread_id: SESSION,
        session_id: SESSION,
        turn_id: `t${turn}`,
        response_id: `resp_${turn}`,
        usage: { input_tokens: 100 + turn, cached_input_tokens: 60, output_tokens: 10 + turn },
      },
    },
  ]);
  const first = { timestamp: timeOf(0), type: 'session_meta', payload: meta };
  return growLines('codex', path, [first, ...lines], cut);
};

/** Each total is written twice, the first line has none. */
const oldCodex: Grow = (home, turns, cut) => {
  const path = join(
    home,
    `.codex/sessions/2026/03/04/rollout-2026-03-04T05-06-07-${SESSION}.jsonl`,
  );
  const count = (turn: number, info: object | null) => ({
    timestamp: timeOf(turn),
    type: 'event_msg',
    payload: { type: 'token_count', info },
  });
  const lines = turnsTo(turns).flatMap((turn) => {
    const total = { input_tokens: 100 * (turn + 1), output_tokens: 10 * (turn + 1) };
    const line = count(turn, { total_token_usage: total });
    return [line, line];
  });
  const meta = { id: SESSION, cwd: '/w', cli_version: '0.104.0' };
  const first = [
    { timestamp: timeOf(0), type: 'session_meta', payload: meta },
    { timestamp: timeOf(0), type: 'turn_context', payload: { model: 'gpt-5', cwd: '/w' } },
    count(0, null),
  ];
  return growLines('codex', path, [...first, ...lines], cut);
};

function geminiMessage(turn: number): object {
  const tokens = { input: 100 + turn, output: 10, cached: 60, thoughts: 5, tool: 0 };
  const total = tokens.input + tokens.output + tokens.thoughts;
  return {
    id: `m${turn}`,
    timestamp: timeOf(turn),
    type: 'gemini',
    model: 'gemini-2.5-pro',
    tokens: { ...tokens, total },
  };
}

/** A message is written again once its tools are done. */
const gemini: Grow = (home, turns, cut) => {
  const path = join(home, '.gemini/tmp/p/chats/session-2026-03-04T05-06-11111111.jsonl');
  const header = { sessionId: SESSION, projectHash: 'x', startTime: timeOf(0), kind: 'main' };
  const lines = turnsTo(turns).flatMap((turn) => {
    const call = { id: `c${turn}`, name: 'list_directory', args: {} };
    const again = { ...geminiMessage(turn), toolCalls: [{ ...call, status: 'success' }] };
    return [geminiMessage(turn), again];
  });
  return growLines('gemini', path, [header, ...lines], cut);
};

const oldGemini: Grow = (home, turns) => {
  const path = join(home, '.gemini/tmp/p/chats/session-2026-03-04T05-06-11111111.json');
  const documents = turnsTo(turns).map((last) => ({
    sessionId: SESSION,
    startTime: timeOf(0),
    messages: turnsTo(last + 1).map(geminiMessage),
  }));
  return growDocument('gemini', path, documents);
};

const qwen: Grow = (home, turns, cut) => {
  const path = join(home, `.qwen/projects/-w/chats/${SESSION}.jsonl`);
  const lines = turnsTo(turns).map((turn) => ({
    uuid: `u${turn}`,
    sessionId: SESSION,
    timestamp: timeOf(turn),
    type: 'system',
    subtype: 'ui_telemetry',
    cwd: '/w',
    version: '0.24.4',
    systemPayload: {
      uiEvent: {
        'event.name': 'qwen-code.api_response',
        // Local servers send one id for all.
        response_id: 'chatcmpl-mock',
        model: 'qwen3-coder-plus',
        input_token_count: 100 + turn,
        output_token_count: 10,
        cached_content_token_count: 60,
        prompt_id: `p${turn}`,
      },
    },
  }));
  return growLines('qwen', path, lines, cut);
};

const pi: Grow = (home, turns, cut) => {
  const path = join(home, `.pi/agent/sessions/--w--/2026-03-04T05-06-07-000Z_${SESSION}.jsonl`);
  const header = { type: 'session', version: 3, id: SESSION, timestamp: timeOf(0), cwd: '/w' };
  const lines = turnsTo(turns).map((turn) => ({
    type: 'message',
    id: `e${turn}`,
    timestamp: timeOf(turn + 1),
    message: {
      role: 'assistant',
      model: 'gpt-5.4',
      provider: 'openai',
      responseId: `resp_${turn}`,
      timestamp: START_MS + turn * 1000,
      usage: { input: 40 + turn, output: 10, cacheRead: 60, cacheWrite: 0 },
    },
  }));
  return growLines('pi', path, [header, ...lines], cut);
};

const cline: Grow = (home, turns) => {
  const path = join(home, `.cline/data/sessions/${SESSION}/${SESSION}.messages.json`);
  const documents = turnsTo(turns).map((last) => ({
    messages: turnsTo(last + 1).map((turn) => ({
      id: `m${turn}`,
      role: 'assistant',
      ts: START_MS + turn * 1000,
      modelInfo: { id: 'gpt-5.4', provider: 'openai-native' },
      metrics: { inputTokens: 100 + turn, outputTokens: 10, cacheReadTokens: 60 },
    })),
  }));
  return growDocument('cline', path, documents);
};

/** Counters that only rise; by the last step they are `droidTotals`. */
const droid: Grow = (home, turns) => {
  const path = join(home, `.factory/sessions/-w/${SESSION}.settings.json`);
  const documents = turnsTo(turns).map((turn) => ({
    model: 'claude-sonnet-4-6',
    tokenUsage: droidTotals(turn + 1),
  }));
  const session = growDocument('droid', path, documents);
  const first = { type: 'session_start', id: SESSION, cwd: '/w' };
  writeFileSync(path.replace('.settings.json', '.jsonl'), `${JSON.stringify(first)}\n`);
  return session;
};

export function droidTotals(turns: number): Record<string, number> {
  return {
    inputTokens: 101 * turns,
    outputTokens: 11 * turns,
    cacheReadTokens: 61 * turns,
    cacheCreationTokens: 7 * turns,
    thinkingTokens: 0,
  };
}

const copilot: Grow = (home, turns) => {
  const schema = `CREATE TABLE sessions (id TEXT PRIMARY KEY, cwd TEXT, branch TEXT, created_at TEXT);
    CREATE TABLE assistant_usage_events (id INTEGER PRIMARY KEY, session_id TEXT, turn_index INTEGER,
      agent_id TEXT, parent_tool_call_id TEXT, model TEXT, input_tokens INTEGER, output_tokens INTEGER,
      cache_read_tokens INTEGER, cache_write_tokens INTEGER, reasoning_tokens INTEGER, created_at TEXT);
    INSERT INTO sessions VALUES ('${SESSION}', '/w', 'main', '${timeOf(0)}');`;
  const insert = `INSERT INTO assistant_usage_events VALUES (?, ?, ?, NULL, NULL, 'gpt-5.4', ?, 10, 60, 5, 0, ?)`;
  const statements = turnsTo(turns).map((turn): [string, ...unknown[]] => {
    return [insert, turn + 1, SESSION, turn, 100 + turn, timeOf(turn)];
  });
  const event = { hook_event_name: 'PostToolUse', session_id: SESSION };
  return growTable('copilot', join(home, '.copilot/session-store.db'), schema, statements, event);
};

/** A row is inserted with zeros and updated when its request has ended, here after the next has begun. */
const openCode: Grow = (home, turns) => {
  const schema = `CREATE TABLE session (id TEXT PRIMARY KEY, parent_id TEXT, directory TEXT, version TEXT,
      time_created INTEGER);
    CREATE TABLE message (id TEXT PRIMARY KEY, session_id TEXT, time_created INTEGER,
      time_updated INTEGER, data TEXT);
    INSERT INTO session VALUES ('${SESSION}', NULL, '/w', '1.18.34', ${START_MS});`;
  const dataOf = (turn: number, isEnded: boolean): string => {
    const created = START_MS + turn * 1000;
    const tokens = isEnded
      ? { input: 40 + turn, output: 10, reasoning: 3, cache: { read: 60, write: 5 } }
      : { input: 0, output: 0, reasoning: 0, cache: { read: 0, write: 0 } };
    const time = isEnded ? { created, completed: created + 500 } : { created };
    return JSON.stringify({
      role: 'assistant',
      modelID: 'gpt-5.4',
      providerID: 'openai',
      tokens,
      time,
    });
  };
  const begin = (turn: number): [string, ...unknown[]] => {
    const at = START_MS + turn * 1000;
    const values = [`m${turn}`, SESSION, at, at, dataOf(turn, false)];
    return ['INSERT INTO message VALUES (?, ?, ?, ?, ?)', ...values];
  };
  // Its time is that of its end: earlier than the row before it in the file, which was committed first.
  const end = (turn: number): [string, ...unknown[]] => {
    const values = [START_MS + turn * 1000 + 500, dataOf(turn, true), `m${turn}`];
    return ['UPDATE message SET time_updated = ?, data = ? WHERE id = ?', ...values];
  };
  const statements = turnsTo(turns).flatMap((turn) =>
    turn === 0 ? [begin(0)] : [begin(turn), end(turn - 1)],
  );
  const event = { hook_event_name: 'session.idle', properties: { sessionID: SESSION } };
  const path = join(home, '.local/share/opencode/opencode.db');
  return growTable('opencode', path, schema, [...statements, end(turns - 1)], event);
};

export const GROWING: Readonly<Record<string, Grow>> = {
  'Codex rollout': codex,
  'Codex rollout with counters': oldCodex,
  'Gemini chat': gemini,
  'old Gemini chat': oldGemini,
  'Qwen chat': qwen,
  'Pi session': pi,
  'Cline messages': cline,
  'Copilot store': copilot,
  'OpenCode database': openCode,
};

export { droid };
