import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import type { Home } from './home.ts';

/** Sessions of other agents, as small as they can be: one prompt, and requests of 1000 and 100 tokens. */

const AT_MS = Date.parse('2026-11-20T10:00:00Z');
export const CODEX_SESSION = '01a22a67-c1bc-70d2-8640-5af2313e093d';
export const OPENCODE_SESSION = 'ses_1';
export const CLINE_SESSION = '1796009445304_abcde';

/** Codex logs lines. @returns the rollout's path */
export function writeCodex(home: Home, requests: number, model = 'gpt-5.5'): string {
  const name = `rollout-2026-11-20T10-00-00-${CODEX_SESSION}.jsonl`;
  const path = join(home.folder, '.codex/sessions/2026/11/20', name);
  const line = (type: string, payload: object, second: number): string =>
    `${JSON.stringify({ timestamp: new Date(AT_MS + second * 1000).toISOString(), type, payload })}\n`;
  mkdirSync(dirname(path), { recursive: true });
  const meta = { session_id: CODEX_SESSION, id: CODEX_SESSION, cwd: home.folder };
  writeFileSync(path, line('session_meta', { ...meta, model_provider: 'openai' }, 0));
  appendFileSync(path, line('turn_context', { turn_id: 'turn_1', cwd: home.folder, model }, 1));
  for (let at = 0; at < requests; at++) {
    const ids = { thread_id: CODEX_SESSION, session_id: CODEX_SESSION, turn_id: 'turn_1' };
    const usage = { input_tokens: 1000, output_tokens: 100, total_tokens: 1100 };
    appendFileSync(
      path,
      line('token_usage_record', { ...ids, response_id: `resp_${at}`, usage }, at + 2),
    );
  }
  return path;
}

/** OpenCode keeps a table. */
export function writeOpenCode(home: Home, requests: number): void {
  const path = join(home.folder, '.local/share/opencode/opencode.db');
  mkdirSync(dirname(path), { recursive: true });
  const db = new Database(path);
  db.exec(`CREATE TABLE session (id TEXT PRIMARY KEY, parent_id TEXT, directory TEXT NOT NULL,
      version TEXT NOT NULL, time_created INTEGER NOT NULL);
    CREATE TABLE message (id TEXT PRIMARY KEY, session_id TEXT NOT NULL, time_created INTEGER NOT NULL,
      time_updated INTEGER NOT NULL, data TEXT NOT NULL)`);
  db.prepare('INSERT INTO session VALUES (?, NULL, ?, ?, ?)').run(
    OPENCODE_SESSION,
    home.folder,
    '1.18.34',
    AT_MS,
  );
  const insert = db.prepare('INSERT INTO message VALUES (?, ?, ?, ?, ?)');
  for (let at = 0; at < requests; at++) {
    const [created, completed] = [AT_MS + at * 2000 + 1000, AT_MS + at * 2000 + 2000];
    const data = {
      role: 'assistant',
      parentID: 'msg_0',
      tokens: { input: 1000, output: 100, reasoning: 0, cache: { read: 0, write: 0 } },
      modelID: 'gpt-5.4',
      providerID: 'openai',
      time: { created, completed },
    };
    insert.run(`msg_${at + 1}`, OPENCODE_SESSION, created, completed, JSON.stringify(data));
  }
  db.close();
}

/** Cline keeps a document, written anew after each message. */
export function writeCline(home: Home, requests: number): void {
  const folder = join(home.folder, '.cline/data/sessions', CLINE_SESSION);
  const messages = Array.from({ length: requests }, (_, at) => ({
    id: `msg_${at}`,
    role: 'assistant',
    content: [{ type: 'text', text: 'Done.' }],
    ts: AT_MS + at * 1000,
    modelInfo: { id: 'gpt-5.4', provider: 'openai-native' },
    metrics: { inputTokens: 1000, outputTokens: 100, cacheReadTokens: 0, cacheWriteTokens: 0 },
  }));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${CLINE_SESSION}.json`), JSON.stringify({ cwd: home.folder }));
  const document = { version: 1, sessionId: CLINE_SESSION, messages };
  writeFileSync(join(folder, `${CLINE_SESSION}.messages.json`), JSON.stringify(document));
}
