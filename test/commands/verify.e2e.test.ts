import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Home, openFile, temporaryHome } from '../helpers/home.ts';
import { cli, hook } from '../helpers/program/run.ts';
import { BLOG, SHOP, writeHistory } from '../helpers/program/history.ts';
import { append, prompt, request, toolEvent, transcriptPath } from '../helpers/lines.ts';

interface Check {
  name: string;
  isSound: boolean;
  found: string;
}

const NAMES = [
  'requests in the transcripts',
  'their counts',
  'requests in rewritten transcripts',
  'their sessions and agents',
  'requests counted twice',
  'requests in deleted transcripts',
  "their costs at today's prices",
];

/** What is found beside the transcripts, by check; a fault begins with a bang. */
function found(home: Home, ...args: string[]): Record<string, string> {
  const run = cli(home, ['verify', '--json', ...args]);
  expect(run.stderr).toBe('');
  const { checks } = JSON.parse(run.stdout) as { checks: Check[] };
  return Object.fromEntries(
    checks
      .filter(({ name }) => NAMES.includes(name))
      .map(({ name, isSound, found: text }) => [name, isSound ? text : `! ${text}`]),
  );
}

function importedHome(): Home {
  const home = temporaryHome();
  writeHistory(home);
  cli(home, ['import']);
  return home;
}

/** Damages the ledger behind the program's back. */
function change(home: Home, sql: string): void {
  openFile(home.ledger).exec(sql);
}

const SOUND = {
  'requests in the transcripts': 'all 6',
  'their counts': 'none too small',
  'requests in rewritten transcripts': 'none',
  'their sessions and agents': 'none differ',
  'requests counted twice': 'none found',
  'requests in deleted transcripts': 'none',
  "their costs at today's prices": 'the same',
};

test('a sound ledger tells what its transcripts tell', () => {
  const home = importedHome();
  expect(found(home)).toEqual(SOUND);
  expect(found(home, '--no-transcripts')).toEqual({});
});

test('so does one that hooks wrote, and one that lags behind', () => {
  const home = temporaryHome();
  writeHistory(home);
  hook(home, toolEvent(SHOP, transcriptPath(home, SHOP, '-shop')));
  expect(found(home, '--no-refresh')).toEqual({
    ...SOUND,
    'requests in the transcripts': 'all 6, 2 not read yet',
  });
  expect(found(home)).toEqual(SOUND);
});

test('a request that is missing is named with its session', () => {
  const home = importedHome();
  change(home, `DELETE FROM cost_records WHERE message_id IN ('msg_a2', 'msg_b1')`);
  expect(found(home)).toEqual({
    ...SOUND,
    'requests in the transcripts': `! 2 of 6 missing: msg_a2|req_msg_a2 (session ${SHOP}), msg_b1|req_msg_b1 (session ${BLOG})`,
  });
  expect(cli(home, ['verify'])).toMatchObject({ status: 1, stderr: '' });
});

test('of many that are missing the first three are named', () => {
  const home = importedHome();
  change(home, 'DELETE FROM cost_records');
  expect(found(home)['requests in the transcripts']).toMatch(
    /^! 6 of 6 missing: msg_a1\|\S+ \(.*\), msg_a2\|.*, msg_a3\|[^,]* \.\.\.$/,
  );
});

test.each([
  'output_tokens = output_tokens - 1',
  'cache_write_5m_tokens = cache_write_5m_tokens - 1',
  'cache_write_5m_tokens = 0, cache_write_1h_tokens = 1',
  'is_output_final = 0',
])('less than the transcript tells: %s', (set) => {
  const home = importedHome();
  change(home, `UPDATE cost_records SET ${set} WHERE message_id = 'msg_a1'`);
  expect(found(home)).toMatchObject({
    ...SOUND,
    'their counts': `! 1 too small: msg_a1|req_msg_a1 (session ${SHOP})`,
  });
});

test.each([
  'output_tokens = output_tokens + 1',
  'web_search_requests = 7',
  `model_raw = 'another'`,
  `speed = 'fast'`,
])('otherwise than the transcript tells now: %s', (set) => {
  const home = importedHome();
  change(home, `UPDATE cost_records SET ${set} WHERE message_id = 'msg_a1'`);
  expect(found(home)).toMatchObject({
    ...SOUND,
    'requests in rewritten transcripts': `1 differ from the transcript: msg_a1|req_msg_a1 (session ${SHOP})`,
  });
});

test.each([`session_id = '${BLOG}'`, `agent_id = 'a7'`])('another owner: %s', (set) => {
  const home = importedHome();
  change(home, `UPDATE cost_records SET ${set} WHERE message_id = 'msg_a1'`);
  expect(found(home)['their sessions and agents']).toMatch(/^! 1 differ: msg_a1\|/);
});

test('a request that is there twice, under two names', () => {
  const home = importedHome();
  const db = openFile(home.ledger);
  const row = db.prepare(`SELECT * FROM cost_records WHERE message_id = 'msg_a1'`).get() as object;
  const copy = { ...row, seq: 100, id: 'msg_a1|@1:2:3' };
  const names = Object.keys(copy);
  db.prepare(
    `INSERT INTO cost_records (${names.join()}) VALUES (${names.map((name) => `@${name}`).join()})`,
  ).run(copy);
  expect(found(home)['requests counted twice']).toBe(`! 1 found: msg_a1|@1:2:3 (session ${SHOP})`);
});

test('what the ledger alone still knows is no fault, and said', () => {
  const home = importedHome();
  rmSync(join(home.projects, '-blog'), { recursive: true });
  expect(found(home)).toEqual({
    ...SOUND,
    'requests in the transcripts': 'all 4',
    'requests in deleted transcripts': `2, only in the ledger: msg_b1|req_msg_b1 (session ${BLOG}), msg_b2|req_msg_b2 (session ${BLOG})`,
  });
});

test('with its parent’s transcript gone, a fork’s copy is the parent’s still', () => {
  const home = temporaryHome();
  const [parent, fork] = ['parent', 'fork'];
  const path = append(
    transcriptPath(home, parent),
    prompt(parent, '2026-11-20T09:00:00.000Z'),
    request({ session: parent, id: 'msg_1', output: 500 }),
  );
  append(
    transcriptPath(home, fork),
    prompt(fork, '2026-11-20T09:30:00.000Z'),
    request({ session: fork, id: 'msg_1', output: 20, isFinal: false }),
    request({ session: fork, id: 'msg_2' }),
  );
  cli(home, ['import']);
  expect(found(home)).toEqual({ ...SOUND, 'requests in the transcripts': 'all 2' });
  rmSync(path);
  expect(found(home)).toEqual({ ...SOUND, 'requests in the transcripts': 'all 2' });
});

test('with its main transcript gone, a subagent’s replay is a replay still', () => {
  const home = temporaryHome();
  const session = 'main';
  const path = append(transcriptPath(home, session), request({ session, id: 'msg_1' }));
  const replay = request({ session, id: 'msg_1', agentId: 'a1' }).replace('req_msg_1', 'req_other');
  append(join(path.replace('.jsonl', ''), 'subagents/agent-a1.jsonl'), replay);
  cli(home, ['import']);
  expect(found(home)).toEqual({ ...SOUND, 'requests in the transcripts': 'all 1' });
  rmSync(path);
  expect(found(home)).toMatchObject({
    ...SOUND,
    'requests in the transcripts': 'all 1',
    'requests in deleted transcripts': expect.stringMatching(/^1, only in the ledger: msg_1\|/),
  });
});

test('transcripts read from another folder once are read there again', () => {
  const home = temporaryHome();
  const elsewhere = join(home.folder, 'elsewhere');
  append(join(elsewhere, '-p/s1.jsonl'), request({ session: 's1', id: 'msg_1' }));
  cli(home, ['import', '--projects', elsewhere]);
  expect(found(home)['requests in the transcripts']).toBe('all 1');
  change(home, 'DELETE FROM cost_records');
  expect(found(home)['requests in the transcripts']).toMatch(/^! 1 of 1 missing/);
});

test('other prices are no fault, and said', () => {
  const home = importedHome();
  const run = cli(home, ['verify', '--json'], { env: { COST_PRICING_OPUS_INPUT: '50' } });
  expect(run.status).toBe(0);
  expect(run.stdout).toContain('3 would cost $');
});

test('nothing is left behind', () => {
  const home = importedHome();
  const before = cli(home, ['export', '--format', 'ndjson']).stdout;
  const tmp = join(home.folder, 'tmp');
  expect(cli(home, ['verify'], { env: { TMPDIR: tmp, SQLITE_TMPDIR: tmp } }).status).toBe(0);
  expect(cli(home, ['export', '--format', 'ndjson']).stdout).toBe(before);
});
