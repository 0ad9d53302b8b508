import { expect, test } from 'vitest';
import { withEachClient } from './each-client.ts';
import { audit } from './expectations.ts';
import type { ClientRun } from './sandbox.ts';
import { answer, bash, say, startAgent } from './scenario.ts';

const first = () => ({
  main: [answer([bash('echo one')]), answer([startAgent('helper')]), answer([say('One.')])],
  helper: [answer([bash('echo helping')]), answer([say('Helped.')])],
});
const second = () => ({ main: [answer([say('Two.'), bash('echo two')]), answer([say('Two.')])] });

withEachClient((open, version) => {
  /** Runs of one conversation: later clients go on counting, older ones start again at zero. */
  const saidBy = (...runs: ClientRun[]) =>
    (version === '2.1.197' ? runs : runs.slice(-1)).map(({ result }) => result.modelUsage);

  test('resumed, twice', async () => {
    const box = open();
    const one = await box.run(first());
    const resume = { args: ['--resume', one.result.session_id] };
    const two = await box.run(second(), resume);
    const between = audit(box, { said: saidBy(one, two) });
    expect(between.held).toEqual(between.due);
    const three = await box.run(second(), resume);
    expect(three.result.session_id).toBe(one.result.session_id);
    const { held, due } = audit(box, { said: saidBy(one, two, three) });
    expect(held).toEqual(due);
  });

  test('forked, and both go on', async () => {
    const box = open();
    const one = await box.run(first());
    const args = ['--resume', one.result.session_id];
    const fork = await box.run(second(), { args: [...args, '--fork-session'] });
    expect(fork.result.session_id).not.toBe(one.result.session_id);
    const between = audit(box, { said: saidBy(one, fork) });
    expect(between.held).toEqual(between.due);
    const more = await box.run(second(), { args });
    void more;
    const { held, due } = audit(box, { said: null });
    expect(held).toEqual(due);
  });

  test('compacted', async () => {
    const box = open();
    const one = await box.run(first());
    const args = ['--resume', one.result.session_id];
    const two = await box.run({}, { args, prompt: '/compact' });
    console.log(two.calls.length);
    const isUnseen = (call: object): boolean => two.calls.some((served) => served === call);
    const between = audit(box, { said: saidBy(one, two), isUnseen });
    expect(between.held).toEqual(between.due);
    const three = await box.run(second(), { args });
    const { held, due } = audit(box, { said: saidBy(one, two, three), isUnseen });
    expect(held).toEqual(due);
  });

  test('cleared', async () => {
    const box = open();
    const one = await box.run(first());
    const args = ['--resume', one.result.session_id];
    const two = await box.run({}, { args, prompt: '/clear' }).catch((e) => console.log(e));
    console.log(two);
  });

  test('two at once on one ledger', async () => {
    const box = open();
    const turns = (name: string) =>
      Array.from({ length: 8 }, (_, index) => answer([bash(`echo ${name} ${index}`)]));
    const [one, two] = await Promise.all([
      box.run({ main: [...turns('one'), answer([startAgent('one')])] }),
      box.run({ main: [...turns('two'), answer([startAgent('two')])] }),
    ]);
    const said = [one.result.modelUsage, two.result.modelUsage];
    const { held, due } = audit(box, { said });
    expect(held).toEqual(due);
  });

  test('not kept by the client: what no transcript shows is in no record', async () => {
    const box = open();
    const { result } = await box.run(first(), { args: ['--no-session-persistence'] });
    const { held, due } = audit(box, { said: [result.modelUsage], isUnseen: () => true });
    expect(held).toEqual(due);
  });
});
