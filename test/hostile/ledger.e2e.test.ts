// A ledger that is not ours, not whole or not writable: the hook spools, each command says in a line
// what is wrong and what to do, and nothing of another program's file is touched.
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeSync,
  closeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { type Home, query, temporaryHome } from '../helpers/home.ts';
import { SILENT, cli, hook } from '../helpers/program/run.ts';
import { makeHistory } from '../helpers/sample-history.ts';

const COMMANDS = [
  [],
  ['summary'],
  ['daily'],
  ['sessions'],
  ['requests'],
  ['summary', '--by', 'tool'],
  ['summary', '--by', 'cause'],
  ['export'],
  ['budget'],
  ['budget', 'set', 'b', '--limit', '1', '--per', 'day'],
  ['alerts'],
  ['coverage'],
  ['explain'],
  ['cache-misses'],
  ['pricing', 'unknown'],
  ['reprice'],
  ['import'],
  ['project'],
  ['verify'],
  ['doctor'],
];

function expectLines(home: Home): void {
  for (const args of COMMANDS) {
    const { status, stderr } = cli(home, args);
    const name = args.join(' ');
    expect([name, status]).toEqual([name, expect.toBeOneOf([0, 1, 2])]);
    expect([name, /^ +at .*:\d+:\d+\)?$/m.test(stderr)]).toEqual([name, false]);
    expect([name, stderr.split('\n').length <= 5]).toEqual([name, true]);
  }
}

function stopEvent(home: Home): object {
  const [transcript = ''] = readdirSync(home.projects, { recursive: true })
    .map((name) => join(home.projects, String(name)))
    .filter((path) => path.endsWith('.jsonl'));
  return { hook_event_name: 'Stop', session_id: 's1', transcript_path: transcript };
}

describe('a database of another program', () => {
  for (const version of [0, 1, 8, 12]) {
    test(`with schema number ${version}`, () => {
      const home = temporaryHome();
      makeHistory(home, 3);
      mkdirSync(home.data, { recursive: true });
      const db = new Database(home.ledger);
      db.exec('CREATE TABLE meta (key TEXT, value TEXT); CREATE TABLE notes (text TEXT)');
      db.pragma(`user_version = ${version}`);
      db.close();
      const before = readFileSync(home.ledger);
      expect(hook(home, stopEvent(home))).toEqual(SILENT);
      expect(readdirSync(home.spool)).not.toEqual([]);
      const { status, stderr } = cli(home, ['summary']);
      expect(status).toBe(2);
      expect(stderr).toContain(`${home.ledger} is a database of another program`);
      expectLines(home);
      expect(readFileSync(home.ledger).equals(before)).toBe(true);
    });
  }
});

describe('a damaged ledger', () => {
  // Every page but those of the schema, one kind after another: what was read before is answered.
  for (const from of [2, 5, 20, 60]) {
    test(`with every third page from ${from} overwritten`, () => {
      const home = temporaryHome();
      makeHistory(home, 40);
      expect(cli(home, ['import']).status).toBe(0);
      const pageBytes = 4096;
      const pages = statSync(home.ledger).size / pageBytes;
      const fd = openSync(home.ledger, 'r+');
      for (let page = from; page < pages; page += 3) {
        writeSync(fd, Buffer.alloc(64, 0xff), 0, 64, page * pageBytes);
      }
      closeSync(fd);
      expect(hook(home, stopEvent(home))).toEqual(SILENT);
      expectLines(home);
    });
  }

  test('names the file and the way out', () => {
    const home = temporaryHome();
    makeHistory(home, 40);
    cli(home, ['import']);
    const fd = openSync(home.ledger, 'r+');
    const { size } = statSync(home.ledger);
    // The first page stays: the file is taken for a ledger, and breaks when it is read.
    writeSync(fd, Buffer.alloc(size - 4096, 0xff), 0, size - 4096, 4096);
    closeSync(fd);
    const { status, stderr } = cli(home, ['daily', '--no-refresh']);
    expect(status).toBe(2);
    expect(stderr).toContain(home.ledger);
    expect(stderr).toContain('is damaged');
    expect(stderr).toContain('tallyhook import');
  });
});

describe('a ledger that was read-only', () => {
  test.runIf(process.getuid?.() === 0)('is written again once it may be', () => {
    const home = temporaryHome();
    makeHistory(home, 3);
    cli(home, ['import']);
    const user = 65_534;
    const owned = readdirSync(home.folder, { recursive: true }).map((name) =>
      join(home.folder, String(name)),
    );
    for (const path of [home.folder, ...owned]) chownSync(path, user, user);
    chmodSync(home.ledger, 0o444);
    expect(hook(home, stopEvent(home), { uid: user })).toEqual(SILENT);
    // What a reader that is killed leaves of a read-only ledger.
    for (const suffix of ['-wal', '-shm']) {
      cpSync(home.ledger, `${home.ledger}${suffix}`);
      rmSync(`${home.ledger}${suffix}`);
      closeSync(openSync(`${home.ledger}${suffix}`, 'w', 0o444));
      chownSync(`${home.ledger}${suffix}`, user, user);
    }
    chmodSync(home.ledger, 0o600);
    expect(hook(home, { ...stopEvent(home), session_id: 's9' }, { uid: user })).toEqual(SILENT);
    const events = query(
      home.ledger,
      `SELECT count(*) AS n FROM hook_events WHERE session_id = 's9'`,
    );
    expect(events).toEqual([{ n: 1 }]);
    expect(dirname(home.ledger)).toBe(home.data);
  });
});
