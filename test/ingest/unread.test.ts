import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Ledger } from '../../src/store/connection/open.ts';
import { importInto, recordsOf, temporaryFolder, temporaryLedger } from '../helpers/ledger.ts';
import { assistantLine, textOf, writeTree } from '../helpers/transcripts.ts';

const request = (session: string, at = 1): string =>
  textOf([
    assistantLine({ session, message: `m-${session}-${at}`, request: `r-${session}-${at}`, at }),
  ]);

const codex = (lines: number): string =>
  textOf(
    Array.from({ length: lines }, (_, at) => ({
      timestamp: '2026-11-20T12:00:00.000Z',
      type: at === 0 ? 'session_meta' : 'event_msg',
      payload: { type: 'token_count', info: { total_token_usage: { input_tokens: at } } },
    })),
  );

/** A projects folder, and what an import of it does not read, as `path: reason`. */
function projects(tree: Record<string, string | Buffer>): {
  folder: string;
  db: Ledger;
  read: () => { unread: string[]; requests: number; lines: number };
} {
  const root = temporaryFolder();
  const folder = join(root, 'projects');
  mkdirSync(folder);
  writeTree(folder, tree);
  const { db } = temporaryLedger();
  const read = (): ReturnType<ReturnType<typeof projects>['read']> => {
    const { unread, lines } = importInto(db, folder);
    const named = unread.map(({ path, reason }) => `${path.slice(folder.length + 1)}: ${reason}`);
    return { unread: named, requests: recordsOf(db).length, lines };
  };
  return { folder, db, read };
}

describe('what is not a file', () => {
  test('a pipe, a folder and links that lead nowhere are named at every import', () => {
    const { folder, read } = projects({
      'p/s1.jsonl': request('s1'),
      'p/dir.jsonl/s2.jsonl': request('s2'),
    });
    spawnSync('mkfifo', [join(folder, 'p/pipe.jsonl')]);
    symlinkSync('loop.jsonl', join(folder, 'p/loop.jsonl'));
    symlinkSync('/nowhere/s.jsonl', join(folder, 'p/gone.jsonl'));
    symlinkSync('/nowhere/project', join(folder, 'q'));
    symlinkSync('somebody@host.123', join(folder, 'p/.#lock'));
    for (const _ of [1, 2]) {
      const { unread, requests } = read();
      expect(requests).toBe(2);
      expect(unread).toEqual([
        'p/dir.jsonl: a folder, not a file',
        'p/gone.jsonl: a symbolic link to something that does not exist',
        'p/loop.jsonl: a symbolic link that leads back to itself',
        'p/pipe.jsonl: is not a regular file',
        'q: a symbolic link to something that does not exist',
      ]);
    }
  });

  test('folders that are too deep are named', () => {
    const deep = 'p/1/2/3/4/5/6/7/8/s.jsonl';
    const { read } = projects({ [deep]: request('s'), 'p/1/s1.jsonl': request('s1') });
    expect(read()).toMatchObject({
      requests: 1,
      unread: ['p/1/2/3/4/5/6/7/8: more than 8 folders deep'],
    });
  });
});

describe('symbolic links to folders', () => {
  test('are followed at every depth, and each folder is read once', () => {
    const { folder, read } = projects({
      '../real/s1.jsonl': request('s1'),
      '../real/s1/subagents/agent-a.jsonl': request('s1', 2),
      '../more/agent-b.jsonl': request('s1', 3),
      'p/s2.jsonl': request('s2'),
    });
    symlinkSync('../real', join(folder, 'a-link'));
    symlinkSync('p', join(folder, '0-before-p'));
    symlinkSync(join(folder, '../more'), join(folder, '../real/s1/subagents/more'));
    symlinkSync('../real', join(folder, 'z-again'));
    expect(read()).toEqual({ unread: [], requests: 4, lines: 4 });
    expect(read()).toEqual({ unread: [], requests: 4, lines: 0 });
  });

  test('may form loops, and may lead to a folder above', () => {
    const { folder, read } = projects({
      'p/s1.jsonl': request('s1'),
      '../outside.jsonl': request('s9'),
    });
    symlinkSync('.', join(folder, 'p/self'));
    symlinkSync('..', join(folder, 'p/up'));
    symlinkSync('../..', join(folder, 'p/above'));
    symlinkSync('/', join(folder, 'p/root'));
    mkdirSync(join(folder, 'q'));
    symlinkSync('../p', join(folder, 'q/p'));
    symlinkSync('../q', join(folder, 'p/q'));
    expect(read()).toEqual({ unread: [], requests: 1, lines: 1 });
  });
});

describe("other programs' files", () => {
  const QWEN = {
    uuid: 'u',
    sessionId: 's',
    type: 'assistant',
    message: { role: 'model', parts: [] },
  };
  const FILES: [what: string, text: string, reason: string][] = [
    ['a rollout of Codex', codex(684), '684 lines of Codex'],
    ['one line of Codex', codex(1), '1 line of Codex'],
    [
      'an old rollout of Codex',
      textOf([{ id: 'x', timestamp: 't', instructions: null }]),
      '1 line of Codex',
    ],
    ['a history of Codex', textOf([{ session_id: 'x', ts: 1, text: 'hello' }]), '1 line of Codex'],
    ['Qwen Code', textOf([QWEN, QWEN]), '2 lines of Qwen Code'],
    ['Gemini CLI', textOf([{ sessionId: 's', projectHash: 'x' }]), '1 line of Gemini CLI'],
    [
      'Copilot CLI',
      textOf([{ type: 'session.start', data: {}, id: 'x' }]),
      '1 line of Copilot CLI',
    ],
    [
      'Kimi CLI',
      textOf([{ timestamp: 1, message: { type: 'x', payload: {} } }]),
      '1 line of Kimi CLI',
    ],
    ['Pi', textOf([{ type: 'session', version: 3, id: 'x', cwd: '/' }]), '1 line of Pi'],
    ['Cursor', textOf([{ role: 'user', message: { content: [] } }]), '1 line of Cursor'],
    [
      'an unknown program',
      textOf([{ event: 'x' }, { event: 'y' }]),
      '2 lines of an unknown program',
    ],
    ['text', 'hello\nworld\n', '2 lines without JSON'],
    ['encrypted bytes', '\u0000GITCRYPT\u0000\u0001\n\u0002\n', '2 lines without JSON'],
  ];

  test.each(FILES)('%s is named at every import', (_, text, reason) => {
    const { read } = projects({ 'p/s1.jsonl': request('s1'), 'p/other.jsonl': text });
    for (const lines of [1 + text.split('\n').length - 1, 0]) {
      expect(read()).toEqual({ unread: [`p/other.jsonl: ${reason}`], requests: 1, lines });
    }
  });

  test('a file that grows has more lines; one that is replaced is not named any more', () => {
    const { folder, read } = projects({ 'p/x.jsonl': codex(3) });
    expect(read().unread).toEqual(['p/x.jsonl: 3 lines of Codex']);
    writeFileSync(join(folder, 'p/x.jsonl'), codex(5), { flag: 'a' });
    expect(read().unread).toEqual(['p/x.jsonl: 8 lines of Codex']);
    writeFileSync(join(folder, 'p/x.jsonl'), request('s'));
    expect(read()).toMatchObject({ unread: [], requests: 1 });
  });

  const OURS = [
    { type: 'summary', summary: 'x', leafUuid: 'u' },
    { type: 'file-history-snapshot', messageId: 'm', snapshot: {} },
    { type: 'queue-operation', operation: 'enqueue', timestamp: 't', sessionId: 's' },
    { type: 'last-prompt', lastPrompt: 'x', sessionId: 's' },
    { type: 'system', subtype: 'informational' },
  ];
  test.each(OURS)("Claude Code's own $type line is not", (line) => {
    expect(projects({ 'p/s.jsonl': textOf([line]) }).read().unread).toEqual([]);
  });

  test('half a line, an empty file and blank lines are not', () => {
    const tree = {
      'p/half.jsonl': '{"type":"assis\n',
      'p/empty.jsonl': '',
      'p/blank.jsonl': '\n\n',
    };
    expect(projects(tree).read().unread).toEqual([]);
  });
});

describe('archives', () => {
  const text = Array.from({ length: 40 }, (_, at) => request('s1', at)).join('');
  const zipped = gzipSync(text);

  test('are read once, and a second import does not read them again', () => {
    const { read } = projects({ 'p/s1.jsonl.gz': zipped });
    expect(read()).toEqual({ unread: [], requests: 40, lines: 40 });
    expect(read()).toEqual({ unread: [], requests: 40, lines: 0 });
  });

  test.each(['s1.jsonl', 's1.jsonl.gz'])('give each request once beside %s', (first) => {
    const both = { 's1.jsonl': text, 's1.jsonl.gz': zipped };
    const second = first === 's1.jsonl' ? 's1.jsonl.gz' : 's1.jsonl';
    const { folder, db, read } = projects({ [`p/${first}`]: both[first as keyof typeof both] });
    expect(read().requests).toBe(40);
    const alone = recordsOf(db);
    writeTree(folder, { [`p/${second}`]: both[second] });
    expect(read().requests).toBe(40);
    expect(recordsOf(db)).toEqual(alone);
  });

  test('have the sessions and agents that their names tell', () => {
    const tree = {
      'p/s1.jsonl': text,
      'p/s1/subagents/agent-a.jsonl': textOf([
        assistantLine({ session: 's1', message: 'a', agent: 'a' }),
      ]),
      'p/agent-b.jsonl': textOf([assistantLine({ session: 's1', message: 'b', agent: 'b' })]),
    };
    const packed = Object.entries(tree).map(([path, lines]) => [`${path}.gz`, gzipSync(lines)]);
    const plain = projects(tree);
    const archived = projects(Object.fromEntries(packed) as Record<string, Buffer>);
    expect(plain.read().requests).toBe(42);
    archived.read();
    expect(recordsOf(archived.db)).toEqual(recordsOf(plain.db));
  });

  test('that are cut off are read as far as they go; damaged ones are not', () => {
    const broken = Buffer.from(zipped);
    broken[zipped.length - 20] = (broken[zipped.length - 20] as number) ^ 255;
    const { read } = projects({
      'p/cut.jsonl.gz': zipped.subarray(0, zipped.length - 20),
      'p/none.jsonl.gz': '',
      'p/plain.jsonl.gz': text,
      'p/wrong.jsonl.gz': broken,
      'p/other.jsonl.zst': 'x',
    });
    const unread = [
      'p/cut.jsonl.gz: the file is cut off; only what is there was read',
      'p/none.jsonl.gz: the file is cut off; only what is there was read',
      'p/other.jsonl.zst: compressed, but not by gzip',
      'p/plain.jsonl.gz: the file is not gzip data; nothing was read',
      'p/wrong.jsonl.gz: the file is damaged; nothing was read',
    ];
    const first = read();
    expect(first.unread).toEqual(unread);
    expect(first.requests).toBeGreaterThan(30);
    expect(read()).toEqual({ unread, requests: first.requests, lines: 0 });
  });

  test('of several batches give what the plain file gives, without a newline at the end', () => {
    const content = [{ type: 'text', text: 'x'.repeat(100_000) }];
    const lines = Array.from({ length: 100 }, (_, at) =>
      assistantLine({ session: 's1', message: `m${at}`, at, content }),
    );
    const large = textOf(lines).trimEnd();
    const { db, read } = projects({ 'p/s1.jsonl.gz': gzipSync(large) });
    const plain = projects({ 'p/s1.jsonl': large });
    expect(read()).toEqual({ unread: [], requests: 100, lines: 100 });
    plain.read();
    expect(recordsOf(db)).toEqual(recordsOf(plain.db));
  });
});
