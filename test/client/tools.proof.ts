import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { withEachClient } from './each-client.ts';
import { audit } from './expectations.ts';
import type { Sandbox } from './sandbox.ts';
import { answer, bash, call, say } from './scenario.ts';
import { tour } from './tour.ts';

const cliFile = fileURLToPath(new URL('../../dist/cli.cjs', import.meta.url));

withEachClient((open) => {
  test('a tour, with all hooks', async () => {
    const box = open();
    const { result } = await box.run(tour(box));
    const { held, due } = audit(box, { said: [result.modelUsage] });
    expect(held).toEqual(due);
  });

  test.each([
    ['PostToolUse alone', ['PostToolUse']],
    ['no hook at all', []],
  ])('a tour, with %s and a reading command', async (_, events) => {
    const box = open(events);
    const { result } = await box.run(tour(box));
    const { costUsd } = summaryOf(box).totals;
    expect(Math.round(costUsd * 1e9)).toBe(Math.round(result.total_cost_usd * 1e9));
    const { held, due } = audit(box, { said: [result.modelUsage] });
    expect(held).toEqual(due);
  });

  test('six tools at once', async () => {
    const box = open();
    const tools = Array.from({ length: 6 }, (_, index) => bash(`sleep 0.${index}; echo ${index}`));
    const { result } = await box.run({ main: [answer([say('All at once.'), ...tools])] });
    const { held, due } = audit(box, { said: [result.modelUsage] });
    expect(held).toEqual(due);
  });

  test('a slow stream: final counts 600 ms after the tools', async () => {
    const box = open();
    const slow = { tailMs: 600 };
    const { result } = await box.run({
      main: [
        answer([say('Slowly.'), bash('echo one'), bash('echo two')], slow),
        answer([bash('echo three')], slow),
        answer([say('Done.')], slow),
      ],
    });
    const { held, due } = audit(box, { said: [result.modelUsage] });
    expect(held).toEqual(due);
  });

  test('tools that fail', async () => {
    const box = open();
    const missing = { file_path: `${box.project}/missing.txt` };
    const { result } = await box.run({
      main: [
        answer([bash('false', 'failed'), bash('true'), bash('exit 3', 'failed')]),
        answer([call('Read', missing, 'failed')]),
        answer([call('Read', {}, 'failed')]),
        answer([call('NoSuchTool', {}, 'failed')]),
      ],
    });
    const { held, due } = audit(box, { said: [result.modelUsage] });
    expect(held).toEqual(due);
  });

  test('a hundred turns', async () => {
    const box = open();
    const turns = Array.from({ length: 100 }, (_, index) => answer([bash(`echo ${index}`)]));
    const { result, calls } = await box.run({ main: turns });
    expect(calls).toHaveLength(101);
    const { held, due } = audit(box, { said: [result.modelUsage] });
    expect(held).toEqual(due);
  });
});

/** What a user of the built program is told. */
function summaryOf(box: Sandbox): { totals: { costUsd: number } } {
  const args = [cliFile, 'summary', '--json'];
  return JSON.parse(execFileSync(process.execPath, args, { env: box.env, encoding: 'utf8' }));
}
