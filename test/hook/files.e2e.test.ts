import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { agentOfEvent } from '../../src/agents/registry.ts';
import { runHook } from '../../src/hook/run.ts';
import { type Home, openFile, temporaryHome } from '../helpers/home.ts';
import { SILENT, hook, hookFile } from '../helpers/program/run.ts';
import { modesBelow, problems, recordedIds, spooled } from '../helpers/recorded.ts';
import { append, request, toolEvent, transcriptPath } from '../helpers/lines.ts';
import { boundUser, fold } from '../helpers/program/troubles.ts';

function event(home: Home, id: string): object {
  const path = append(transcriptPath(home, 's1'), request({ session: 's1', id }));
  chmodSync(path, 0o666);
  return toolEvent('s1', path);
}

describe('modes of what the hook makes', () => {
  test.each(['0000', '0022', '0077'])('are for the user alone under umask %s', (umask) => {
    const home = temporaryHome();
    const run = (input: object | string): void => {
      const text = typeof input === 'string' ? input : JSON.stringify(input);
      const args = ['-c', `umask ${umask}; exec "$0" "$1"`, process.execPath, hookFile];
      const { status, stdout, stderr } = spawnSync('/bin/sh', args, {
        input: text,
        env: home.env,
        encoding: 'utf8',
      });
      expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
    };
    run('no event');
    run(event(home, 'msg_1'));
    const db = openFile(home.ledger).exec('BEGIN IMMEDIATE');
    run(event(home, 'msg_2'));
    db.exec('ROLLBACK');
    const [batch, arrival, ...more] = spooled(home);
    expect(more).toEqual([]);
    expect(modesBelow(home.data)).toEqual({
      '.': '0700',
      'hook.log': '0600',
      spool: '0700',
      [`spool/${batch}`]: '0600',
      [`spool/${arrival}`]: '0600',
      'telemetry.db': '0600',
      'telemetry.db-shm': '0600',
      'telemetry.db-wal': '0600',
    });
    expect(modesBelow(join(home.folder, '.local'))['share']).toBe('0700');
  });
});

describe('a ledger that its user may not write', () => {
  test('the records are spooled, and drained once he may', () => {
    const home = temporaryHome();
    hook(home, event(home, 'msg_1'));
    fold(home);
    chmodSync(home.ledger, 0o400);
    const second = event(home, 'msg_2');
    const user = boundUser(home);
    if (user === null) return;
    expect(hook(home, second, user)).toEqual(SILENT);
    expect(problems(home)).toEqual([expect.stringMatching(/SQLITE_(READONLY|CANTOPEN)/)]);
    expect(spooled(home)).toHaveLength(2);
    // SQLite gives the files beside it the ledger's own mode.
    for (const end of ['', '-wal', '-shm']) chmodSync(home.ledger + end, 0o600);
    rmSync(home.projects, { recursive: true });
    expect(hook(home, toolEvent('s1', null, { transcript_path: '/gone' }), user)).toEqual(SILENT);
    expect(recordedIds(home)).toEqual(['msg_1', 'msg_2']);
    expect(spooled(home)).toEqual([]);
  });

  test('nor its folder: the transcript is read once he may', () => {
    const home = temporaryHome();
    hook(home, event(home, 'msg_1'));
    fold(home);
    const second = event(home, 'msg_2');
    chmodSync(home.ledger, 0o400);
    chmodSync(home.data, 0o500);
    const user = boundUser(home);
    if (user === null) return;
    expect(hook(home, second, user)).toEqual(SILENT);
    chmodSync(home.data, 0o700);
    chmodSync(home.ledger, 0o600);
    expect(hook(home, second, user)).toEqual(SILENT);
    expect(recordedIds(home)).toEqual(['msg_1', 'msg_2']);
  });
});

const KB = 1024;

describe('hook.log', () => {
  test('stays below half a megabyte however much goes wrong', () => {
    const home = temporaryHome();
    const input = {
      env: home.env,
      args: [],
      findAgent: agentOfEvent,
      text: 'no JSON',
      isLongLived: true,
    };
    let largest = 0;
    for (let index = 0; index < 20_000; index++) {
      runHook({ ...input, arrivedAtMs: Date.now() });
      if (index % 100 === 0) largest = Math.max(largest, statSync(home.log).size);
    }
    expect(largest).toBeGreaterThan(200 * KB);
    expect(largest).toBeLessThan(257 * KB);
    expect(statSync(`${home.log}.1`).size).toBeLessThan(257 * KB);
    expect(modesBelow(home.data)).toEqual({
      '.': '0700',
      'hook.log': '0600',
      'hook.log.1': '0600',
    });
  });

  test('keeps the last problem of a log that is full', () => {
    const home = temporaryHome();
    hook(home, 'no JSON');
    const full = `${'x'.repeat(99)}\n`.repeat(3000);
    writeFileSync(home.log, full);
    expect(hook(home, '[]')).toEqual(SILENT);
    expect(problems(home)).toEqual(['event: the event is not a JSON object']);
    expect(readFileSync(`${home.log}.1`, 'utf8')).toBe(full);
  });

  test('has one short line for a problem, whatever is in its text', () => {
    const home = temporaryHome();
    const name = `a\nb\u001B[31m${'x'.repeat(100_000)}`;
    expect(hook(home, event(home, 'msg_1'), { args: ['--agent', name] })).toEqual(SILENT);
    const lines = readFileSync(home.log, 'utf8').split('\n');
    expect(lines).toEqual([expect.stringMatching(/^\S{24} arguments: .{1,500}$/), '']);
    expect(lines[0]?.length).toBeLessThanOrEqual(500);
    expect(lines[0]).not.toContain('\u001B');
  });
});
