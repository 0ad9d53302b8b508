import { rmSync } from 'node:fs';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Home, temporaryHome } from '../helpers/home.ts';
import { hook } from '../helpers/program/run.ts';
import { type RequestFacts, append, request, toolEvent, transcriptPath } from '../helpers/lines.ts';
import { Served, until } from '../helpers/program/server.ts';

/** One listener to the event stream. */
class Listener {
  text = '';
  isEnded = false;
  #answer: IncomingMessage | null = null;

  static async open(
    served: Served,
    query = '',
    headers: Record<string, string> = {},
  ): Promise<Listener> {
    const listener = new Listener();
    const authorization = `Bearer ${served.token}`;
    const path = `/api/costs/stream${query}`;
    const sent = httpRequest({
      port: served.port,
      host: '127.0.0.1',
      path,
      headers: { authorization, ...headers },
      agent: false,
    });
    sent.on('error', () => (listener.isEnded = true));
    sent.on('response', (answer) => {
      listener.#answer = answer;
      answer.setEncoding('utf8').on('data', (chunk: string) => (listener.text += chunk));
      answer
        .on('end', () => (listener.isEnded = true))
        .on('error', () => (listener.isEnded = true));
    });
    sent.end();
    onTestFinished(() => void sent.destroy());
    await listener.hears(': listening');
    return listener;
  }

  async hears(text: string): Promise<void> {
    await until(
      () => this.text.includes(text),
      () => `${text} never came, but: ${this.text}`,
    );
  }

  get status(): number | undefined {
    return this.#answer?.statusCode;
  }

  get ids(): string[] {
    return [...this.text.matchAll(/^data: (.*)$/gm)].map(
      ([, data = '']) => (JSON.parse(data) as { messageId: string }).messageId,
    );
  }

  get lastId(): string {
    return [...this.text.matchAll(/^id: (\d+)$/gm)].at(-1)?.[1] ?? '';
  }

  leave(): void {
    this.#answer?.destroy();
  }
}

function write(home: Home, id: string, facts: Partial<RequestFacts> = {}): object {
  const session = facts.session ?? 's1';
  const path = append(transcriptPath(home, session), request({ session, id, ...facts }));
  return toolEvent(session, path);
}

describe('the event stream', () => {
  test('one event for each new record, by whatever way it was recorded', async () => {
    const home = temporaryHome();
    hook(home, write(home, 'old'));
    const served = await Served.start(home);
    const listener = await Listener.open(served);
    await served.hook(write(home, 'by-server'));
    await listener.hears('by-server');
    hook(home, write(home, 'by-command'));
    await listener.hears('by-command');
    // No hook at all: the transcripts are read for who listens.
    write(home, 'by-nobody');
    await listener.hears('by-nobody');
    expect(listener.ids).toEqual(['by-server', 'by-command', 'by-nobody']);
    expect(listener.text).toMatch(/^id: \d+\nevent: record\ndata: \{.*\}\n\n/m);
  });

  test('filters, and a bad one is refused', async () => {
    const home = temporaryHome();
    const served = await Served.start(home);
    const haiku = await Listener.open(served, '?model=haiku&sessionId=s2');
    const sonnet = await Listener.open(served, '?model=sonnet&sessionId=s2');
    const all = await Listener.open(served);
    await served.hook(write(home, 'm1'));
    await served.hook(write(home, 'm2', { session: 's2', model: 'claude-haiku-4-5' }));
    await served.hook(write(home, 'm3', { session: 's2' }));
    const named = await Listener.open(served, '?model=claude-haiku-4-5');
    await served.hook(write(home, 'm4', { session: 's2', model: 'claude-haiku-4-5' }));
    await all.hears('m4');
    await named.hears('m4');
    expect([all.ids, named.ids]).toEqual([['m1', 'm2', 'm3', 'm4'], ['m4']]);
    expect([haiku.ids, sonnet.ids]).toEqual([['m2', 'm4'], []]);
    expect((await served.ask('/api/costs/stream?colour=red')).status).toBe(400);
    const headers = { 'last-event-id': 'x' };
    expect((await served.ask('/api/costs/stream', { headers })).status).toBe(400);
  });

  test('who comes back is told what was missed, once', async () => {
    const home = temporaryHome();
    const served = await Served.start(home);
    const first = await Listener.open(served);
    await served.hook(write(home, 'm1'));
    await first.hears('m1');
    first.leave();
    await served.hook(write(home, 'm2'));
    await served.hook(write(home, 'm3'));
    const again = await Listener.open(served, '', { 'last-event-id': first.lastId });
    await served.hook(write(home, 'm4'));
    await again.hears('m4');
    expect(again.ids).toEqual(['m2', 'm3', 'm4']);
    const fresh = await Listener.open(served);
    await served.hook(write(home, 'm5'));
    await fresh.hears('m5');
    expect(fresh.ids).toEqual(['m5']);
  });

  test('a ledger that is deleted and read anew tells of nothing twice', async () => {
    const home = temporaryHome();
    hook(home, write(home, 'old'));
    const served = await Served.start(home);
    const listener = await Listener.open(served);
    const now = (): string => new Date().toISOString();
    await served.hook(write(home, 'm1', { at: now() }));
    await listener.hears('m1');
    for (const ending of ['', '-wal', '-shm']) rmSync(home.ledger + ending, { force: true });
    await served.hook(write(home, 'm2', { at: now() }));
    await listener.hears('m2');
    await served.hook(write(home, 'm3', { at: now() }));
    await listener.hears('m3');
    expect(listener.ids).toEqual(['m1', 'm2', 'm3']);
  });

  test('a payload and the transcript that takes its place are one record', async () => {
    const home = temporaryHome();
    const served = await Served.start(home, ['--no-refresh']);
    const listener = await Listener.open(served);
    const path = transcriptPath(home, 's1');
    const usage = { input_tokens: 5, output_tokens: 6 };
    await served.hook(
      toolEvent('s1', null, { response: { id: 'm1', model: 'claude-opus-4-5', usage } }),
    );
    await listener.hears('payload');
    append(path, request({ session: 's1', id: 'm1', tools: [['toolu_1', 'Bash']] }));
    await served.hook(toolEvent('s1', path));
    await served.hook(write(home, 'm2'));
    await listener.hears('m2');
    expect(listener.ids).toHaveLength(2);
  });

  test('ends when the server does', async () => {
    const served = await Served.start(temporaryHome());
    const listener = await Listener.open(served);
    expect(await served.end()).toMatchObject({ status: 0, signal: null, stderr: '' });
    await until(
      () => listener.isEnded,
      () => 'the stream goes on',
    );
  });
});
