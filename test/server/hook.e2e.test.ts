import { describe, expect, test } from 'vitest';
import { good, spend } from '../helpers/program/budgets.ts';
import { type Home, query, temporaryHome } from '../helpers/home.ts';
import { cli, hook } from '../helpers/program/run.ts';
import { ledgerTotals, problems, recordedIds, spooled } from '../helpers/recorded.ts';
import { append, prompt, request, toolEvent, transcriptPath } from '../helpers/lines.ts';
import { pause } from '../helpers/program/tail.ts';
import { Served } from '../helpers/program/server.ts';
import { verifyLedger } from '../../src/store/verify/ledger.ts';
import { openLedger } from '../../src/store/connection/open.ts';

type Send = (event: object) => Promise<unknown>;

/** A session of a main thread and a subagent, its events sent as they come. */
async function session(home: Home, id: string, send: Send): Promise<void> {
  const path = transcriptPath(home, id);
  append(path, prompt(id));
  for (let turn = 0; turn < 4; turn++) {
    const message = `msg_${id}_${turn}`;
    append(
      path,
      request({ session: id, id: message, tools: [[`t${turn}`, 'Bash']], read: turn * 1000 }),
    );
    await send(toolEvent(id, path, { tool_use_id: `t${turn}` }));
  }
  const agent = path.replace('.jsonl', '/subagents/agent-a1.jsonl');
  append(
    agent,
    request({ session: id, id: `msg_${id}_agent`, agentId: 'a1', agentType: 'Explore' }),
  );
  await send(
    toolEvent(id, path, {
      hook_event_name: 'SubagentStop',
      agent_transcript_path: agent,
      agent_id: 'a1',
    }),
  );
  append(path, request({ session: id, id: `msg_${id}_end` }));
  await send(toolEvent(id, path, { hook_event_name: 'Stop' }));
  await send(toolEvent(id, path, { hook_event_name: 'SessionEnd' }));
}

const COLUMNS = `id, occurred_at_ms, session_id, prompt_id, agent_id, agent_type, model, input_tokens, output_tokens,
  cache_read_tokens, cost_nano_usd, price_id, price_basis, tool_name, source, cwd`;

function records(home: Home): unknown[] {
  return query(home.ledger, `SELECT ${COLUMNS} FROM cost_records ORDER BY id`);
}

function isSound(home: Home): boolean {
  const db = openLedger(home.ledger, { busyTimeoutMs: 1000 });
  try {
    return verifyLedger(db).every((check) => check.isSound);
  } finally {
    db.close();
  }
}

describe('POST /hook', () => {
  test('leaves the ledger that the command hook leaves', async () => {
    const [byCommand, byServer] = [temporaryHome(), temporaryHome()];
    await session(byCommand, 's1', async (event) => hook(byCommand, event));
    const served = await Served.start(byServer, ['--no-refresh']);
    await session(byServer, 's1', async (event) => {
      expect(await served.hook(event)).toMatchObject({ status: 200, text: '' });
    });
    expect(records(byServer)).toEqual(records(byCommand));
    expect(ledgerTotals(byServer)).toEqual(ledgerTotals(byCommand));
    expect(isSound(byServer)).toBe(true);
    expect(problems(byServer)).toEqual([]);
  });

  test('beside the command hook at every event counts once', async () => {
    const home = temporaryHome();
    const alone = temporaryHome();
    await session(alone, 's1', async (event) => hook(alone, event));
    const served = await Served.start(home);
    await session(home, 's1', (event) =>
      Promise.all([served.hook(event), served.hook(event), Promise.resolve(hook(home, event))]),
    );
    const { hookEvents: _, ...totals } = ledgerTotals(home);
    const { hookEvents: __, ...wanted } = ledgerTotals(alone);
    expect(totals).toEqual(wanted);
    expect(isSound(home)).toBe(true);
  });

  test('many sessions at once, each with all its requests', async () => {
    const home = temporaryHome();
    const served = await Served.start(home);
    const names = Array.from({ length: 12 }, (_, index) => `s${index}`);
    await Promise.all(names.map((name) => session(home, name, (event) => served.hook(event))));
    expect(recordedIds(home)).toHaveLength(12 * 6);
    expect(spooled(home)).toEqual([]);
    expect(isSound(home)).toBe(true);
  });

  test('a turn whose end is still being written keeps no other event waiting', async () => {
    const home = temporaryHome();
    const served = await Served.start(home, ['--no-refresh']);
    const [slow, quick] = ['slow', 'quick'].map((id) => transcriptPath(home, id));
    append(slow ?? '', prompt('slow'));
    append(quick ?? '', request({ session: 'quick', id: 'm0' }));
    await served.hook(toolEvent('quick', quick ?? ''));
    const order: string[] = [];
    const stop = { hook_event_name: 'Stop' };
    const ended = [1, 2, 3].map(() =>
      served.hook(toolEvent('slow', slow ?? '', stop)).then(() => order.push('slow')),
    );
    await pause(30);
    append(quick ?? '', request({ session: 'quick', id: 'm1' }));
    await served.hook(toolEvent('quick', quick ?? '')).then(() => order.push('quick'));
    append(slow ?? '', request({ session: 'slow', id: 'm2' }));
    await Promise.all(ended);
    expect(order).toEqual(['quick', 'slow', 'slow', 'slow']);
    expect(recordedIds(home)).toEqual(['m0', 'm1', 'm2']);
  });

  test('answers what the command would print', async () => {
    const home = temporaryHome();
    good(home, 'set cap --limit 1 --per session --action stop');
    spend(home, 's1', 2);
    cli(home, ['import']);
    const served = await Served.start(home);
    const ask = (name: string): object =>
      toolEvent('s1', transcriptPath(home, 's1'), {
        hook_event_name: name,
        prompt: 'go on',
        tool_calls: [],
      });
    // Each crossing is told once: the first answer is to be the server's.
    const first = await served.hook(ask('PostToolBatch'));
    expect(first.headers['content-type']).toBe('application/json');
    expect(JSON.parse(first.text)).toMatchObject({ continue: false });
    for (const name of ['PostToolBatch', 'UserPromptSubmit', 'PreCompact', 'PostToolUse']) {
      const { text } = await served.hook(ask(name));
      expect(text, name).toBe(hook(home, ask(name)).stdout.trim());
    }
  });

  test('of what is no event it says nothing, and of another agent no word either', async () => {
    const home = temporaryHome();
    const served = await Served.start(home);
    for (const body of [
      '',
      'null',
      '17',
      '[]',
      '{',
      '\0',
      Buffer.from([0xff, 0xfe]),
      '['.repeat(1e6),
    ]) {
      expect(await served.hook(body)).toMatchObject({ status: 200, text: '' });
    }
    expect(await served.hook('{}', '/hook?agent=nobody')).toMatchObject({ status: 200, text: '' });
    expect(problems(home).some((line) => line.includes('no agent is called "nobody"'))).toBe(true);
    expect((await served.hook('{}', '/hook?agnet=x')).status).toBe(400);
  });

  test('switched off, it records nothing', async () => {
    const home = temporaryHome();
    const served = await Served.start(home, ['--no-refresh'], { TALLYHOOK_DISABLE: '1' });
    const path = append(transcriptPath(home, 's1'), request({ session: 's1', id: 'm1' }));
    expect(await served.hook(toolEvent('s1', path))).toMatchObject({ status: 200, text: '' });
    expect(recordedIds(home)).toEqual([]);
  });
});
