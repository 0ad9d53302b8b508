import { expect, test } from 'vitest';
import { withEachClient } from './each-client.ts';
import { audit } from './expectations.ts';
import { answer, bash, say, startAgent } from './scenario.ts';
import { unfinishedMessages } from './transcripts.ts';

const slow = { tailMs: 600 };

withEachClient((open, version) => {
  test('three at once', async () => {
    const box = open();
    const { result } = await box.run({
      main: [answer([startAgent('first'), startAgent('second'), startAgent('third')])],
      first: [answer([bash('echo 1')]), answer([bash('echo 11'), bash('false', 'failed')])],
      second: [answer([say('Nothing to do.')])],
      third: [answer([bash('sleep 0.5')]), answer([bash('echo 33')])],
    });
    const { held, due } = audit(box, { said: [result.modelUsage] });
    expect(held).toEqual(due);
  });

  test('in the background, at work when the main thread is done', async () => {
    const box = open();
    const { result } = await box.run({
      main: [answer([startAgent('late', { run_in_background: true })]), answer([say('Started.')])],
      late: [answer([bash('sleep 1')]), answer([bash('echo still here')]), answer([say('Done.')])],
    });
    const { held, due } = audit(box, { said: [result.modelUsage] });
    expect(held).toEqual(due);
  });

  test('one started by another', async () => {
    const box = open();
    const { result } = await box.run({
      main: [answer([startAgent('outer')])],
      outer: [answer([say('I need help.'), startAgent('inner')]), answer([say('Helped.')])],
      inner: [answer([bash('echo inner')]), answer([say('Here.')])],
    });
    const { held, due } = audit(box, { said: [result.modelUsage] });
    expect(held).toEqual(due);
  });

  test('on another model', async () => {
    const box = open();
    const { result, calls } = await box.run({
      main: [answer([startAgent('small', { model: 'haiku' })]), answer([say('Done.')])],
      small: [answer([bash('ls')]), answer([say('None.')])],
    });
    expect(new Set(calls.map(({ model }) => model)).size).toBe(2);
    const { held, due } = audit(box, { said: [result.modelUsage] });
    expect(held).toEqual(due);
  });

  test('of another type', async () => {
    const box = open();
    const { result } = await box.run({
      main: [answer([startAgent('scout', { subagent_type: 'Explore' })])],
      scout: [answer([bash('ls')]), answer([say('None.')])],
    });
    const { held, due } = audit(box, { said: [result.modelUsage] });
    expect(held).toEqual(due);
  });

  test('a slow stream: final counts 600 ms after the tools', async () => {
    const box = open();
    const { result, calls } = await box.run({
      main: [answer([startAgent('slow')], slow), answer([say('Done.')], slow)],
      slow: [answer([say('Slowly.'), bash('echo one')], slow), answer([say('Done.')], slow)],
    });
    // Clients before 2.1.307 leave a subagent's lines as they were before the stream had ended.
    const late = calls.filter(({ thread }) => version === '2.1.197' && thread === 'slow');
    expect(unfinishedMessages(box)).toEqual(new Set(late.map(({ messageId }) => messageId)));
    const { held, due } = audit(box, { said: [result.modelUsage] });
    expect(held).toEqual(due);
  });
});
