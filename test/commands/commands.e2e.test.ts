import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { HISTORY_TOTALS, writeHistory, report } from '../helpers/program/history.ts';
import { cli, cliFile, hook } from '../helpers/program/run.ts';
import { openFile, temporaryHome } from '../helpers/home.ts';
import { modesBelow } from '../helpers/recorded.ts';
import { append, request, toolEvent, transcriptPath } from '../helpers/lines.ts';
import { spoilPages } from '../helpers/program/troubles.ts';

describe('a machine where tallyhook has never run', () => {
  test('bare tallyhook reads the history and answers', () => {
    const home = temporaryHome();
    const { shop } = writeHistory(home);
    const { status, stdout, stderr } = cli(home, [], { cwd: shop });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^Today +0 +0 +0 +\$0\.0000$/m);
    expect(stdout).toMatch(/^Project shop +4 +610 +14\.1K +\$0\.0457$/m);
    expect(stdout).toMatch(/^Last session 0b222222 +2 +89 +596 +\$0\.0212$/m);
    expect(stdout).toMatch(/^All time +6 +699 +14\.7K +\$0\.0669$/m);
    expect(modesBelow(home.data)).toMatchObject({ '.': '0700', 'telemetry.db': '0600' });
  });

  test.each([[[]], [['summary']], [['daily']], [['summary', '--session', 'last']]])(
    'without a transcript %j is friendly, and its JSON valid and empty',
    (args) => {
      const home = temporaryHome();
      const { status, stdout, stderr } = cli(home, args);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      // A person is told that there is nothing, not shown a table without rows.
      expect(stdout).toMatch(/nothing|no requests/i);
      const { totals, groups } = report(home, ...args);
      expect(new Set(Object.values(totals))).toEqual(new Set([0]));
      expect(groups).toEqual([]);
    },
  );

  test('without even a folder of transcripts', () => {
    const home = temporaryHome();
    const env = { CLAUDE_CONFIG_DIR: join(home.folder, 'nowhere') };
    const stderr = expect.stringContaining(`not included: ${env.CLAUDE_CONFIG_DIR} (`);
    expect(cli(home, [], { env })).toMatchObject({ status: 0, stderr });
    expect(cli(home, ['import'], { env }).stdout).toMatch(/^0 files, /);
  });

  test('transcripts are found in each of the folders that the client may use', () => {
    const home = temporaryHome();
    const places = ['.claude', '.config/claude', 'one', 'two'];
    for (const place of places) {
      const path = join(home.folder, place, 'projects/-p', `${place.slice(-3)}.jsonl`);
      append(path, request({ session: place, id: place }));
    }
    expect(report(home, 'summary').totals.requests).toBe(2);
    const env = { CLAUDE_CONFIG_DIR: `${join(home.folder, 'one')}, ${join(home.folder, 'two')}` };
    cli(home, ['import'], { env });
    cli(home, ['import'], { env });
    expect(report(home, 'summary').totals.requests).toBe(4);
  });
});

describe('import', () => {
  test('twice: the second finds nothing new', () => {
    const home = temporaryHome();
    writeHistory(home);
    const first = report<Record<string, number>>(home, 'import');
    expect(first).toEqual({
      schemaVersion: 1,
      files: 3,
      clients: [{ client: 'claude-code', title: 'Claude Code', files: 3 }],
      lines: 10,
      addedRequests: 6,
      knownRequests: 0,
      seconds: expect.any(Number),
      unread: [],
    });
    const second = report<Record<string, number>>(home, 'import');
    expect(second).toMatchObject({ files: 3, lines: 0, addedRequests: 0, knownRequests: 0 });
    expect(cli(home, ['import'])).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(
        /^3 files, 0 new lines: 0 requests added, 0 already recorded, [\d.]+ s\n$/,
      ),
      stderr: '',
    });
  });

  test('--projects reads another place, and complains of one that is not there', () => {
    const home = temporaryHome();
    const other = join(home.folder, 'other');
    append(join(other, '-p/s9.jsonl'), request({ session: 's9', id: 'msg_9' }));
    expect(
      report<{ addedRequests: number }>(home, 'import', '--projects', other).addedRequests,
    ).toBe(1);
    expect(cli(home, ['import', '--projects', join(home.folder, 'none')])).toEqual({
      status: 2,
      signal: null,
      stdout: '',
      stderr: `tallyhook: --projects: there is no folder ${join(home.folder, 'none')}\n`,
    });
  });
});

describe('what is new since the last time', () => {
  test('is in the answer, also without a hook; --no-refresh leaves it out', () => {
    const home = temporaryHome();
    writeHistory(home);
    expect(report(home, 'summary', '--no-refresh').totals.requests).toBe(0);
    expect(report(home, 'summary').totals).toEqual(HISTORY_TOTALS);
    append(transcriptPath(home, 's9'), request({ session: 's9', id: 'msg_9' }));
    expect(report(home, 'summary', '--no-refresh').totals.requests).toBe(6);
    expect(report(home, 'daily').totals.requests).toBe(7);
    expect(report(home, 'summary', '--no-refresh').totals.requests).toBe(7);
  });

  test('what waits in the spool is in the answer', () => {
    const home = temporaryHome();
    hook(
      home,
      toolEvent('s1', append(transcriptPath(home, 's1'), request({ session: 's1', id: 'a' }))),
    );
    const db = openFile(home.ledger).exec('BEGIN IMMEDIATE');
    const usage = { input_tokens: 1, output_tokens: 1 };
    hook(home, toolEvent('s2', null, { usage, model: 'claude-opus-4-5' }));
    db.exec('ROLLBACK');
    expect(report(home, 'summary').totals.requests).toBe(2);
    expect(readdirSync(home.spool)).toEqual([]);
  });
});

test('hook-path prints the absolute path of a file that is there', () => {
  const home = temporaryHome();
  const { status, stdout, stderr } = cli(home, ['hook-path']);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const path = stdout.trimEnd();
  expect(stdout).toBe(`${path}\n`);
  expect(isAbsolute(path) && existsSync(path)).toBe(true);
  expect(existsSync(home.ledger)).toBe(false);
});

describe('verify', () => {
  test('finds no fault in a sound ledger', () => {
    const home = temporaryHome();
    writeHistory(home);
    cli(home, ['import']);
    expect(cli(home, ['verify'])).toMatchObject({ status: 0, stderr: '' });
    expect(report<{ isSound: boolean }>(home, 'verify').isSound).toBe(true);
  });

  test('finds missing roll-ups, of each dimension by itself', () => {
    const home = temporaryHome();
    writeHistory(home);
    cli(home, ['import']);
    const db = openFile(home.ledger);
    const names = db.prepare('SELECT DISTINCT dimension FROM rollups').pluck().all() as string[];
    const unnoticed = names.filter((name) => {
      const kept = db.prepare('SELECT * FROM rollups WHERE dimension = ?').all(name) as object[];
      db.prepare('DELETE FROM rollups WHERE dimension = ?').run(name);
      const { status } = cli(home, ['verify']);
      const columns = Object.keys(kept[0] ?? {});
      const insert = db.prepare(
        `INSERT INTO rollups VALUES (${columns.map((c) => `@${c}`).join(', ')})`,
      );
      for (const row of kept) insert.run(row);
      return status !== 1;
    });
    expect(unnoticed).toEqual([]);
    db.exec('DELETE FROM rollups');
    const { status, stderr, stdout } = cli(home, ['verify']);
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
    expect(stdout).toMatch(/^FAULT roll-up by model: \d+ differences$/m);
  });

  test.each(['spoiled pages', 'garbage'])('finds %s, without a stack trace', (kind) => {
    const home = temporaryHome();
    writeHistory(home);
    cli(home, ['import']);
    if (kind === 'garbage') writeFileSync(home.ledger, 'no database at all\n'.repeat(1000));
    else spoilPages(home);
    const { status, stdout, stderr } = cli(home, ['verify']);
    expect(stderr + stdout).not.toMatch(/^ {4}at /m);
    expect(status).toBe(1);
  });
});

test.each([[['sessions']], [['sessions', '--json']], [['import']], [['--help']]])(
  'a reader that has seen enough of %j is no failure',
  (args) => {
    const home = temporaryHome();
    for (let index = 0; index < 2000; index++) {
      const session = `s${index}`;
      append(transcriptPath(home, 'all'), request({ session, id: `msg_${index}` }));
    }
    const script = '{ "$@"; echo "status $?" >&2; } | head -1';
    const { status, stderr } = spawnSync(
      '/bin/sh',
      ['-c', script, 'sh', process.execPath, cliFile, ...args],
      { env: home.env, encoding: 'utf8', timeout: 30_000 },
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: 'status 0\n' });
  },
);
