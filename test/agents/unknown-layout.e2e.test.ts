import { dirname, join } from 'node:path';
import { mkdirSync } from 'node:fs';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { agentFiles } from '../helpers/agent-home.ts';
import { type Home, temporaryHome } from '../helpers/home.ts';
import { agentHook, importAll } from '../helpers/program/agents.ts';
import { cli } from '../helpers/program/run.ts';

const LAYOUTS = [
  {
    agent: 'copilot',
    file: '.copilot/session-store.db',
    sql: `CREATE TABLE sessions (id TEXT PRIMARY KEY, cwd TEXT, branch TEXT, created_at TEXT);
      CREATE TABLE assistant_usage_events (id INTEGER PRIMARY KEY, session_id TEXT, usage TEXT);`,
    event: { hook_event_name: 'Stop', session_id: 's' },
    named:
      'the database of GitHub Copilot CLI has another layout: assistant_usage_events.turn_index',
  },
  {
    agent: 'opencode',
    file: '.local/share/opencode/opencode.db',
    sql: `CREATE TABLE session (id TEXT PRIMARY KEY, version TEXT);
      CREATE TABLE turn (id TEXT PRIMARY KEY, tokens TEXT);
      INSERT INTO session VALUES ('s', '3.0.1');`,
    event: { hook_event_name: 'session.idle', properties: { sessionID: 's' } },
    named: 'the database of OpenCode 3.0.1 has another layout: message, session.parent_id',
  },
];

function createDatabase(home: Home, file: string, sql: string): void {
  const path = join(home.folder, file);
  mkdirSync(dirname(path), { recursive: true });
  const db = new Database(path);
  db.pragma('journal_mode = WAL');
  db.exec(sql);
  db.close();
}

describe('a database of an unknown layout', () => {
  test.each(LAYOUTS)('of $agent is named, and not touched', async (layout) => {
    const { agent, file, sql, event, named } = layout;
    const home = temporaryHome();
    createDatabase(home, file, sql);
    const before = agentFiles(home);
    await agentHook(home, agent, event);
    const { unread } = importAll(home);
    expect(unread).toMatchObject([{ path: join(home.folder, file) }]);
    expect(unread[0]?.reason).toContain(named);
    for (const command of ['import', 'doctor', 'verify']) {
      const { stdout, stderr } = cli(home, [command]);
      expect((stdout + stderr).replace(/\s+/g, ' '), command).toContain(named);
    }
    expect(agentFiles(home)).toEqual(before);
  });
});
