import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { alerts, allow, budget, setBudgets } from '../helpers/budgets.ts';
import { withEachClient } from './each-client.ts';
import type { Sandbox, Session } from './sandbox.ts';
import { type Step, answer, bash, say, startAgent, usage, writes } from './scenario.ts';

/** Opus 4.8: half a dollar for 20,000 tokens of output, a hundredth of a cent for four. */
const costing = (output_tokens: number) => ({
  usage: usage({ input_tokens: 0, output_tokens, cache_read_input_tokens: 0, ...writes(0, 0) }),
});
const dear = () => costing(20_000);
const cheap = () => costing(4);
const work = (count: number, name = 'one'): Step[] =>
  Array.from({ length: count }, (_, index) => answer([bash(`echo ${name} ${index}`)], dear()));
const foreground = (name: string) => startAgent(name, { run_in_background: false });

/** What the model could have read. */
const bodies = (calls: { body: string }[]): string => calls.map(({ body }) => body).join('\n');

/** What the client shows its user of our words, in a stream of JSON. */
const shown = (session: Session): string[] =>
  session.told.flatMap((message) => {
    const { subtype, content } = message as { subtype?: string; content?: string };
    return subtype === 'informational' ? [String(content)] : [];
  });

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
      /Budget cap has reached its limit: \$1\.00 of \$1\.00 in this session\.[^]*tallyhook budget allow cap 5/,
    );

    allow(box.ledgerPath, 'cap', 1, { forMs: 20_000 });
    const until = Date.now() + 20_000;
    const raised = await box.run({ main: work(5, 'three') }, { args });
    expect(raised.calls).toHaveLength(2);
    // Why it was stopped the client tells the model with the next prompt; never how to raise it.
    expect(/budget allow/i.test(bodies(raised.calls))).toBe(false);

    allow(box.ledgerPath, 'cap', 5, { forMs: Math.max(0, until - Date.now()) });
    await sleep(Math.max(0, until - Date.now()) + 100);
    const expired = await box.run({ main: work(5, 'four') }, { args });
    expect(expired.calls).toHaveLength(0);
    expect(expired.result.result).toContain('Budget cap has reached its limit');
    expect(box.printed).toBe('');
  });

  test('a session beside it is untouched', async () => {
    const box = guarded(open());
    setBudgets(box.ledgerPath, budget());
    const slowly = Array.from({ length: 12 }, () => answer([bash('sleep 0.2')], cheap()));
    const [spent, beside] = await Promise.all([
      box.run({ main: work(5) }),
      box.run({ main: [...slowly, answer([say('All done.')], cheap())] }),
    ]);
    expect(spent.calls).toHaveLength(2);
    expect(beside.calls).toHaveLength(13);
    expect(beside.result.result).toBe('All done.');
  });

  test('a big subagent under a small cap: no further request', async () => {
    const box = guarded(open());
    setBudgets(box.ledgerPath, budget());
    const { calls } = await box.run({
      main: [answer([foreground('big')], cheap()), answer([bash('echo main')], cheap())],
      big: work(200, 'big'),
    });
    expect(calls.map(({ thread }) => thread)).toEqual(['main', 'big', 'big']);
  });

  test('big subagents at once: none but the requests in flight', async () => {
    const box = guarded(open());
    setBudgets(box.ledgerPath, budget());
    const names = ['a', 'b', 'c', 'd'];
    const { calls } = await box.run({
      main: [answer(names.map(foreground), cheap()), answer([bash('echo main')], cheap())],
      ...Object.fromEntries(names.map((name) => [name, work(200, name)])),
    });
    expect(calls.filter(({ thread }) => thread === 'main')).toHaveLength(1);
    // Two fill it, and while the second is answered each of the others has one on its way.
    expect(calls.length).toBeLessThanOrEqual(1 + 2 + 3);
  });

  test('a subagent in the background: both threads stop', async () => {
    const box = guarded(open());
    setBudgets(box.ledgerPath, budget());
    const main = Array.from({ length: 100 }, () => answer([bash('sleep 0.1')], cheap()));
    const { calls } = await box.run({
      main: [answer([startAgent('big', { run_in_background: true })], cheap()), ...main],
      big: work(200, 'big'),
    });
    expect(calls.filter(({ thread }) => thread === 'big')).toHaveLength(2);
    expect(calls.length).toBeLessThan(60);
  });

  test('a warning reaches the user once, and never the model', async () => {
    const box = guarded(open());
    setBudgets(
      box.ledgerPath,
      budget({
        name: 'soft',
        action: 'warn',
        warnPercent: 50,
        criticalPercent: 99,
        limitNanoUsd: 1_600_000_000,
      }),
      budget({ name: 'silent', action: 'observe' }),
    );
    const session = await box.startConversation({ main: [...work(4), answer([say('Done.')])] }, [
      'Please look around.',
      'Please go on.',
    ]);
    await session.ended;
    expect(alerts(box.ledgerPath)).toEqual(['silent over', 'soft warning', 'soft over']);
    expect(/tallyhook: |budget soft/i.test(bodies(session.calls))).toBe(false);
    // In a stream of JSON the earlier client shows nobody what a hook says. A warning waits for no
    // response that is not written yet: the next event may be the one that tells.
    const words = shown(session).map((text) => text.replace(/^\w+ says: /, ''));
    const notices = [
      expect.stringMatching(/^tallyhook: budget soft: \d\d% spent, \$1\.\d\d of \$1\.60 in /),
      expect.stringMatching(/^tallyhook: budget soft has reached its limit: \$2\.\d\d of \$1\.60/),
    ];
    expect(words).toEqual(version === '2.1.197' ? [] : notices);
  });

  test('what a subagent spends is told by the main thread', async () => {
    const box = guarded(open());
    setBudgets(box.ledgerPath, budget({ name: 'soft', action: 'warn' }));
    const session = await box.startConversation(
      {
        main: [answer([foreground('big')], cheap()), answer([say('Done.')], cheap())],
        big: work(3, 'big'),
      },
      ['Please look around.'],
    );
    await session.ended;
    expect(session.calls).toHaveLength(6);
    expect(alerts(box.ledgerPath)).toEqual(['soft over']);
    expect(/tallyhook: |budget soft/i.test(bodies(session.calls))).toBe(false);
    expect(shown(session)).toHaveLength(version === '2.1.197' ? 0 : 1);
  });

  test('no compaction on a budget that is spent', async () => {
    const box = guarded(open());
    setBudgets(box.ledgerPath, budget());
    const first = await box.run({ main: work(5) });
    const args = ['--resume', first.result.session_id];
    const { calls } = await box.run(
      { main: [answer([say('Summary.')])] },
      { args, prompt: '/compact' },
    );
    expect(calls).toHaveLength(0);
  });
});
