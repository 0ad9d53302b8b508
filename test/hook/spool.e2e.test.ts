import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { agentOfEvent } from '../../src/agents/registry.ts';
import { runHook } from '../../src/hook/run.ts';
import { drainSpool } from '../../src/ingest/drain.ts';
import { Spool } from '../../src/store/ingest/spool.ts';
import { type Home, openFile, temporaryHome } from '../helpers/home.ts';
import { ledgerTotals, problems, recordedIds, spooled } from '../helpers/recorded.ts';
import { append, request, toolEvent, transcriptPath } from '../helpers/lines.ts';
import { callHook } from '../helpers/hook.ts';
import { hookFile } from '../helpers/program/run.ts';
import { faultsOf, temporaryLedger, writerOf } from '../helpers/ledger.ts';

const line = (id: string): string =>
  request({ session: 's1', id, tools: [[`call_${id}`, 'Bash']] });

/** Appends requests to the session's transcript and runs the hook on it, in this process. */
function record(home: Home, ...ids: string[]): void {
  const path = append(transcriptPath(home, 's1'), ...ids.map(line));
  callHook(toolEvent('s1', path, { tool_use_id: `call_${ids.at(-1)}` }), home.env);
}

/** Puts a folder where the ledger belongs, so that it can't be opened; returns what ends it. */
function block(home: Home): () => void {
  mkdirSync(home.ledger, { recursive: true });
  return () => rmSync(home.ledger, { recursive: true });
}

/** The stretches of transcripts that wait, as their names tell. */
function stretches(home: Home): string[] {
  return spooled(home).flatMap((name) => /\.(\d+-\d+)\.json$/.exec(name)?.[1] ?? []);
}

describe('reading goes on behind what is spooled', () => {
  test('while the ledger can not be reached nothing is spooled twice', () => {
    const home = temporaryHome();
    const end = block(home);
    const size = Buffer.byteLength(`${line('msg_1')}\n`);
    record(home, 'msg_1');
    record(home, 'msg_2');
    record(home);
    record(home, 'msg_3', 'msg_4');
    expect(stretches(home)).toEqual([
      `0-${size}`,
      `${size}-${2 * size}`,
      `${2 * size}-${4 * size}`,
    ]);
    end();
    record(home, 'msg_5');
    expect(recordedIds(home)).toEqual(['msg_1', 'msg_2', 'msg_3', 'msg_4', 'msg_5']);
    expect(ledgerTotals(home)).toMatchObject({ toolUses: 5, hookEvents: 5 });
  });

  test('while the ledger is locked too', () => {
    const home = temporaryHome();
    const size = Buffer.byteLength(`${line('msg_1')}\n`);
    record(home, 'msg_1');
    const db = openFile(home.ledger).exec('BEGIN IMMEDIATE');
    record(home, 'msg_2');
    record(home);
    record(home, 'msg_3');
    expect(stretches(home)).toEqual([`${size}-${2 * size}`, `${2 * size}-${3 * size}`]);
    db.exec('ROLLBACK');
    record(home);
    expect(recordedIds(home)).toEqual(['msg_1', 'msg_2', 'msg_3']);
    expect(spooled(home)).toEqual([]);
  });

  test('a transcript that is replaced meanwhile is spooled once more, not at every event', () => {
    const home = temporaryHome();
    const end = block(home);
    record(home, 'msg_1');
    const path = transcriptPath(home, 's1');
    renameSync(append(`${path}.new`, line('msg_2'), line('msg_3')), path);
    record(home);
    const size = Buffer.byteLength(`${line('msg_1')}\n`);
    expect(stretches(home)).toEqual([`0-${size}`, `0-${2 * size}`]);
    record(home);
    record(home);
    expect(stretches(home)).toEqual([`0-${size}`, `0-${2 * size}`]);
    end();
    record(home);
    expect(recordedIds(home)).toEqual(['msg_1', 'msg_2', 'msg_3']);
  });

  test('after a part of the spool is drained, the rest still tells where to go on', () => {
    const home = temporaryHome();
    const end = block(home);
    for (const id of ['msg_1', 'msg_2', 'msg_3']) record(home, id);
    end();
    const { db } = temporaryLedger(home.data);
    drainSpool(new Spool(home.spool), writerOf(db), 0);
    expect(recordedIds(home)).toEqual(['msg_1']);
    rmSync(home.projects, { recursive: true });
    const before = spooled(home).length;
    drainSpool(new Spool(home.spool), writerOf(db), 0);
    expect(spooled(home)).toHaveLength(before - 1);
    record(home, 'msg_4');
    expect(recordedIds(home)).toEqual(['msg_1', 'msg_2', 'msg_3', 'msg_4']);
    expect(faultsOf(db)).toEqual([]);
  });

  test('two events of one process in one millisecond are both kept', () => {
    const home = temporaryHome();
    const end = block(home);
    for (const id of ['t1', 't2']) {
      const usage = { input_tokens: 1 };
      const event = toolEvent('s1', null, { tool_use_id: id, model: 'claude-opus-4-5', usage });
      runHook({
        env: home.env,
        args: [],
        findAgent: agentOfEvent,
        text: JSON.stringify(event),
        arrivedAtMs: 1_795_000_000_000,
        isLongLived: true,
      });
    }
    end();
    record(home, 'msg_1');
    expect(ledgerTotals(home)).toMatchObject({ requests: 3, hookEvents: 3 });
  });
});

describe('a spool file that can not be used is set aside, and stops nothing', () => {
  const good = {
    batches: [],
    event: null,
    payloadRecord: null,
    toolResult: null,
    isSpooled: false,
  };
  const event = { name: 'Stop', client: 'claude-code', sessionId: null, agentId: null };
  const files: Record<string, string> = {
    'no JSON': '{"batches":[',
    empty: '',
    'an empty object': '{}',
    null: 'null',
    'a list': '[]',
    'batches of another shape': JSON.stringify({ ...good, batches: [{ path: 1 }] }),
    'an event without its time': JSON.stringify({ ...good, event }),
    'a record of another shape': JSON.stringify({ ...good, payloadRecord: { id: 'x' } }),
    'a record with a text for a count': '',
  };

  test.each(Object.entries(files))('%s', (kind, content) => {
    const home = temporaryHome();
    const end = block(home);
    record(home, 'msg_1');
    end();
    const [name = ''] = spooled(home);
    const text = readFileSync(join(home.spool, name), 'utf8');
    const odd = kind.startsWith('a record with')
      ? text.replace('"outputTokens":100', '"outputTokens":"x"')
      : content;
    // Its name is the first: what waits behind it must still be written.
    writeFileSync(join(home.spool, `0${name}`), odd);
    record(home, 'msg_2');
    record(home, 'msg_3');
    expect(recordedIds(home)).toEqual(['msg_1', 'msg_2', 'msg_3']);
    expect(spooled(home)).toEqual([`0${name}.unreadable`]);
  });

  test('a file that was not written to its end waits for nobody', () => {
    const home = temporaryHome();
    mkdirSync(home.spool, { recursive: true });
    writeFileSync(join(home.spool, '000001795305713511-0000-1.event.json.part'), '{"batch');
    record(home, 'msg_1');
    expect(recordedIds(home)).toEqual(['msg_1']);
    expect(problems(home)).toEqual([]);
  });
});

describe('drained twice', () => {
  test('by a crash between the writing and the removal: nothing is doubled', () => {
    const home = temporaryHome();
    const end = block(home);
    record(home, 'msg_1');
    callHook(
      toolEvent('s1', null, {
        tool_use_id: 't9',
        model: 'claude-opus-4-5',
        usage: { input_tokens: 1 },
      }),
      home.env,
    );
    end();
    const { db } = temporaryLedger(home.data);
    const spool = new Spool(home.spool);
    const works = spool.names().map((name) => {
      const read = spool.read(name);
      if (read.kind !== 'work' || read.work === null) throw new Error(`${name} is ${read.kind}`);
      return read.work;
    });
    for (const work of works) writerOf(db).write(work);
    drainSpool(spool, writerOf(db), Number.POSITIVE_INFINITY);
    expect(spooled(home)).toEqual([]);
    expect(faultsOf(db)).toEqual([]);
    expect(ledgerTotals(home)).toMatchObject({ requests: 2, toolUses: 2, hookEvents: 2 });
  });

  test('by two hooks at once: nothing is lost or doubled', async () => {
    const home = temporaryHome();
    const end = block(home);
    const ids = Array.from({ length: 40 }, (_, index) => `msg_${10 + index}`);
    for (const id of ids) record(home, id);
    end();
    rmSync(dirname(transcriptPath(home, 's1')), { recursive: true });
    const run = (): Promise<number | null> => {
      const child = spawn(process.execPath, [hookFile], {
        env: home.env,
        stdio: ['pipe', 'ignore', 'ignore'],
      });
      child.stdin.end(JSON.stringify(toolEvent('s2', '/nowhere')));
      return new Promise((resolve) => child.on('close', resolve));
    };
    expect(await Promise.all([run(), run(), run(), run()])).toEqual([0, 0, 0, 0]);
    // A hook drains for a fifth of a second at most: on a busy machine it takes several.
    let events = 0;
    do {
      record(home, 'msg_99');
      events++;
    } while (spooled(home).length > 0 && events < 50);
    expect(spooled(home)).toEqual([]);
    expect(recordedIds(home)).toEqual([...ids, 'msg_99']);
    expect(ledgerTotals(home)).toMatchObject({ toolUses: 41, hookEvents: 44 + events });
  });
});
