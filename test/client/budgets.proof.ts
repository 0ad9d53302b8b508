import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { alerts, allow, budget, setBudgets } from '../helpers/budgets.ts';
import { withEachClient } from './each-client.ts';
import type { Sandbox, Session } from './sandbox.ts';
import { type Step, answer, bash, say, startAgent, usage } from './scenario.ts';

/** Half a dollar and a little each. */
const dear = () => ({ usage: usage({ output_tokens: 20_000 }) });
const work = (count: number, name = 'one'): Step[] =>
  Array.from({ length: count }, (_, index) => answer([bash(`echo ${name} ${index}`)], dear()));

/** What the model could have read. */
const bodies = (calls: { body: string }[]): string => calls.map(({ body }) => body).join('\n');

/** Texts for the user in a stream of JSON. */
const told = (session: Session): string => JSON.stringify(session.told);

function guarded(box: Sandbox): Sandbox {
  box.enforceBudgets();
  return box;
}

withEachClient((open, version) => {
  test('a turn ends at its cap, the next prompt is refused, a raise lets it go on until it expires', async () => {
    const box = guarded(open());
    setBudgets(box.ledgerPath, budget());
    const first = await box.run({ main: work(5) });
    expect(first.calls).toHaveLength(2);
    const args = ['--resume', first.result.session_id];

    const refused = await box.run({ main: work(5, 'two') }, { args });
    expect(refused.calls).toHaveLength(0);
    expect(refused.result.result).toMatch(
      /Budget cap is spent: \$1\.\d\d of \$1\.00 in this session\.[^]*tallyhook budget allow cap 5/,
    );

    allow(box.ledgerPath, 'cap', 1, { forMs: 20_000 });
    const until = Date.now() + 20_000;
    const raised = await box.run({ main: work(5, 'three') }, { args });
    expect(raised.calls).toHaveLength(2);
    expect(bodies(raised.calls)).not.toMatch(/budget/i);

    allow(box.ledgerPath, 'cap', 5, { forMs: Math.max(0, until - Date.now()) });
    await sleep(Math.max(0, until - Date.now()) + 100);
    const expired = await box.run({ main: work(5, 'four') }, { args });
    expect(expired.calls).toHaveLength(0);
    expect(expired.result.result).toContain('Budget cap is spent');
    expect(box.printed).toBe('');
  });

  test('a session beside it is untouched', async () => {
    const box = guarded(open());
    setBudgets(box.ledgerPath, budget());
    const cheap = (count: number): Step[] =>
      Array.from({ length: count }, (_, index) => answer([bash(`sleep 0.2; echo ${index}`)]));
    const [spent, beside] = await Promise.all([
      box.run({ main: work(5) }),
      box.run({ main: [...cheap(12), answer([say('All done.')])] }),
    ]);
    expect(spent.calls).toHaveLength(2);
    expect(beside.calls).toHaveLength(13);
    expect(beside.result.result).toBe('All done.');
  });

  test('a big subagent under a small cap: no further request', async () => {
    const box = guarded(open());
    setBudgets(box.ledgerPath, budget());
    const { calls } = await box.run({
      main: [answer([startAgent('big')]), answer([bash('echo main')]), answer([say('Done.')])],
      big: work(200, 'big'),
    });
    const threads = calls.map(({ thread }) => thread);
    expect(threads).toEqual(['main', 'big', 'big']);
  });

  test('big subagents at once: none but the requests in flight', async () => {
    const box = guarded(open());
    setBudgets(box.ledgerPath, budget());
    const names = ['a', 'b', 'c', 'd'];
    const scenario = Object.fromEntries(names.map((name) => [name, work(200, name)]));
    const { calls } = await box.run({
      main: [answer(names.map((name) => startAgent(name))), answer([bash('echo main')])],
      ...scenario,
    });
    expect(calls.filter(({ thread }) => thread === 'main')).toHaveLength(1);
    // The second one fills it: at most one more of each of the others is on its way.
    expect(calls.length).toBeLessThanOrEqual(1 + 2 + 3);
  });

  test('a warning reaches the user once, and never the model', async () => {
    const box = guarded(open());
    setBudgets(
      box.ledgerPath,
      budget({ name: 'soft', action: 'warn', warnPercent: 50, limitNanoUsd: 1_600_000_000 }),
      budget({ name: 'silent', action: 'observe' }),
    );
    const session = await box.startConversation(
      { main: [...work(4), answer([say('Done.')])] },
      ['Please look around.', 'Please go on.'],
    );
    await session.ended;
    expect(alerts(box.ledgerPath)).toEqual(['soft warning', 'silent over', 'soft over']);
    expect(bodies(session.calls)).not.toMatch(/tallyhook|budget/i);
    if (version === '2.1.330') {
      expect(told(session).match(/tallyhook: budget soft: \d+% spent/g)).toHaveLength(1);
      expect(told(session).match(/tallyhook: budget soft is spent/g)).toHaveLength(1);
      expect(told(session)).not.toContain('silent');
    }
  });

  test('no compaction on a budget that is spent', async () => {
    const box = guarded(open());
    setBudgets(box.ledgerPath, budget());
    const first = await box.run({ main: work(5) });
    const args = ['--resume', first.result.session_id];
    const { calls } = await box.run({ main: [answer([say('Summary.')])] }, { args, prompt: '/compact' });
    expect(calls).toHaveLength(0);
  });
});
