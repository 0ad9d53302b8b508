// A full disk is named as what it is, by hook and commands alike; nothing is lost to it.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type Home, query, temporaryHome } from '../helpers/home.ts';
import { SILENT, cli, hook } from '../helpers/program/run.ts';
import { makeHistory } from '../helpers/sample-history.ts';

/** Puts the ledger's folder on a disk of its own, of 4 MB; false where only root might. */
function mountDisk(home: Home): boolean {
  mkdirSync(home.data, { recursive: true });
  const options = ['-t', 'tmpfs', '-o', 'size=4m,mode=700', 'tmpfs', home.data];
  if (spawnSync('mount', options).status !== 0) return false;
  onTestFinished(() => {
    spawnSync('umount', [home.data]);
  });
  return true;
}

function fill(home: Home): void {
  const { bavail, bsize } = statfsSync(home.data);
  writeFileSync(join(home.data, 'fill'), Buffer.alloc(bavail * bsize));
}

test.for([
  ['before there is a ledger', []],
  ['after there is a ledger', [2]],
] as const)('a disk that is full %s', ([, imported], { skip }) => {
  const home = temporaryHome();
  if (!mountDisk(home)) skip('no file system can be mounted here');
  for (const sessions of imported) {
    makeHistory(home, sessions);
    expect(cli(home, ['import']).status).toBe(0);
  }
  fill(home);
  makeHistory(home, 400);
  const event = {
    hook_event_name: 'Stop',
    session_id: 's1',
    transcript_path: join(home.projects, 'p/s1.jsonl'),
  };
  expect(hook(home, event)).toEqual(SILENT);
  for (const args of [['summary'], [], ['import'], ['daily']]) {
    const { stdout, stderr } = cli(home, args);
    expect(stderr).toMatch(/disk is (?:full|almost full)/);
    expect(stderr).not.toContain('Move');
    expect(stdout).not.toContain('no transcripts');
  }
  rmSync(join(home.data, 'fill'));
  expect(existsSync(home.data)).toBe(true);
  expect(hook(home, event)).toEqual(SILENT);
  expect(cli(home, ['import']).status).toBe(0);
  expect(query(home.ledger, 'SELECT count(*) AS n FROM cost_records')).toEqual([{ n: 400 }]);
});
