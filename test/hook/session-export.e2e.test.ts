import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { type Home, temporaryHome, writeSettings } from '../helpers/home.ts';
import { SILENT, hook, hookFile } from '../helpers/program/run.ts';
import { problems } from '../helpers/recorded.ts';
import { append, request, toolEvent, transcriptPath } from '../helpers/lines.ts';

const SESSION = '0c333333-0000-4000-8000-000000000003';

function sessionEnd(home: Home, session = SESSION): object {
  const path = append(
    transcriptPath(home, session.replace(/[^\w-]/g, '')),
    request({ session, id: `msg_${session}`, output: 70 }),
  );
  return { ...toolEvent(session, path), hook_event_name: 'SessionEnd', reason: 'exit' };
}

/** The export runs on after the hook has ended. */
async function written(path: string): Promise<string> {
  for (let tries = 0; tries < 1600; tries++) {
    if (existsSync(path)) return readFileSync(path, 'utf8');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`${path} was not written`);
}

/** Until hook.log has a line. */
async function told(home: Home): Promise<string[]> {
  for (let tries = 0; tries < 1600 && problems(home).length === 0; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return problems(home);
}

test('off by default, and with EXPORT_COSTS_ON_EXIT=false whatever the settings say', async () => {
  const home = temporaryHome();
  expect(hook(home, sessionEnd(home))).toEqual(SILENT);
  writeSettings(home, { export: { onSessionEnd: true } });
  const env = { EXPORT_COSTS_ON_EXIT: 'false' };
  expect(hook(home, sessionEnd(home), { env })).toEqual(SILENT);
  // What would have been started by them is done when this one is.
  hook(home, sessionEnd(home, 'later'));
  await written(join(home.data, 'exports/later.json'));
  expect(readdirSync(join(home.data, 'exports'))).toEqual(['later.json']);
});

test.each(['true', '1'])('EXPORT_COSTS_ON_EXIT=%s: JSON beside the ledger', async (value) => {
  const home = temporaryHome();
  const event = sessionEnd(home);
  expect(hook(home, event, { env: { EXPORT_COSTS_ON_EXIT: value } })).toEqual(SILENT);
  const path = join(home.data, 'exports', `${SESSION}.json`);
  const document = JSON.parse(await written(path)) as { records: object[] };
  expect(document).toMatchObject({ filters: { session: SESSION } });
  expect(document.records).toMatchObject([{ messageId: `msg_${SESSION}`, outputTokens: 70 }]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(join(home.data, 'exports')).mode & 0o777).toBe(0o700);
  expect(problems(home)).toEqual([]);
});

test.each([
  ['~/costs', `costs/${SESSION}.json`],
  ['~/last.csv', 'last.csv'],
  ['reports', `.local/share/tallyhook/reports/${SESSION}.json`],
])('EXPORT_COSTS_ON_EXIT=%s names a place', async (value, path) => {
  const home = temporaryHome();
  hook(home, sessionEnd(home), { env: { EXPORT_COSTS_ON_EXIT: value } });
  expect(await written(join(home.folder, path))).toContain(`msg_${SESSION}`);
});

test('the setting names format and folder', async () => {
  const home = temporaryHome();
  writeSettings(home, { export: { onSessionEnd: { format: 'ndjson', folder: '~/costs' } } });
  expect(hook(home, sessionEnd(home))).toEqual(SILENT);
  const text = await written(join(home.folder, 'costs', `${SESSION}.ndjson`));
  expect(JSON.parse(text)).toMatchObject({ sessionId: SESSION });
});

test('a setting that means nothing is a line in hook.log, and no export', () => {
  const home = temporaryHome();
  writeSettings(home, { export: { onSessionEnd: { format: 'xml' } } });
  expect(hook(home, sessionEnd(home))).toEqual(SILENT);
  expect(problems(home)).toMatchObject([expect.stringContaining('export.onSessionEnd')]);
  expect(existsSync(join(home.data, 'exports'))).toBe(false);
});

test('only the end of a session exports', async () => {
  const home = temporaryHome();
  const env = { EXPORT_COSTS_ON_EXIT: 'true' };
  const event = sessionEnd(home);
  for (const name of ['PostToolUse', 'Stop', 'SubagentStop', 'SessionStart']) {
    hook(home, { ...event, hook_event_name: name }, { env });
  }
  hook(home, sessionEnd(home, 'later'), { env });
  await written(join(home.data, 'exports/later.json'));
  expect(readdirSync(join(home.data, 'exports'))).toEqual(['later.json']);
});

test('a session id that is no file name gets one, and two never share it', async () => {
  const home = temporaryHome();
  const env = { EXPORT_COSTS_ON_EXIT: 'true' };
  for (const id of ['../../escaped', '--output=x', 'a/b', 'a_b'])
    hook(home, sessionEnd(home, id), { env });
  await written(join(home.data, 'exports/a_b.json'));
  const names = (): string[] => readdirSync(join(home.data, 'exports')).toSorted();
  while (names().filter((name) => name.endsWith('.json')).length < 4) {
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  expect(names().map((name) => name.replace(/-[0-9a-f]{12}\./, '-#.'))).toEqual([
    '--output_x-#.json',
    '__.._escaped-#.json',
    'a_b-#.json',
    'a_b.json',
  ]);
});

test('sessions that end at once each get their file', async () => {
  const home = temporaryHome();
  const env = { ...home.env, EXPORT_COSTS_ON_EXIT: 'true' };
  const sessions = Array.from({ length: 6 }, (_, n) => `session-${n}`);
  for (const session of sessions) {
    const child = spawn(process.execPath, [hookFile], { env, stdio: ['pipe', 'ignore', 'ignore'] });
    child.stdin.end(JSON.stringify(sessionEnd(home, session)));
  }
  for (const session of sessions) {
    const document = JSON.parse(await written(join(home.data, `exports/${session}.json`))) as {
      records: object[];
    };
    expect(document.records).toMatchObject([{ sessionId: session }]);
  }
});

test('what the hook had to spool is in the export all the same', async () => {
  const home = temporaryHome();
  hook(home, sessionEnd(home, 'before'));
  const db = new Database(home.ledger);
  db.exec('BEGIN IMMEDIATE');
  const path = join(home.data, 'exports', `${SESSION}.json`);
  hook(home, sessionEnd(home), { env: { EXPORT_COSTS_ON_EXIT: 'true' } });
  db.exec('COMMIT');
  db.close();
  expect((JSON.parse(await written(path)) as { records: object[] }).records).toHaveLength(1);
});

test('a place that can not be written is one line in hook.log, and silence', async () => {
  const home = temporaryHome();
  writeFileSync(join(home.folder, 'taken'), '');
  const env = { EXPORT_COSTS_ON_EXIT: '~/taken/costs' };
  expect(hook(home, sessionEnd(home), { env })).toEqual(SILENT);
  expect(await told(home)).toMatchObject([expect.stringMatching(/^export: .*ENOTDIR/)]);
});

test('a folder in the file’s place is one line in hook.log, and silence', async () => {
  const home = temporaryHome();
  const folder = join(home.folder, 'costs.json');
  mkdirSync(folder);
  chmodSync(folder, 0o500);
  expect(hook(home, sessionEnd(home), { env: { EXPORT_COSTS_ON_EXIT: folder } })).toEqual(SILENT);
  expect(await told(home)).toMatchObject([expect.stringMatching(/^export: .* is a folder$/)]);
});
