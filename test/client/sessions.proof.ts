import { expect, test } from 'vitest';
import { withEachClient } from './each-client.ts';
import { audit } from './expectations.ts';
import type { ClientResult, ModelUsage } from './result-reader.ts';
import { type Scenario, answer, bash, say, startAgent } from './scenario.ts';

function first(): Scenario {
  return {
    main: [answer([bash('echo one')]), answer([startAgent('helper')]), answer([say('One.')])],
    helper: [answer([bash('echo helping')]), answer([say('Helped.')])],
  };
}

function more(): Scenario {
  return { main: [answer([say('More.'), bash('echo more')]), answer([say('More.')])] };
}

withEachClient((open, version) => {
  /** Later clients go on counting over resume, fork and compaction, earlier ones start again. */
  const isCumulative = version !== '2.1.197';
  const saidBy = (results: ClientResult[]) =>
    (isCumulative ? results.slice(-1) : results).map(({ modelUsage }) => modelUsage);

  test('resumed, twice', async () => {
    const box = open();
    const one = await box.run(first());
    const args = ['--resume', one.result.session_id];
    const two = await box.run(more(), { args });
    const between = audit(box, { said: saidBy([one.result, two.result]) });
    expect(between.held).toEqual(between.due);
    const three = await box.run(more(), { args });
    expect(three.result.session_id).toBe(one.result.session_id);
    const { held, due } = audit(box, { said: saidBy([one.result, two.result, three.result]) });
    expect(held).toEqual(due);
  });

  test('forked, twice', async () => {
    const box = open();
    const one = await box.run(first());
    const args = ['--resume', one.result.session_id, '--fork-session'];
    const fork = await box.run(more(), { args });
    expect(fork.result.session_id).not.toBe(one.result.session_id);
    const between = audit(box, { said: saidBy([one.result, fork.result]) });
    expect(between.held).toEqual(between.due);
    const other = await box.run(more(), { args });
    // A fork's total starts at that of the session that it was forked from.
    const said = isCumulative
      ? [fork.result.modelUsage, other.result.modelUsage, lessThat(one.result.modelUsage)]
      : [one, fork, other].map(({ result }) => result.modelUsage);
    const { held, due } = audit(box, { said });
    expect(held).toEqual(due);
  });

  test('forked, and both go on', async () => {
    const box = open();
    const one = await box.run(first());
    const args = ['--resume', one.result.session_id];
    const fork = await box.run(more(), { args: [...args, '--fork-session'] });
    const on = await box.run(more(), { args });
    const forkOn = await box.run(more(), { args: ['--resume', fork.result.session_id] });
    const said = isCumulative
      ? [on.result.modelUsage, forkOn.result.modelUsage, lessThat(one.result.modelUsage)]
      : [one, fork, on, forkOn].map(({ result }) => result.modelUsage);
    const { held, due } = audit(box, { said });
    expect(held).toEqual(due);
  });

  test('compacted: that call is in no transcript', async () => {
    const box = open();
    const one = await box.run(first());
    const args = ['--resume', one.result.session_id];
    const summary = answer([say('<analysis>Short.</analysis><summary>One was echoed.</summary>')]);
    const two = await box.run({ main: [summary] }, { args, prompt: '/compact' });
    expect(two.calls).toHaveLength(1);
    const isUnseen = (call: object): boolean => call === two.calls[0];
    const between = audit(box, { said: saidBy([one.result, two.result]), isUnseen });
    expect(between.held).toEqual(between.due);
    const three = await box.run(more(), { args });
    const results = [one.result, two.result, three.result];
    const { held, due } = audit(box, { said: saidBy(results), isUnseen });
    expect(held).toEqual(due);
  });

  test('cleared: a new session in the same process', async () => {
    const box = open();
    const main = [
      answer([bash('echo one')]),
      answer([say('One.')]),
      answer([bash('echo two')]),
      answer([say('Two.')]),
    ];
    const results = await box.converse({ main }, ['Please one.', '/clear', 'Please two.']);
    const sessions = new Map(results.map((result) => [result.session_id, result]));
    expect(sessions.size).toBe(2);
    // 2.1.197 goes on counting here; later clients start again at zero.
    const said = isCumulative ? [...sessions.values()] : results.slice(-1);
    const { held, due } = audit(box, { said: said.map(({ modelUsage }) => modelUsage) });
    expect(held).toEqual(due);
  });

  test('two at once on one ledger', async () => {
    const box = open();
    const session = (name: string): Scenario => ({
      main: [
        ...Array.from({ length: 8 }, (_, index) => answer([bash(`echo ${name} ${index}`)])),
        answer([startAgent(name)]),
      ],
      [name]: [answer([bash(`echo ${name}`)])],
    });
    const [one, two] = await Promise.all([box.run(session('one')), box.run(session('two'))]);
    const said = [one.result.modelUsage, two.result.modelUsage];
    const { held, due } = audit(box, { said });
    expect(held).toEqual(due);
  });

  test('not kept by the client: no transcript, no record', async () => {
    const box = open();
    const { result } = await box.run(first(), { args: ['--no-session-persistence'] });
    const { held, due } = audit(box, { said: [result.modelUsage], isUnseen: () => true });
    expect(held).toEqual(due);
  });
});

/** Taken from a sum, not added to it. */
function lessThat(usage: ModelUsage): ModelUsage {
  const negated = Object.entries(usage).map(([model, { costUSD, ...counts }]) => [
    model,
    {
      ...Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, -count])),
      costUSD: -costUSD,
    },
  ]);
  return Object.fromEntries(negated) as ModelUsage;
}
