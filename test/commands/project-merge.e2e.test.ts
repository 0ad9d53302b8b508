import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Home, query, temporaryHome, writeSettings } from '../helpers/home.ts';
import { append, request, toolEvent, transcriptPath } from '../helpers/lines.ts';
import { good, keptScopes, statusOf } from '../helpers/program/budgets.ts';
import { report } from '../helpers/program/history.ts';
import { cli, hook } from '../helpers/program/run.ts';

/** Two projects with two requests and one request; the folder of the first is gone. */
function moved(): { home: Home; old: string; now: string } {
  const home = temporaryHome();
  const [old, now] = [join(home.folder, 'old/shop'), join(home.folder, 'new/shop')];
  mkdirSync(now, { recursive: true });
  const at = new Date().toISOString();
  append(
    transcriptPath(home, 's1'),
    request({ session: 's1', id: 'msg_1', cwd: old, at }),
    request({ session: 's1', id: 'msg_2', cwd: old, at }),
  );
  append(transcriptPath(home, 's2'), request({ session: 's2', id: 'msg_3', cwd: now, at }));
  return { home, old, now };
}

function byProject(home: Home): [unknown, number][] {
  const { groups } = report(home, 'summary', '--by', 'project');
  return groups
    .map(({ key, requests }): [unknown, number] => [key['project'], requests])
    .toSorted();
}

function merge(home: Home, ...args: string[]): string {
  const { status, stdout, stderr } = cli(home, ['project', 'merge', ...args]);
  if (status !== 0 || stderr !== '') throw new Error(`${status} ${stdout}${stderr}`);
  return stdout;
}

function isSound(home: Home): boolean {
  return cli(home, ['verify']).status === 0;
}

test('counts every request of the old project for the new one, also later and after an import', () => {
  const { home, old, now } = moved();
  expect(byProject(home)).toEqual([
    [now, 1],
    [old, 2],
  ]);
  expect(merge(home, old, now)).toBe(`2 requests of ${old} now counted for ${now}\n`);
  expect(byProject(home)).toEqual([[now, 3]]);
  expect(isSound(home)).toBe(true);
  expect(cli(home, ['import']).status).toBe(0);
  expect(byProject(home)).toEqual([[now, 3]]);
  const path = append(
    transcriptPath(home, 's3'),
    request({ session: 's3', id: 'msg_4', cwd: old }),
    request({ session: 's3', id: 'msg_5', cwd: join(old, 'web') }),
  );
  hook(home, toolEvent('s3', path, { cwd: old }));
  expect(byProject(home)).toEqual([[now, 5]]);
  for (const project of [old, now, 'shop']) {
    expect(report(home, 'summary', '--project', project).totals.requests).toBe(5);
  }
  expect(byProject(home).some(([root]) => root === old)).toBe(false);
  const sessions = query<{ root: string }>(
    home.ledger,
    `SELECT DISTINCT p.root FROM sessions s JOIN projects p ON p.id = s.project_id WHERE session_id = 's1'`,
  );
  expect(sessions).toEqual([{ root: now }]);
  expect(isSound(home)).toBe(true);
});

test('can be undone, also where another project was merged into the old one', () => {
  const { home, old, now } = moved();
  append(transcriptPath(home, 's4'), request({ session: 's4', id: 'msg_6', cwd: '/far/away' }));
  const before = byProject(home);
  merge(home, '/far/away', old);
  merge(home, old, now);
  expect(byProject(home)).toEqual([[now, 4]]);
  expect(merge(home, '--undo', old)).toBe(`3 requests counted for ${old} again\n`);
  expect(byProject(home)).toEqual([
    [now, 1],
    [old, 3],
  ]);
  merge(home, '--undo', 'away');
  expect(byProject(home)).toEqual(before);
  expect(isSound(home)).toBe(true);
});

test('takes the spend of budgets along, wherever they are set', () => {
  const { home, old, now } = moved();
  writeSettings(home, { budgets: { theirs: { limit: 5, per: 'total', project: old } } });
  report(home, 'summary');
  good(home, `set ours --limit 5 --per total --project ${now}`);
  good(home, `set both --limit 5 --per total --project ${old} --model claude-opus-4-5`);
  const each = statusOf(home, 'ours').spentNanoUsd;
  merge(home, old, now);
  for (const name of ['ours', 'theirs', 'both']) {
    expect([name, statusOf(home, name).spentNanoUsd]).toEqual([name, Number(each) * 3]);
  }
  expect(keptScopes(home).join('\n')).toContain(now);
  expect(isSound(home)).toBe(true);
  merge(home, '--undo', old);
  expect(statusOf(home, 'ours').spentNanoUsd).toBe(each);
  expect(statusOf(home, 'theirs').spentNanoUsd).toBe(Number(each) * 2);
  expect(statusOf(home, 'both').spentNanoUsd).toBe(Number(each) * 2);
  expect(isSound(home)).toBe(true);
});

test('refuses what it does not know, with the closest projects', () => {
  const { home, old, now } = moved();
  const refused = (...args: string[]): [number | null, string] => {
    const { status, stderr } = cli(home, ['project', 'merge', ...args]);
    return [status, stderr];
  };
  const wrong = `${old}s`;
  const [status, text] = refused(wrong, now);
  expect(status).toBe(2);
  expect(text).toContain(`project '${wrong}' is not in the ledger\nDid you mean ${old}`);
  expect(refused(old, '/no/such/place')[0]).toBe(2);
  expect(refused(old)[0]).toBe(2);
  expect(refused('--undo', old)).toEqual([
    2,
    `tallyhook: project '${old}' is not merged into another one\nName the project that was merged: its folder or its name.\n`,
  ]);
  merge(home, old, now);
  expect(refused(old, now)).toEqual([2, `tallyhook: ${old} and ${now} are one project already\n`]);
  expect(byProject(home)).toEqual([[now, 3]]);
});
