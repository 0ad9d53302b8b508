import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Home, openFile, temporaryHome } from '../helpers/home.ts';
import { SILENT, hook } from '../helpers/program/run.ts';
import { ledgerTotals, modesBelow, problems, recordedIds, spooled } from '../helpers/recorded.ts';
import { append, request, toolEvent, transcriptPath } from '../helpers/lines.ts';
import { TROUBLES, fold, ledgerBytes, spoilPages } from '../helpers/program/troubles.ts';

const line = (id: string): string =>
  request({ session: 's1', id, tools: [[`call_${id}`, 'Bash']] });

function event(home: Home, session: string, ...ids: string[]): object {
  const lines = ids.map((id) => request({ session, id, tools: [[`call_${id}`, 'Bash']] }));
  const last = ids.at(-1) ?? 'none';
  return toolEvent(session, append(transcriptPath(home, session), ...lines), {
    tool_use_id: `call_${last}`,
  });
}

describe.each(TROUBLES)('a ledger that is $name', ({ start, problem }) => {
  test.each([['kept'], ['deleted']])('nothing is lost or doubled, transcripts %s', (fate) => {
    const home = temporaryHome();
    expect(hook(home, event(home, 's1', 'msg_1'))).toEqual(SILENT);
    const end = start(home);
    expect(hook(home, event(home, 's1', 'msg_2'))).toEqual(SILENT);
    expect(hook(home, event(home, 's1', 'msg_3', 'msg_4'))).toEqual(SILENT);
    expect(hook(home, event(home, 's2', 'msg_5'))).toEqual(SILENT);
    if (fate === 'deleted') rmSync(home.projects, { recursive: true });
    const said = problems(home).map((text) => text.replaceAll(home.folder, '~'));
    expect(said).toHaveLength(3);
    for (const text of said) expect(text).toContain(problem);
    const modes = Object.entries(modesBelow(home.spool));
    expect(modes.length).toBeGreaterThan(3);
    for (const [name, mode] of modes)
      expect([name, mode]).toEqual([name, name === '.' ? '0700' : '0600']);

    end();
    expect(hook(home, event(home, 's3', 'msg_6'))).toEqual(SILENT);
    expect(spooled(home)).toEqual([]);
    expect(problems(home)).toHaveLength(3);
    expect(recordedIds(home)).toEqual(['msg_1', 'msg_2', 'msg_3', 'msg_4', 'msg_5', 'msg_6']);
    expect(hook(home, event(home, 's3', 'msg_7'))).toEqual(SILENT);
    expect(ledgerTotals(home)).toEqual({
      requests: 7,
      tokens: 7 * 110,
      // 10 tokens at 5 and 100 at 25 USD per million.
      nanoUsd: 7 * 2_550_000,
      toolUses: 7,
      hookEvents: 6,
    });
  });
});

describe('a ledger that is newer', () => {
  test('is not touched, and gets no files beside it but the spool and the log', () => {
    const home = temporaryHome();
    hook(home, event(home, 's1', 'msg_1'));
    fold(home);
    openFile(home.ledger).exec('PRAGMA user_version = 999').close();
    const before = ledgerBytes(home);
    expect(hook(home, event(home, 's1', 'msg_2'))).toEqual(SILENT);
    expect(ledgerBytes(home).equals(before)).toBe(true);
    const names = Object.keys(modesBelow(home.data)).filter((name) => !name.startsWith('spool/'));
    expect(names).toEqual(['.', 'hook.log', 'spool', 'telemetry.db']);
  });
});

describe('a ledger with pages overwritten in its middle', () => {
  test('the hook is silent, and the next ledger has everything', () => {
    const home = temporaryHome();
    for (let index = 0; index < 5; index++) hook(home, event(home, 's1', `msg_${index}`));
    spoilPages(home);
    expect(hook(home, event(home, 's1', 'msg_5'))).toEqual(SILENT);
    expect(hook(home, event(home, 's2', 'msg_6'))).toEqual(SILENT);
    expect(problems(home)[0]).toMatch(/^(ledger|write): SQLITE_CORRUPT/);
    for (const end of ['', '-wal', '-shm']) rmSync(home.ledger + end, { force: true });
    expect(hook(home, event(home, 's1', 'msg_7'))).toEqual(SILENT);
    expect(recordedIds(home)).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((index) => `msg_${index}`));
    expect(spooled(home)).toEqual([]);
  });
});

describe('a ledger that is not there yet', () => {
  test('locked before it has a schema', () => {
    const home = temporaryHome();
    mkdirSync(home.data, { recursive: true });
    const db = openFile(home.ledger).exec('BEGIN EXCLUSIVE');
    expect(hook(home, event(home, 's1', 'msg_1'))).toEqual(SILENT);
    rmSync(home.projects, { recursive: true });
    db.exec('ROLLBACK');
    expect(hook(home, event(home, 's2', 'msg_2'))).toEqual(SILENT);
    expect(recordedIds(home)).toEqual(['msg_1', 'msg_2']);
  });

  test('below a regular file, where no folder can be made', () => {
    const home = temporaryHome();
    const file = join(home.folder, 'file');
    writeFileSync(file, 'kept');
    const env = { TELEMETRY_DB_PATH: join(file, 'below/telemetry.db') };
    const first = event(home, 's1', 'msg_1');
    expect(hook(home, first, { env })).toEqual(SILENT);
    expect(hook(home, first)).toEqual(SILENT);
    expect(recordedIds(home)).toEqual(['msg_1']);
  });
});

describe('a spool that can not be written either', () => {
  test('leaves what is in the transcript to the next event', () => {
    const home = temporaryHome();
    hook(home, event(home, 's1', 'msg_1'));
    writeFileSync(home.spool, 'in the way');
    const db = openFile(home.ledger).exec('BEGIN IMMEDIATE');
    expect(hook(home, event(home, 's1', 'msg_2'))).toEqual(SILENT);
    expect(problems(home)[0]).toBe('write: SQLITE_BUSY database is locked');
    expect(problems(home)[1]).toContain('EEXIST');
    db.exec('ROLLBACK');
    append(transcriptPath(home, 's1'), line('msg_3'));
    expect(hook(home, event(home, 's1', 'msg_4'))).toEqual(SILENT);
    expect(recordedIds(home)).toEqual(['msg_1', 'msg_2', 'msg_3', 'msg_4']);
  });
});
