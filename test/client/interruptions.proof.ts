import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { withEachClient } from './each-client.ts';
import { audit } from './expectations.ts';
import type { ModelUsage } from './result-reader.ts';
import type { Sandbox } from './sandbox.ts';
import { type Scenario, type ToolOutcome, answer, bash, say, startAgent } from './scenario.ts';
import type { ServedCall } from './scripted-api.ts';
import { unfinishedMessages } from './transcripts.ts';

/** A tool at work when the signal comes. */
const slowTool = (outcome: ToolOutcome) =>
  bash('touch begun; for i in 1 2 3 4 5 6; do sleep 0.5; done', outcome);
/** A response of which the end has not come when the signal does; its tool has run. */
const slowStream = () => answer([say('Slowly.'), bash('touch begun')], { tailMs: 20_000 });

/** Ends the client in the middle of things. */
async function interrupt(box: Sandbox, scenario: Scenario, signal: 'SIGINT' | 'SIGKILL') {
  const session = await box.start(scenario);
  while (!existsSync(join(box.project, 'begun'))) await sleep(10);
  // What is written by then is in the transcript.
  await sleep(400);
  session.kill(signal);
  const results = await session.ended;
  // Hooks that run on when the client is gone.
  await sleep(400);
  return { calls: session.calls, said: results.map(({ modelUsage }) => modelUsage) };
}

withEachClient((open, version) => {
  /** 2.1.197 mostly ends before it has run its SessionEnd hook, and waits for its subagents. */
  const isCaughtUpLater = version === '2.1.197';
  const busyAgent = (outcome: ToolOutcome): Scenario => ({
    main: [answer([startAgent('busy', {}, version === '2.1.197' ? outcome : 'ok')])],
    busy: [answer([bash('echo one')]), answer([slowTool(outcome)])],
  });

  test('SIGINT during a slow tool', async () => {
    const box = open();
    const main = [answer([bash('echo one')]), answer([say('Slow.'), slowTool('failed')])];
    const { said } = await interrupt(box, { main }, 'SIGINT');
    const { held, due } = audit(box, { said, isCaughtUpLater });
    expect(held).toEqual(due);
  });

  test('SIGKILL during a slow tool', async () => {
    const box = open();
    const main = [answer([bash('echo one')]), answer([say('Slow.'), slowTool('none')])];
    await interrupt(box, { main }, 'SIGKILL');
    const { held, due } = audit(box, { said: null, isCaughtUpLater: true });
    expect(held).toEqual(due);
  });

  test('SIGKILL during a slow tool, and resumed: hooks alone catch up', async () => {
    const box = open();
    // Later clients tell of the tool's failure when the session goes on.
    const tool = slowTool(version === '2.1.197' ? 'none' : 'failed');
    const main = [answer([bash('echo one')]), answer([say('Slow.'), tool])];
    const { calls } = await interrupt(box, { main }, 'SIGKILL');
    const args = ['--resume', calls[0]?.sessionId ?? ''];
    await box.run({ main: [answer([bash('echo on')]), answer([say('Done.')])] }, { args });
    const { held, due } = audit(box, { said: null });
    expect(held).toEqual(due);
  });

  test('SIGINT while a subagent works', async () => {
    const box = open();
    const { said } = await interrupt(box, busyAgent('failed'), 'SIGINT');
    const { held, due } = audit(box, { said, isCaughtUpLater });
    expect(held).toEqual(due);
  });

  test('SIGKILL while a subagent works', async () => {
    const box = open();
    await interrupt(box, busyAgent('none'), 'SIGKILL');
    const { held, due } = audit(box, { said: null, isCaughtUpLater: true });
    expect(held).toEqual(due);
  });

  test('SIGINT during a slow stream', async () => {
    const box = open();
    const main = [answer([bash('echo one')]), slowStream()];
    const { calls, said } = await interrupt(box, { main }, 'SIGINT');
    const [whole, cut] = calls;
    expect([whole?.isFinished, cut?.isFinished]).toEqual([true, false]);
    const isIncomplete = (call: ServedCall) => call === cut;
    // 2.1.197 may or may not write the message as it began, and does not count it. Later clients
    // write it, and count it with a guess at its output.
    const unfinished = unfinishedMessages(box);
    const isUncounted = (call: ServedCall) => call === cut && version === '2.1.197';
    const isUnseen = (call: ServedCall) => isUncounted(call) && !unfinished.has(call.messageId);
    if (cut && whole) cut.usage.output_tokens = outputOf(said) - whole.usage.output_tokens;
    const { held, due } = audit(box, {
      said,
      isUnseen,
      isIncomplete,
      isUncounted,
      isCaughtUpLater,
    });
    expect(held).toEqual(due);
  });

  test('SIGKILL during a slow stream', async () => {
    const box = open();
    const main = [answer([bash('echo one')]), slowStream()];
    const { calls } = await interrupt(box, { main }, 'SIGKILL');
    const [whole, cut] = calls;
    expect([whole?.isFinished, cut?.isFinished]).toEqual([true, false]);
    const isUnseen = (call: ServedCall) => call === cut;
    const { held, due } = audit(box, { said: null, isUnseen, isCaughtUpLater: true });
    expect(held).toEqual(due);
  });
});

function outputOf(said: ModelUsage[]): number {
  return said.flatMap(Object.values).reduce((sum, usage) => sum + usage.outputTokens, 0);
}
