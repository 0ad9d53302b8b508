import { join } from 'node:path';
import { expect, test } from 'vitest';
import { UNKNOWN_AGENT_TYPE } from '../../../src/core/record/agent-type.ts';
import { type Ledger, openLedger } from '../../../src/store/connection/open.ts';
import { firstSchema } from '../../../src/store/migrations/first/index.ts';
import {
  faultsOf,
  importInto,
  recordsOf,
  temporaryFolder,
  temporaryLedger,
} from '../../helpers/ledger.ts';
import { type Line, assistantLine, textOf, time, writeTree } from '../../helpers/transcripts.ts';

const born = (session: string, at: number): Line => ({
  type: 'queue-operation',
  sessionId: session,
  timestamp: time(at),
});
const line = (session: string, message: string, input: number, at: number): Line =>
  assistantLine({ session, message, input, at, uuid: `${message}-${at}` });

const { attributionAgent: _, ...untyped } = assistantLine({
  session: 'p',
  message: 'side',
  agent: 'a1',
});

/** A fork's copy, a gateway's constant id, and a subagent of unknown type. */
const TREE = {
  'p/p.jsonl': textOf([born('p', 0), line('p', 'm', 5, 1)]),
  'p/f.jsonl': textOf([born('f', 9), line('f', 'm', 5, 1)]),
  'p/g.jsonl': textOf([
    born('g', 0),
    line('g', 'c', 1, 1),
    line('g', 'c', 2, 2),
    line('g', 'c', 3, 3),
  ]),
  'p/p/subagents/agent-a1.jsonl': textOf([untyped]),
};

/** The ledger that the first version made of these transcripts. */
function oldLedger(from: Ledger, path: string): void {
  const db = openLedger(path, { busyTimeoutMs: 1000, migrations: [firstSchema] });
  db.prepare('ATTACH DATABASE ? AS made').run(from.name);
  for (const table of ['transcripts', 'thread_state', 'projects', 'project_paths']) {
    const columns = db.prepare('SELECT name FROM pragma_table_info(?)').pluck().all(table).join();
    db.exec(`INSERT INTO ${table} SELECT ${columns} FROM made.${table}`);
  }
  db.exec(`
    INSERT INTO sessions (session_id, born_at_ms) SELECT session_id, born_at_ms FROM made.sessions;
    INSERT INTO cost_records SELECT * FROM made.cost_records WHERE id NOT IN ('c|@1:0:0', 'c|@2:0:0');
    UPDATE cost_records SET id = message_id || '|@' || session_id, agent_type = NULL;
    CREATE TEMP TABLE copy AS SELECT * FROM cost_records WHERE message_id = 'm';
    UPDATE copy SET seq = 100, id = 'm|@f', session_id = 'f';
    INSERT INTO cost_records SELECT * FROM copy;
    DELETE FROM rollup_pending;`);
  db.close();
}

test('a ledger of the first version becomes what this version makes of the transcripts', () => {
  const folder = temporaryFolder();
  writeTree(folder, TREE);
  const { db: fresh } = temporaryLedger();
  importInto(fresh, folder);
  const path = join(temporaryFolder(), 'telemetry.db');
  oldLedger(fresh, path);
  const db = openLedger(path, { busyTimeoutMs: 1000 });
  try {
    const ids = (): unknown[] =>
      db.prepare('SELECT id FROM cost_records ORDER BY id').pluck().all();
    expect(ids()).toEqual(['c|@3:0:0', 'm|@5:0:0', 'side|@10:0:0']);
    expect(db.prepare('SELECT count(*) FROM removed_records').pluck().get()).toBe(0);
    importInto(db, folder);
    expect(recordsOf(db)).toEqual(recordsOf(fresh));
    expect(
      db.prepare(`SELECT agent_type FROM cost_records WHERE agent_id = 'a1'`).pluck().get(),
    ).toBe(UNKNOWN_AGENT_TYPE);
    expect(importInto(db, folder)).toMatchObject({ lines: 0, addedRequests: 0 });
  } finally {
    db.close();
  }
});

test('what an upgrade changed is in the sums, even if no transcript is left', () => {
  const folder = temporaryFolder();
  const { db } = temporaryLedger();
  writeTree(folder, TREE);
  importInto(db, folder);
  db.exec(`UPDATE cost_records SET agent_type = 'other' WHERE agent_id = 'a1'`);
  expect(faultsOf(db)).not.toEqual([]);
  importInto(db, temporaryFolder());
  expect(faultsOf(db)).toEqual([]);
});
