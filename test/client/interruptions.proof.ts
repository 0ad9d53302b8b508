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
    // 2.1.197 drops the message. Later clients keep it as it began, and guess its output.
    const isForgotten = (call: ServedCall) => call === cut && version === '2.1.197';
    const isIncomplete = (call: ServedCall) => call === cut;
    if (cut && whole) cut.usage.output_tokens = outputOf(said) - whole.usage.output_tokens;
    const { held, due } = audit(box, { said, isForgotten, isIncomplete, isCaughtUpLater });
    expect(held).toEqual(due);
  });

  test('SIGKILL during a slow stream', async () => {
    const box = open();
    const main = [answer([bash('echo one')]), slowStream()];
    const { calls } = await interrupt(box, { main }, 'SIGKILL');
    const [whole, cut] = calls;
    expect([whole?.isFinished, cut?.isFinished]).toEqual([true, false]);
    const isForgotten = (call: ServedCall) => call === cut;
    const { held, due } = audit(box, { said: null, isForgotten, isCaughtUpLater: true });
    expect(held).toEqual(due);
  });
});

function outputOf(said: ModelUsage[]): number {
  return said.flatMap(Object.values).reduce((sum, usage) => sum + usage.outputTokens, 0);
}
